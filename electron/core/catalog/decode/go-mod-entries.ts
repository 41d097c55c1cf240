import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { asTable, asText, entry, jsonObject, timestamp } from './entry.ts';
import { thing } from './thing.ts';
import { childrenOf, keyBelow, sizeOf } from './walk.ts';
import { unpackedSize } from './zip-size.ts';

/** Longer than any module path has parts. */
const deepest = 40;

/** `!burnt!sushi` is BurntSushi: upper case is written so for file systems that do not tell it apart (module.EscapePath). */
const unescaped = (text: string): string => text.replace(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Folders below `dir` that `stop` says yes to, wherever they stand; those above them are walked. The sums are no modules. */
function* found(read: Reader, dir: string, stop: (child: Child) => boolean, depth = 0): Generator<Child> {
  // Below the first they are known to be folders.
  for (const child of depth === 0 ? childrenOf(read, dir) : read.list(dir)) {
    if (child.kind !== 'directory' || (depth === 0 && child.name === 'sumdb')) continue;
    if (stop(child)) yield child;
    else if (depth < deepest) yield* found(read, child.path, stop, depth + 1);
  }
}

const later = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b);

/** `github.com/!burnt!sushi/toml@v1.2.3`, and beside it what go was unpacking when it was stopped: `…@v1.2.3.tmp-12345`. */
const unpacked = (root: string, base: string, path: string, read: Reader): RawEntry => {
  const whole = keyBelow(root, path);
  const at = whole.lastIndexOf('@');
  const [name, version] = [whole.slice(0, at), whole.slice(at + 1)];
  const isTemporary = /\.tmp-\d+$/.test(version);
  const download = join(root, 'cache', 'download', ...name.split('/'), '@v', version);
  const isDamaged = isTemporary || read.glance(`${download}.partial`) !== null;
  const seen = read.glance(path);
  return entry(keyBelow(base, path) || '.', isTemporary ? 'unfinished' : 'module', {
    name: unescaped(name),
    version: unescaped(version),
    // What go unpacks is its zip, file for file, and read-only: the zip's directory says the same much sooner.
    bytes: (isDamaged ? null : unpackedSize(read, `${download}.zip`)) ?? sizeOf(read, path),
    created: timestamp(seen?.mtimeMs),
    // A build reads go.mod even where it reads nothing else.
    lastUsed: timestamp(later(seen?.usedMs ?? null, read.lastUse(join(path, 'go.mod')))),
    damaged: isDamaged ? 'go had not unpacked it to its end.' : null,
  });
};

/** `v1.2.3` of `v1.2.3.zip`; null for what belongs to no version. */
const versionOf = (name: string): string | null =>
  /^(v\d.*)\.(?:info|mod|zip|ziphash|lock|partial)$/.exec(name)?.[1] ?? null;

const largestInfo = 64 * 1024;

/** Where a version came from, as go noted it (RevInfo: Version, Time, Origin); `damaged` when that note is none. */
const originOf = (read: Reader, path: string): { readonly url: string | null; readonly damaged: string | null } => {
  const text = read.text(path, largestInfo);
  if (text === null && read.glance(path) === null) return { url: null, damaged: null };
  const info = jsonObject(text ?? '');
  if (info === null) return { url: null, damaged: 'Its .info is not what go writes.' };
  return { url: asText(asTable(info['Origin'])?.['URL']), damaged: null };
};

/** `cache/download/<module>/@v/<version>.{info,mod,zip,ziphash,lock}`: an entry for each version. */
function* downloaded(dir: string, read: Reader): Generator<RawEntry> {
  for (const folder of found(read, dir, ({ name }) => name === '@v')) {
    const versions = new Map<string, string[]>();
    for (const { name, path } of read.list(folder.path)) {
      const version = versionOf(name);
      if (version !== null) versions.set(version, [...(versions.get(version) ?? []), path]);
    }
    const module = keyBelow(dir, folder.path).replace(/\/?@v$/, '');
    for (const [version, paths] of versions) {
      const all = paths.map((path) => read.glance(path)).filter((seen) => seen !== null);
      const { url, damaged } = originOf(read, join(folder.path, `${version}.info`));
      yield entry(`${module}/@v/${version}`, paths.some((path) => path.endsWith('.zip')) ? 'download' : 'go.mod', {
        name: unescaped(module),
        version: unescaped(version),
        url,
        bytes: all.reduce((sum, { size }) => sum + size, 0),
        created: timestamp(Math.min(...all.map(({ mtimeMs }) => mtimeMs))),
        // Every build that hears of a version reads its go.mod, and nothing else of it once it is unpacked.
        lastUsed: timestamp(
          read.lastUse(join(folder.path, `${version}.mod`)) ?? Math.max(...all.map(({ mtimeMs }) => mtimeMs)),
        ),
        damaged,
      });
    }
  }
}

/** `cache/download/sumdb/<host>`: what the checksum database said. */
function* sums(dir: string, read: Reader): Generator<RawEntry> {
  for (const { name, path } of childrenOf(read, join(dir, 'sumdb')))
    yield thing(read, path, `sumdb/${name}`, 'checksums', { name });
}

/** `cache/vcs/<sha256>`, with what it is a clone of in `<sha256>.info`: `git3:https://…` (codehost.WorkDir). */
function* clones(dir: string, read: Reader): Generator<RawEntry> {
  for (const { name, path, kind } of childrenOf(read, dir)) {
    if (kind !== 'directory') continue;
    const said = /^[a-z]+\d*:(.+)/.exec(read.text(`${path}.info`, 4096) ?? '')?.[1] ?? null;
    yield entry(name, 'clone', {
      name: said?.replace(/^[a-z+]+:\/\/(?:[^/@]*@)?/, '') ?? null,
      url: said,
      bytes: sizeOf(read, path),
      created: timestamp(read.facts(path)?.mtimeMs),
      lastUsed: timestamp(read.lastUse(path)),
      damaged: said === null ? 'The note of what it is a clone of is missing or damaged.' : null,
    });
  }
}

/**
 * What is in a part of the module cache, by its names and the notes that go wrote. No book says which project uses
 * what. Times are those of the files, which go never changes. Never throws.
 */
export function* goModEntries(root: string, path: string, unit: string, read: Reader): Generator<RawEntry> {
  if (unit === 'cache/vcs') yield* clones(path, read);
  else if (unit === 'cache/download') {
    yield* downloaded(path, read);
    yield* sums(path, read);
  } else if (unit.includes('@')) {
    if (read.facts(path)?.kind === 'directory') yield unpacked(root, path, path, read);
  } else
    for (const { path: module } of found(read, path, ({ name }) => name.includes('@v')))
      yield unpacked(root, path, module, read);
}
