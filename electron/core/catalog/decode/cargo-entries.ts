import type { Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { type CargoAges, cargoAges } from './cargo-ages.ts';
import { timestamp } from './entry.ts';
import { type Named, nameAndVersion, thing } from './thing.ts';
import { childrenOf, keyBelow } from './walk.ts';

const withoutHash = (name: string): string => name.replace(/-[0-9a-f]{16}$/, '');

/** Last used is what cargo noted, and never before the thing was made: it may have been made by a cargo that notes nothing. */
const used = (read: Reader, path: string, key: string, kind: string, named: Named, ages: CargoAges): RawEntry => {
  const plain = thing(read, path, key, kind, named);
  const noted = ages(key);
  return noted === null
    ? plain
    : { ...plain, lastUsed: timestamp(Math.max(noted, read.facts(path)?.mtimeMs ?? 0)) ?? plain.lastUsed };
};

/** `registry/{cache,src}/<host>-<hash>/<name>-<version>[.crate]`. */
function* crates(dir: string, read: Reader, ages: CargoAges): Generator<RawEntry> {
  for (const source of childrenOf(read, dir))
    for (const { name, path, kind } of childrenOf(read, source.path)) {
      const what = kind === 'directory' ? 'unpacked crate' : 'crate';
      yield used(read, path, keyBelow(dir, path), what, nameAndVersion(name.replace(/\.crate$/, '')), ages);
    }
}

/** `git/checkouts/<name>-<hash>/<short revision>`. */
function* checkouts(dir: string, read: Reader, ages: CargoAges): Generator<RawEntry> {
  for (const source of childrenOf(read, dir))
    for (const { name, path } of childrenOf(read, source.path)) {
      const named = { name: withoutHash(source.name), version: name };
      yield used(read, path, keyBelow(dir, path), 'checkout', named, ages);
    }
}

function* sources(dir: string, kind: string, read: Reader, ages: CargoAges): Generator<RawEntry> {
  for (const { name, path } of childrenOf(read, dir))
    yield used(read, path, name, kind, { name: withoutHash(name) }, ages);
}

/** What the names in one of cargo's folders say, and its own book about when it used them. Never throws. */
export const cargoEntries = (home: string, dir: string, unit: string, read: Reader): Iterable<RawEntry> => {
  const ages = cargoAges(home, unit, read);
  if (unit === 'git/checkouts') return checkouts(dir, read, ages);
  if (unit === 'git/db') return sources(dir, 'repository', read, ages);
  return unit === 'registry/index' ? sources(dir, 'index', read, ages) : crates(dir, read, ages);
};
