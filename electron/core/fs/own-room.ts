import { randomBytes } from 'node:crypto';
import { removeOwnFile, renameOwnFile } from './own-files.ts';
import { fs } from './seam.ts';

/** Room of this program's own, kept for when a disk is full. */

/** What this user may still write on the disk that holds `path`, in bytes; null where the system does not tell. */
export const freeAt = (path: string): number | null => {
  try {
    const { blocks, bavail, bsize } = fs.statfsSync(path);
    return blocks > 0 ? bavail * bsize : null;
  } catch {
    return null;
  }
};

/**
 * Makes a file that takes so many bytes on the disk, durably: of chance, so that no file system can make them fewer.
 * Throws when there is no room, and leaves nothing then.
 */
export const makeRoomKeeper = (path: string, bytes: number): void => {
  const fresh = `${path}.${process.pid}.new`;
  try {
    const fd = fs.openSync(fresh, 'w', 0o600);
    try {
      fs.writeFileSync(fd, randomBytes(bytes));
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    renameOwnFile(fresh, path);
  } catch (thrown) {
    removeOwnFile(fresh);
    throw thrown;
  }
};

/** Whether something is the system's word that there is no room, on the disk or for this user. */
export const isNoRoom = (thrown: unknown): boolean =>
  ['ENOSPC', 'EDQUOT'].includes((thrown as NodeJS.ErrnoException | null)?.code ?? '');
