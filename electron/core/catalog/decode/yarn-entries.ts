import { join } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { thing } from './thing.ts';
import { childrenOf } from './walk.ts';

/** The package's own name: `node_modules/left-pad`, `node_modules/@scope/thing`. */
const nameIn = (folder: string, read: Reader): string | null => {
  const [top] = childrenOf(read, join(folder, 'node_modules')).filter(({ name }) => name !== '.bin');
  if (top === undefined || !top.name.startsWith('@')) return top?.name ?? null;
  const [scoped] = childrenOf(read, top.path);
  return scoped === undefined ? null : `${top.name}/${scoped.name}`;
};

/** As Yarn makes the name of the folder out of it (config.js, generateUniquePackageSlug). */
const slugOf = (name: string): string => name.replaceAll(/[^@a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '');

/** What stands behind the name and before the hash of where it came from; null when that is not a version. */
const versionIn = (folder: string, name: string | null): string | null => {
  const slug = folder.replace(/^[a-z]+-/, '').replace(/(?:-[0-9a-f]{40})?(?:-integrity)?$/, '');
  const rest = name !== null && slug.startsWith(`${slugOf(name)}-`) ? slug.slice(slugOf(name).length + 1) : '';
  return /^\d+\.\d/.test(rest) ? rest : null;
};

/** One of Yarn's folders, an entry a package. Never throws. */
export function* yarnEntries(dir: string, read: Reader): Generator<RawEntry> {
  if (read.facts(dir)?.kind !== 'directory') return;
  for (const { name: folder, path, kind } of read.each(dir)) {
    if (folder === '.tmp' || kind !== 'directory') yield thing(read, path, folder, 'temporary', { name: folder });
    else {
      const name = nameIn(path, read);
      yield thing(read, path, folder, 'package', { name, version: versionIn(folder, name) });
    }
  }
}
