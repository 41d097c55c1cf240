import { join } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import { childrenOf } from '../decode/walk.ts';

const locksIn = (dir: string, read: Reader): readonly string[] =>
  childrenOf(read, dir)
    .filter(({ kind, name }) => kind === 'file' && /\.(?:lock|lck)$/.test(name))
    .map(({ path }) => path);

const foldersIn = (dir: string, read: Reader): readonly string[] =>
  childrenOf(read, dir)
    .filter(({ kind }) => kind === 'directory')
    .map(({ path }) => path);

/**
 * Gradle's lock files: `caches/modules-2/modules-2.lock`, `caches/8.5/fileHashes/fileHashes.lock`,
 * `wrapper/dists/gradle-8.5-bin/<hash>/gradle-8.5-bin.zip.lck` and their kin (DefaultFileLockManager,
 * ExclusiveFileAccessManager). One level more is looked at in the folders of versions only: the others hold a folder for
 * each dependency.
 */
export const gradleLocks = (root: string, read: Reader): readonly string[] => {
  const caches = foldersIn(join(root, 'caches'), read);
  const versions = caches.filter((path) => /[/\\]\d+\.\d[^/\\]*$/.test(path));
  const distributions = foldersIn(join(root, 'wrapper', 'dists'), read);
  return [
    ...caches,
    ...versions.flatMap((path) => foldersIn(path, read)),
    ...distributions.flatMap((path) => foldersIn(path, read)),
  ].flatMap((path) => locksIn(path, read));
};
