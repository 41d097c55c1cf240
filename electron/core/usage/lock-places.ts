import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { isShared, type Mount, mountOf, mounts } from '../fs/mounts.ts';

const hashOf = (root: string): string => createHash('sha256').update(root).digest('hex').slice(0, 32);

/** The folder for locks in this program's own. */
export const lockFolder = (stateDir: string): string => join(stateDir, 'locks');

/** What all files about the lock of one cache in this program's own folder begin with. */
export const ownLockName = (root: string): string => hashOf(root);

/**
 * Where the lock of a cache stands: beside it, never inside, so that a rename of its parts does not take it along, and
 * where every user of this machine meets the same file; and in this program's own folder, where one of them always can.
 */
export const lockPlaces = (root: string, stateDir: string): readonly [beside: string, own: string] => [
  join(dirname(root), `.cache-inspector-${basename(root)}.lock`),
  join(lockFolder(stateDir), `${ownLockName(root)}.lock`),
];

/**
 * The type of a file system that other machines reach as well, where a lock is one of this machine only, or may be
 * waited for without end; null for all others. The path is canonical and need not be there.
 */
export const networkType = (path: string, table: readonly Mount[] = mounts() ?? []): string | null => {
  const type = mountOf(path, table)?.type ?? '';
  return isShared(type) ? type : null;
};
