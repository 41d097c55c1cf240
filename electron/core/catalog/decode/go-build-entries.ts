import { basename, dirname } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { entry, timestamp } from './entry.ts';
import { childrenOf, sizeOf } from './walk.ts';

/** `v1 <action> <output> <size> <nanoseconds>`, always as long (cmd/go/internal/cache/cache.go, entrySize). */
const result = /^v1 ([0-9a-f]{64}) ([0-9a-f]{64}) {1,20}(\d{1,20}) {1,20}(\d{1,20})\n$/;
const resultSize = 2 + 1 + 64 + 1 + 64 + 1 + 20 + 1 + 20 + 1;

/** When a result was written, in ms; or why it is none that go would read. */
const readResult = (
  read: Reader,
  { name, path }: Child,
): { readonly ms: number | null; readonly damaged: string | null } => {
  const found = result.exec(read.bytes(path, resultSize + 1)?.toString('latin1') ?? '');
  if (found === null) return { ms: null, damaged: 'It is not what go writes. go makes it again.' };
  if (found[1] !== name.slice(0, 64))
    return { ms: null, damaged: 'It is the result of something else. go makes it again.' };
  return { ms: Number(found[4]) / 1e6, damaged: null };
};

/** Room for the head of an archive and the line behind it. */
const headSize = 256;

/** `go object linux amd64 go1.22.1 …`, in an archive behind its first member's head (cmd/internal/objabi/head.go). */
const compiled = /(?:^|\n)go object (\w+) (\w+) ((?:go|devel )\S+)/;

/** By the folder that it stands in, which is not always that of its name. */
const keyOf = ({ name, path }: Child): string => `${basename(dirname(path))}/${name}`;
const outputOf = (read: Reader, child: Child): RawEntry => {
  const key = keyOf(child);
  const facts = read.facts(child.path);
  const times = { created: null, lastUsed: timestamp(facts?.mtimeMs) };
  if (child.kind === 'directory') {
    // A program that go run or go tool has built stands in a folder of its own, under its name.
    const [program] = childrenOf(read, child.path);
    return entry(key, 'program', { name: program?.name ?? child.name, bytes: sizeOf(read, child.path), ...times });
  }
  const found = compiled.exec(read.bytes(child.path, headSize)?.toString('latin1') ?? '');
  return entry(key, found === null ? 'output' : 'package', {
    name: child.name,
    version: found === null ? null : `${found[3]} ${found[1]}/${found[2]}`,
    bytes: facts?.size ?? 0,
    ...times,
  });
};

function* shard(dir: string, read: Reader): Generator<RawEntry> {
  if (read.facts(dir)?.kind !== 'directory') return;
  for (const child of read.each(dir)) {
    if (/^[0-9a-f]{64}-d$/.test(child.name)) yield outputOf(read, child);
    else if (/^[0-9a-f]{64}-a$/.test(child.name) && child.kind === 'file') {
      const facts = read.facts(child.path);
      const { ms, damaged } = readResult(read, child);
      yield entry(keyOf(child), 'result', {
        name: child.name,
        bytes: facts?.size ?? 0,
        created: timestamp(ms),
        lastUsed: timestamp(facts?.mtimeMs),
        damaged,
      });
    } else
      yield entry(keyOf(child), 'file', {
        name: child.name,
        bytes: sizeOf(read, child.path),
        lastUsed: timestamp(read.facts(child.path)?.mtimeMs),
      });
  }
}

/**
 * What is in the build cache: names are hashes, since go notes nothing of what they are of. Last used is what go itself
 * goes by: it sets the time of a file when it uses it, to an hour. Never throws.
 */
export function* goBuildEntries(path: string, unit: string, read: Reader): Generator<RawEntry> {
  if (unit !== '.') {
    yield* shard(path, read);
    return;
  }
  for (const child of childrenOf(read, path)) {
    if (child.kind === 'directory' && /^[0-9a-f]{2}$/.test(child.name)) yield* shard(child.path, read);
    else
      yield entry(child.name, 'note', {
        name: child.name,
        bytes: sizeOf(read, child.path),
        lastUsed: timestamp(read.facts(child.path)?.mtimeMs),
      });
  }
}
