import type { Child, Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { readDistFile } from './dist-file.ts';
import { asText, entry, jsonObject, timestamp } from './entry.ts';
import { thing } from './thing.ts';
import { below, childrenOf, keyBelow } from './walk.ts';

/** Larger than what indexes say about one version; the rest is told by its name alone. */
const largestResponse = 4 * 1024 * 1024;

/** Ten digits, seconds since 1970 until which it counts, and JSON behind them (utils/cache.py, FileCache). */
const head = /^\d{10}/;

/** Is this a file as Poetry's FileCache writes them? Only its beginning is looked at. */
export const isPoetryResponse = (read: Reader, path: string): boolean =>
  /^\d{10}(?:[{["]|null|true|false|-?\d)/.test(read.bytes(path, 16)?.toString('latin1') ?? '');

/** What an index said about a version: name, version; or of a package, and then JSON of another kind. */
const response = (dir: string, index: string, { path }: Child, read: Reader): RawEntry => {
  const facts = read.facts(path);
  const rest = {
    bytes: facts?.size ?? null,
    created: timestamp(facts?.mtimeMs),
    lastUsed: timestamp(read.lastUse(path)),
  };
  const key = keyBelow(dir, path);
  if ((facts?.size ?? 0) > largestResponse) return entry(key, 'answer', { name: index, ...rest });
  const text = read.text(path, largestResponse) ?? '';
  const said = head.test(text) ? jsonObject(text.slice(10)) : null;
  if (said === null)
    return entry(key, 'answer', {
      name: index,
      ...rest,
      // An answer may be another kind of JSON, but an object that is none was cut off.
      damaged:
        isPoetryResponse(read, path) && text[10] !== '{'
          ? null
          : 'It is not what Poetry writes. Poetry deletes it and asks again.',
    });
  return entry(key, 'release', { name: asText(said['name']) ?? index, version: asText(said['version']), ...rest });
};

/** `<index>/aa/bb/…/<sha256>`, and `<index>/_http`, responses as CacheControl keeps them. */
function* answers(dir: string, read: Reader): Generator<RawEntry> {
  for (const index of childrenOf(read, dir))
    for (const child of childrenOf(read, index.path)) {
      if (child.kind !== 'directory') continue;
      if (/^[0-9a-f]{2}$/.test(child.name)) {
        for (const file of below(read, child.path, 10)) yield response(dir, index.name, file, read);
      } else
        yield thing(read, child.path, keyBelow(dir, child.path), child.name === '_http' ? 'responses' : 'folder', {
          name: index.name,
        });
    }
}

/** `artifacts/aa/bb/cc/<rest of a sha256>/<file>`: the file's name says which package it is (get_cache_directory_for_link). */
function* archives(dir: string, read: Reader): Generator<RawEntry> {
  for (const { name, path } of below(read, dir, 5)) {
    const found = readDistFile(name);
    yield thing(read, path, keyBelow(dir, path), found?.kind ?? 'file', {
      name: found?.name ?? name,
      version: found?.version ?? null,
    });
  }
}

/** What is in a part of Poetry's cache. Which project uses what is not written anywhere. Never throws. */
export const poetryEntries = (path: string, unit: string, read: Reader): Iterable<RawEntry> =>
  unit === 'artifacts' ? archives(path, read) : answers(path, read);
