import { dirname, join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { entry, timestamp } from './entry.ts';
import { thing, things } from './thing.ts';
import { childrenOf, sizeOf } from './walk.ts';

/** Larger than a list of everything that was ever downloaded. */
const largestList = 8 * 1024 * 1024;

/** `urls.txt` lists where each archive came from: the last line that ends in its name. */
const sources = (root: string, read: Reader): ReadonlyMap<string, string> => {
  const urls = (read.text(join(root, 'urls.txt'), largestList) ?? '').split('\n').map((line) => line.trim());
  return new Map(urls.filter((url) => url !== '').map((url) => [url.slice(url.lastIndexOf('/') + 1), url]));
};

/** Environments beside this folder; where others are is not known here. */
const environments = (root: string, read: Reader): readonly string[] => {
  const prefix = dirname(root);
  const beside = childrenOf(read, join(prefix, 'envs')).map(({ path }) => path);
  return [prefix, ...beside].filter((path) => read.facts(join(path, 'conda-meta'))?.kind === 'directory');
};

const archive = /\.(?:conda|tar\.bz2)$/;

/** `numpy-1.26.4-py311h64a7726_0[.conda]`. Used by: null where no environment was found to, since there may be others. */
const packageOf = (
  { name: file, path, kind }: Child,
  urls: ReadonlyMap<string, string>,
  places: readonly string[],
  read: Reader,
): RawEntry => {
  const name = file.replace(archive, '');
  const found = /^(.+)-([^-]+)-([^-]+)$/.exec(name);
  const users = places.filter((place) => read.facts(join(place, 'conda-meta', `${name}.json`)) !== null);
  return entry(file, kind === 'directory' ? 'unpacked package' : 'archive', {
    name: found?.[1] ?? name,
    version: found === null ? null : `${found[2]} ${found[3]}`,
    url: urls.get(file) ?? urls.get(`${name}.conda`) ?? urls.get(`${name}.tar.bz2`) ?? null,
    bytes: sizeOf(read, path),
    created: timestamp(read.facts(path)?.mtimeMs),
    lastUsed: timestamp(read.lastUse(path)),
    usedBy: kind === 'directory' && users.length > 0 ? users : null,
    damaged:
      kind === 'directory' && read.facts(join(path, 'info', 'index.json')) === null
        ? 'Its info/index.json is missing: conda unpacks it again.'
        : null,
  });
};

/** What is in a folder of packages, by names, by conda's list of sources, and by the environments beside it. Never throws. */
export function* condaEntries(root: string, path: string, unit: string, read: Reader): Generator<RawEntry> {
  if (unit === 'cache') {
    yield* things(read, path);
    return;
  }
  const [urls, places] = [sources(root, read), environments(root, read)];
  const parts: readonly Child[] =
    unit === '.' ? childrenOf(read, path) : childrenOf(read, root).filter(({ name }) => name === unit);
  for (const child of parts) {
    const isPackage = child.kind === 'directory' ? child.name !== 'cache' : archive.test(child.name);
    if (isPackage && child.kind !== 'link') yield packageOf(child, urls, places, read);
    else if (child.kind !== 'link')
      yield thing(read, child.path, child.name, child.name === 'cache' ? 'lists of channels' : 'note', {
        name: child.name,
      });
  }
}
