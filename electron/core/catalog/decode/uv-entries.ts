import type { Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { thing, things } from './thing.ts';
import { below, childrenOf, keyBelow } from './walk.ts';

/** `2.32.3-py3-none-any.whl` and its kin begin with the version; shortened ones do too. */
const versionOf = (name: string): string | null => /^(\d[\w.!+]*)-/.exec(name)?.[1] ?? null;

/** `simple-vN/pypi/<name>.rkyv`, `simple-vN/index/<digest>/<name>.rkyv`. */
function* pages(dir: string, read: Reader): Generator<RawEntry> {
  for (const { name, path } of below(read, dir, 4))
    yield thing(read, path, keyBelow(dir, path), 'index page', { name: name.replace(/\.rkyv$/, '') });
}

/** `wheels-vN/{pypi|index/<digest>|url/<digest>}/<name>/<version>-<tags>.*`; links into archive are no bytes of theirs. */
function* wheels(dir: string, read: Reader): Generator<RawEntry> {
  for (const source of childrenOf(read, dir)) {
    const shards = source.name === 'pypi' ? [source] : childrenOf(read, source.path);
    for (const shard of shards)
      for (const pack of childrenOf(read, shard.path))
        for (const file of childrenOf(read, pack.path)) {
          const named = { name: pack.name, version: versionOf(file.name) };
          yield thing(read, file.path, keyBelow(dir, file.path), file.kind === 'link' ? 'link' : 'wheel', named);
        }
  }
}

/** `archive-vN/<id>`: an unpacked wheel, named by its own `<name>-<version>.dist-info`. */
function* archives(dir: string, read: Reader): Generator<RawEntry> {
  if (read.facts(dir)?.kind !== 'directory') return;
  for (const { name, path } of read.each(dir)) {
    const info = childrenOf(read, path).find((child) => child.name.endsWith('.dist-info'));
    const found = /^(.+)-([^-]+)\.dist-info$/.exec(info?.name ?? '');
    yield thing(read, path, name, 'unpacked wheel', { name: found?.[1] ?? null, version: found?.[2] ?? null });
  }
}

/**
 * `sdists-vN/{pypi|index/<digest>}/<name>/<version>`: a source distribution with what was built from it. Those of
 * addresses, folders and repositories are named by hashes alone.
 */
function* sources(dir: string, read: Reader): Generator<RawEntry> {
  for (const source of childrenOf(read, dir)) {
    const isIndex = source.name === 'index';
    if (source.kind !== 'directory' || (!isIndex && source.name !== 'pypi')) {
      const kind = source.kind === 'directory' ? 'folder' : 'file';
      yield thing(read, source.path, source.name, kind, { name: source.name });
      continue;
    }
    for (const shard of isIndex ? childrenOf(read, source.path) : [source])
      for (const pack of childrenOf(read, shard.path))
        for (const { name, path } of childrenOf(read, pack.path))
          yield thing(read, path, keyBelow(dir, path), 'source', { name: pack.name, version: name });
  }
}

/** What the names in one of uv's folders say. Never throws. */
export const uvEntries = (dir: string, bucket: string, read: Reader): Iterable<RawEntry> => {
  switch (bucket) {
    case 'simple':
      return pages(dir, read);
    case 'wheels':
      return wheels(dir, read);
    case 'sdists':
    case 'built-wheels':
      return sources(dir, read);
    case 'archive':
      return archives(dir, read);
    default:
      return things(read, dir);
  }
};
