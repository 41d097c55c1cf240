import { type BigIntStats, constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { isErrno, systemError } from './errno.ts';
import { type Facts, factsOf } from './identity.ts';
import { joinRaw, type Raw, raw } from './raw.ts';
import { fs } from './seam.ts';

const linux = process.platform === 'linux';

/**
 * An open directory. On Linux its children are named through `/proc/self/fd/N/`, so that a directory swapped for
 * another one, or for a link, after it was opened changes nothing. Elsewhere children are named by path, and
 * identities are compared instead.
 */
export class DirectoryHandle {
  readonly facts: Facts;
  readonly #file: FileHandle | null;
  readonly #base: Raw;

  private constructor(file: FileHandle | null, base: Raw, facts: Facts) {
    this.#file = file;
    this.#base = base;
    this.facts = facts;
  }

  /** Opens a real directory; ENOTDIR or ELOOP are thrown for anything else. */
  static async open(path: Raw): Promise<DirectoryHandle> {
    if (process.platform === 'win32') {
      const stats = await fs.promises.lstat(path, { bigint: true });
      return new DirectoryHandle(null, path, factsOf(stats));
    }
    const file = await fs.promises.open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    const facts = factsOf((await file.stat({ bigint: true })) as BigIntStats);
    return new DirectoryHandle(file, linux ? raw(`/proc/self/fd/${file.fd}`) : path, facts);
  }

  /** The descriptor, to hand on to a program; null where there is none (Windows). */
  get fd(): number | null {
    return this.#file?.fd ?? null;
  }

  /** A path that means `name` in this directory for as long as the handle is open. */
  at(name: Raw): Raw {
    return joinRaw(this.#base, name);
  }

  /** What stands there, not following links; null when nothing does. */
  async look(name: Raw): Promise<Facts | null> {
    try {
      return factsOf(await fs.promises.lstat(this.at(name), { bigint: true }));
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return null;
      throw error;
    }
  }

  /** rename(2) inside this directory: atomic, never a copy. */
  async rename(from: Raw, to: Raw): Promise<void> {
    await fs.promises.rename(this.at(from), this.at(to));
  }

  /** Makes renames durable. Windows cannot sync a directory and journals its own: nothing to do there. */
  async sync(): Promise<void> {
    if (this.#file === null) return;
    try {
      await this.#file.sync();
    } catch (error) {
      // Some file systems (FUSE, network) have no fsync for directories: then this is all they promise.
      const code = systemError(error)?.code;
      if (code !== 'EINVAL' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP') throw error;
    }
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}

/**
 * Makes sure that this process can open `count` more things at this moment.
 * @throws EMFILE or ENFILE when it cannot.
 */
export const mustHaveHandles = async (path: Raw, count: number): Promise<void> => {
  const opened = await Promise.allSettled(Array.from({ length: count }, () => fs.promises.open(path, 'r')));
  for (const one of opened) if (one.status === 'fulfilled') await one.value.close();
  const failed = opened.find((one) => one.status === 'rejected');
  if (failed !== undefined && isErrno(failed.reason, 'EMFILE', 'ENFILE')) throw failed.reason;
};
