import { join } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { asText, entry, jsonObject, timestamp } from './entry.ts';
import { thing } from './thing.ts';
import { below, childrenOf, keyBelow } from './walk.ts';

/** Longer than the headers that any server sends. */
const longestNote = 64 * 1024;
const mark = '\n// denoCacheMetadata=';

/** What Deno wrote below a source file: where it is from, and when it came. Null when that is not there or cannot be read. */
export const denoNote = (
  read: Reader,
  path: string,
): { readonly url: string | null; readonly time: number | null } | null => {
  const size = read.facts(path)?.size ?? 0;
  const end = read.bytes(path, longestNote, Math.max(0, size - longestNote))?.toString('utf8');
  const at = end?.lastIndexOf(mark) ?? -1;
  const note = end === undefined || at < 0 ? null : jsonObject(end.slice(at + mark.length));
  if (note === null) return null;
  const time = note['time'];
  return { url: asText(note['url']), time: typeof time === 'number' ? time * 1000 : null };
};

/** `@std/path` and its version out of JSR's URLs, `std@0.200.0` and `x/oak@v12` out of those of Deno’s older one; null elsewhere. */
export const denoPackage = (url: string): { readonly name: string; readonly version: string | null } | null => {
  const jsr =
    /^https:\/\/[^/]+\/(@[a-z0-9-]+\/[a-z0-9-]+)\/(?:(\d+\.\d+\.\d+[^/]*?)(?:_meta\.json|\/|$)|meta\.json)/.exec(url);
  if (jsr?.[1] !== undefined) return { name: jsr[1], version: jsr[2] ?? null };
  const land = /^https:\/\/[^/]+\/((?:x\/)?[\w-]+)@v?(\d[^/]*)\//.exec(url);
  return land?.[1] === undefined ? null : { name: land[1], version: land[2] ?? null };
};

/** `remote/https/host/<hash>`: sources under a hash of their URL. Sidecars are of Deno before 1.43. */
function* sources(root: string, dir: string, read: Reader): Generator<RawEntry> {
  for (const { path, kind, name } of below(read, dir, 3)) {
    const key = keyBelow(root, path);
    if (kind !== 'file' || name.endsWith('.metadata.json')) {
      yield thing(read, path, key, 'file', { name });
      continue;
    }
    const sidecar = jsonObject(read.text(`${path}.metadata.json`, longestNote) ?? '');
    const note = denoNote(read, path) ?? (sidecar === null ? null : { url: asText(sidecar['url']), time: null });
    const facts = read.facts(path);
    const named = note?.url == null ? null : denoPackage(note.url);
    yield entry(key, 'source', {
      name: named?.name ?? null,
      version: named?.version ?? null,
      url: note?.url ?? null,
      bytes: facts?.size ?? 0,
      created: timestamp(note?.time ?? facts?.mtimeMs),
      lastUsed: timestamp(read.lastUse(path)),
      damaged: note === null ? 'Deno’s note of where it is from is missing, so Deno downloads it again.' : null,
    });
  }
}

/** `npm/registry.example/@scope/thing/1.0.0/`, and beside the versions what the registry says of the package. */
function* packages(root: string, dir: string, read: Reader): Generator<RawEntry> {
  for (const host of childrenOf(read, dir))
    for (const top of childrenOf(read, host.path)) {
      const inner = top.name.startsWith('@')
        ? childrenOf(read, top.path).map(({ name, path }) => ({ name: `${top.name}/${name}`, path }))
        : [top];
      for (const { name, path } of inner)
        for (const child of childrenOf(read, path)) {
          const isVersion = child.kind === 'directory';
          yield thing(read, child.path, keyBelow(root, child.path), isVersion ? 'package' : 'manifest', {
            name,
            version: isVersion ? child.name : null,
          });
        }
    }
}

/** What a folder or database of Deno's holds. `gen` is told by where its sources are from. Never throws. */
export function* denoEntries(root: string, unit: string, read: Reader): Generator<RawEntry> {
  const dir = join(root, unit);
  const kind = read.facts(dir)?.kind;
  if (kind === 'file') yield thing(read, dir, '.', 'database', { name: unit });
  if (kind !== 'directory') return;
  if (unit === 'remote' || unit === 'deps') yield* sources(dir, dir, read);
  else if (unit === 'npm') yield* packages(dir, dir, read);
  else
    for (const scheme of childrenOf(read, dir)) {
      const hosts = unit === 'gen' ? childrenOf(read, scheme.path) : [];
      if (hosts.length === 0)
        yield thing(read, scheme.path, scheme.name, scheme.kind === 'file' ? 'file' : 'folder', { name: scheme.name });
      for (const host of hosts)
        yield thing(read, host.path, `${scheme.name}/${host.name}`, 'compiled', {
          name: `${scheme.name}/${host.name}`,
        });
    }
}
