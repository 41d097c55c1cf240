import { constants } from 'node:fs';
import { sameIdentity } from '../../../shared/identity.ts';
import { isErrno } from './errno.ts';
import type { DirectoryHandle } from './handle.ts';
import type { Facts } from './identity.ts';
import type { Raw } from './raw.ts';
import { fs } from './seam.ts';

/** One name of one folder. */
export interface Spot {
  readonly folder: DirectoryHandle;
  readonly name: Raw;
}

/** What has to be known of a thing that is moved. */
export type Moved = Pick<Facts, 'kind' | 'identity' | 'mode'>;

const lookAt = ({ folder, name }: Spot): Promise<Facts | null> => folder.look(name);

const renameTo = (from: Spot, to: Spot): Promise<void> =>
  fs.promises.rename(from.folder.at(from.name), to.folder.at(to.name));

const taken = (): NodeJS.ErrnoException =>
  Object.assign(new Error('EEXIST: the name is taken'), { errno: -17, code: 'EEXIST' });

/** Gives a folder its mode, and no other thing: never through a link. Nothing happens when it is another one by now. */
export const setMode = async (spot: Spot, facts: Moved, mode: number): Promise<void> => {
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  const file = await fs.promises.open(spot.folder.at(spot.name), flags);
  try {
    if ((await file.stat({ bigint: true })).ino === BigInt(facts.identity.ino)) await file.chmod(mode);
  } finally {
    await file.close();
  }
};

const ownerMayWrite = 0o200;
const permissions = 0o7777;

/**
 * rename(2) from one folder to another, which must be free. A folder that its owner may not write cannot get another
 * parent, since its `..` is rewritten: it is made writable for that moment, if it is ours.
 */
const renameAcross = async (from: Spot, to: Spot, facts: Moved): Promise<void> => {
  try {
    await renameTo(from, to);
  } catch (thrown) {
    const isClosed = facts.kind === 'directory' && (facts.mode & ownerMayWrite) === 0;
    if (!isClosed || !isErrno(thrown, 'EACCES', 'EPERM')) throw thrown;
    const mode = facts.mode & permissions;
    await setMode(from, facts, mode | ownerMayWrite);
    let at = from;
    try {
      await renameTo(from, to);
      at = to;
    } finally {
      await setMode(at, facts, mode);
    }
  }
};

/** What a name said no to being linked: then it is looked at, and renamed. */
const noLinks = ['EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EACCES'];

/**
 * Moves one thing to a name that is looked at to be free, in a folder where nobody else makes names.
 * @throws what the system says; it stands where it stood then.
 */
export const moveIn = async (from: Spot, to: Spot, facts: Moved): Promise<void> => {
  try {
    await renameAcross(from, to, facts);
  } catch (thrown) {
    // A network file system can lose the reply of a rename that happened: only the inode tells.
    const there = await lookAt(to);
    if (there === null || !sameIdentity(there.identity, facts.identity)) throw thrown;
  }
};

/**
 * Moves one thing to a name that somebody else may be about to give, and replaces nothing but a folder that was made in
 * that very moment and is still empty. A file is linked there first, which the system refuses when the name is taken;
 * where it cannot be linked the name is looked at, and what is put there between the look and the rename is replaced.
 * Cut off in between it has both names, and the next call ends that.
 * @throws EEXIST when the name is taken by something else, and what else the system says; it stands where it stood then.
 */
export const moveToFree = async (from: Spot, to: Spot, facts: Moved): Promise<void> => {
  if (facts.kind === 'file') {
    const dropFirst = (): Promise<void> => fs.promises.unlink(from.folder.at(from.name));
    try {
      await fs.promises.link(from.folder.at(from.name), to.folder.at(to.name));
      return await dropFirst();
    } catch (thrown) {
      const there = isErrno(thrown, 'EEXIST', ...noLinks) ? await lookAt(to) : null;
      if (there !== null && sameIdentity(there.identity, facts.identity)) return dropFirst();
      if (!isErrno(thrown, ...noLinks)) throw thrown;
    }
  }
  if ((await lookAt(to)) !== null) throw taken();
  try {
    await renameAcross(from, to, facts);
  } catch (thrown) {
    const now = await lookAt(to);
    if (now !== null && sameIdentity(now.identity, facts.identity)) return;
    throw isErrno(thrown, 'ENOTEMPTY', 'ENOTDIR', 'EISDIR') && now !== null ? taken() : thrown;
  }
};
