import { constants } from 'node:fs';
import type { Identity } from '../../../shared/identity.ts';
import { sameIdentity } from '../../../shared/identity.ts';
import { type DeleteCursor, type Item, MountBoundary, type Removed, TreeMoved } from './cursor.ts';
import { isErrno } from './errno.ts';
import { identityOf } from './identity.ts';
import { mountIdOf } from './mounts.ts';
import { joinRaw, type Raw, raw } from './raw.ts';
import { fs } from './seam.ts';

const openFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** open(2): a handle that needs no permission on the thing itself. Node has no name for it. */
const O_PATH = 0o10000000;
const owner = 0o700;

interface Frame {
  readonly fd: number;
  readonly base: Raw;
  writable: boolean;
}

/**
 * openat(2), unlinkat(2) and the rest, which Node does not have, by way of `/proc/self/fd/N/name`: the kernel resolves
 * the name in the very directory that was opened. Which mount a directory stands on is read from
 * `/proc/self/fdinfo/N`, since a bind mount of the same file system has the same device number.
 */
export class LinuxCursor implements DeleteCursor {
  readonly #frames: Frame[] = [];
  readonly #mount: number | null;

  /** Opens the tree's top, which must still be the directory with that identity. */
  constructor(parentFd: number, name: Raw, identity: Identity) {
    const path = joinRaw(raw(`/proc/self/fd/${parentFd}`), name);
    const fd = openDirectory(path, mountIdOf(parentFd));
    try {
      if (!sameIdentity(identityOf(fs.fstatSync(fd, { bigint: true })), identity)) {
        throw new TreeMoved('another directory stands there now');
      }
      this.#mount = mountIdOf(fd);
      // The parent may be read through another mount of the same place, but the tree's top must not be a mount itself.
      if (this.#mount !== mountIdOf(parentFd)) throw new MountBoundary('it is a mount point');
    } catch (error) {
      fs.closeSync(fd);
      throw error;
    }
    this.#push(fd);
  }

  get depth(): number {
    return this.#frames.length - 1;
  }

  list(): readonly Item[] {
    return fs
      .readdirSync(this.#top.base, { withFileTypes: true, encoding: 'buffer' })
      .map((entry) => ({ name: entry.name as Buffer, directory: entry.isDirectory() }));
  }

  enter(name: Raw): void {
    const fd = this.#writing(() => openDirectory(this.#at(name), this.#mount));
    if (mountIdOf(fd) !== this.#mount) {
      fs.closeSync(fd);
      throw new MountBoundary('another mount stands there');
    }
    this.#push(fd);
  }

  leave(): void {
    const frame = this.#frames.pop();
    if (frame) fs.closeSync(frame.fd);
  }

  remove(name: Raw): Removed {
    const path = this.#at(name);
    // Reading about a child takes the right to pass through this directory, which may be missing too.
    const stats = this.#writing(() => fs.lstatSync(path));
    this.#writing(() => fs.unlinkSync(path));
    return { allocated: stats.blocks * 512, links: stats.nlink, inode: `${stats.dev}:${stats.ino}` };
  }

  removeDirectory(name: Raw): number {
    const path = this.#at(name);
    const allocated = this.#writing(() => fs.lstatSync(path)).blocks * 512;
    this.#writing(() => fs.rmdirSync(path));
    return allocated;
  }

  hoist(name: Raw, to: Raw): void {
    const from = this.#at(name);
    const target = joinRaw((this.#frames[0] as Frame).base, to);
    try {
      this.#writing(() => fs.renameSync(from, target));
    } catch (error) {
      // A directory that gets another parent has its own `..` rewritten: it must be writable itself (rename(2)).
      if (!isErrno(error, 'EACCES')) throw error;
      makeAccessible(from, this.#mount);
      fs.renameSync(from, target);
    }
  }

  close(): void {
    while (this.#frames.length > 0) this.leave();
  }

  get #top(): Frame {
    const frame = this.#frames.at(-1);
    if (!frame) throw new TreeMoved('the tree has been left');
    return frame;
  }

  #at(name: Raw): Raw {
    return joinRaw(this.#top.base, name);
  }

  #push(fd: number): void {
    this.#frames.push({ fd, base: raw(`/proc/self/fd/${fd}`), writable: false });
  }

  /** Does it; if this directory may not be written, makes it writable through its handle (it is ours) and tries again. */
  #writing<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      const top = this.#top;
      if (top.writable || !isErrno(error, 'EACCES')) throw error;
      top.writable = true;
      fs.fchmodSync(top.fd, (fs.fstatSync(top.fd).mode & 0o7777) | owner);
      return work();
    }
  }
}

const openDirectory = (path: Raw, mount: number | null): number => {
  try {
    return fs.openSync(path, openFlags);
  } catch (error) {
    if (!isErrno(error, 'EACCES')) throw error;
    makeAccessible(path, mount);
    return fs.openSync(path, openFlags);
  }
};

/**
 * chmod u+rwx of exactly the directory that is opened, which is not followed if it is a link by now. On that mount
 * only: whatever is mounted below the tree is none of ours.
 */
const makeAccessible = (path: Raw, mount: number | null): void => {
  const fd = fs.openSync(path, O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    if (mountIdOf(fd) !== mount) throw new MountBoundary('another mount stands there');
    fs.chmodSync(`/proc/self/fd/${fd}`, (fs.fstatSync(fd).mode & 0o7777) | owner);
  } finally {
    fs.closeSync(fd);
  }
};
