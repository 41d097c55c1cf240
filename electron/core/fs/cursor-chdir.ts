import type { Identity } from '../../../shared/identity.ts';
import { sameIdentity } from '../../../shared/identity.ts';
import { type DeleteCursor, type Item, MountBoundary, type Removed, TreeMoved } from './cursor.ts';
import { isErrno } from './errno.ts';
import { identityOf } from './identity.ts';
import { type Raw, rawText } from './raw.ts';
import { fs } from './seam.ts';

interface Frame {
  readonly identity: Identity;
  writable: boolean;
}

const here = (): Identity => identityOf(fs.lstatSync('.', { bigint: true }));

/**
 * The portable way, for systems without /proc: the process stands in the directory that it empties, and every name is
 * relative to that. After each step the identity of `.` must be the one that was looked at before, so a directory
 * swapped for a link is noticed and left. Only in a process of its own, since the working directory is the process's.
 * A boundary is told by the device number alone: bind mounts do not exist where this is used.
 */
export class ChdirCursor implements DeleteCursor {
  readonly #frames: Frame[] = [];
  readonly #home = process.cwd();
  readonly #dev: string;

  /** Goes into the tree's top, which must still be the directory with that identity. */
  constructor(parent: Raw, name: Raw, identity: Identity) {
    process.chdir(text(parent));
    const parentDev = here().dev;
    this.#dev = String(identity.dev);
    if (String(parentDev) !== this.#dev) throw new MountBoundary('it is a mount point');
    this.#go(name, identity);
  }

  get depth(): number {
    return this.#frames.length - 1;
  }

  list(): readonly Item[] {
    return this.#writing(() => fs.readdirSync('.', { withFileTypes: true, encoding: 'buffer' })).map((entry) => ({
      name: entry.name as Buffer,
      directory: entry.isDirectory(),
    }));
  }

  enter(name: Raw): void {
    const stats = fs.lstatSync(name, { bigint: true });
    if (!stats.isDirectory()) throw new TreeMoved('it is not a directory any more');
    if (String(stats.dev) !== this.#dev) throw new MountBoundary('another file system stands there');
    this.#go(name, identityOf(stats));
  }

  leave(): void {
    this.#frames.pop();
    process.chdir('..');
    const frame = this.#frames.at(-1);
    if (frame && !sameIdentity(here(), frame.identity)) throw new TreeMoved('the directory above is another one now');
  }

  remove(name: Raw): Removed {
    const stats = fs.lstatSync(name);
    this.#writing(() => fs.unlinkSync(name));
    return { allocated: stats.blocks * 512, links: stats.nlink, inode: `${stats.dev}:${stats.ino}` };
  }

  removeDirectory(name: Raw): number {
    const allocated = fs.lstatSync(name).blocks * 512;
    this.#writing(() => fs.rmdirSync(name));
    return allocated;
  }

  hoist(name: Raw, to: Raw): void {
    const up = Buffer.from('../'.repeat(this.depth));
    this.#writing(() => fs.renameSync(name, Buffer.concat([up, to])));
  }

  close(): void {
    this.#frames.length = 0;
    process.chdir(this.#home);
  }

  #go(name: Raw, identity: Identity): void {
    try {
      process.chdir(text(name));
    } catch (error) {
      if (!isErrno(error, 'EACCES')) throw error;
      fs.chmodSync(name, 0o700);
      process.chdir(text(name));
    }
    if (!sameIdentity(here(), identity)) throw new TreeMoved('another directory stands there now');
    this.#frames.push({ identity, writable: false });
  }

  #writing<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      const top = this.#frames.at(-1);
      if (!top || top.writable || !isErrno(error, 'EACCES', 'EPERM')) throw error;
      top.writable = true;
      fs.chmodSync('.', 0o700);
      return work();
    }
  }
}

/** chdir(2) takes text in Node. macOS and Windows names always are. */
const text = (name: Raw): string => {
  const decoded = rawText(name);
  if (decoded === null) throw new Error('a name that is not UTF-8 cannot be entered on this system');
  return decoded;
};
