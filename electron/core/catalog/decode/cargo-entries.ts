import type { Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { nameAndVersion, thing } from './thing.ts';
import { childrenOf, keyBelow } from './walk.ts';

const withoutHash = (name: string): string => name.replace(/-[0-9a-f]{16}$/, '');

/** `registry/{cache,src}/<host>-<hash>/<name>-<version>[.crate]`. */
function* crates(dir: string, read: Reader): Generator<RawEntry> {
  for (const source of childrenOf(read, dir))
    for (const { name, path, kind } of childrenOf(read, source.path))
      yield thing(
        read,
        path,
        keyBelow(dir, path),
        kind === 'directory' ? 'unpacked crate' : 'crate',
        nameAndVersion(name.replace(/\.crate$/, '')),
      );
}

/** `git/checkouts/<name>-<hash>/<short revision>`. */
function* checkouts(dir: string, read: Reader): Generator<RawEntry> {
  for (const source of childrenOf(read, dir))
    for (const { name, path } of childrenOf(read, source.path))
      yield thing(read, path, keyBelow(dir, path), 'checkout', { name: withoutHash(source.name), version: name });
}

function* sources(dir: string, kind: string, read: Reader): Generator<RawEntry> {
  for (const { name, path } of childrenOf(read, dir)) yield thing(read, path, name, kind, { name: withoutHash(name) });
}

/** What the names in one of cargo's folders say. Never throws. */
export const cargoEntries = (dir: string, unit: string, read: Reader): Iterable<RawEntry> => {
  if (unit === 'git/checkouts') return checkouts(dir, read);
  if (unit === 'git/db') return sources(dir, 'repository', read);
  return unit === 'registry/index' ? sources(dir, 'index', read) : crates(dir, read);
};
