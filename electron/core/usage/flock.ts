import { spawn } from 'node:child_process';
import { sameIdentity } from '../../../shared/identity.ts';
import { isErrno } from '../fs/errno.ts';
import { factsOf } from '../fs/identity.ts';
import { reader } from '../fs/reader.ts';
import { fs } from '../fs/seam.ts';

/** A file that this process has locked with flock(2), exclusively. Freed by `release`, or by its death. */
export interface Flock {
  release(): void;
}

/**
 * `busy`: somebody has it. `absent`: there is no such file (any more). `cannot`: this machine or this user has no way
 * to lock it. `not-lockable`: its file system does not.
 */
export type FlockRefusal = 'busy' | 'absent' | 'cannot' | 'not-lockable';

/** flock(1) that does not answer is killed: some file systems let even a try wait (ms). */
const longestTryMs = 5000;

/** What flock(1) ends with when somebody else has the lock. */
const conflict = 1;

/**
 * Node has no flock(2). flock(1) of util-linux or busybox locks the open file that it inherits as its third
 * descriptor; such a lock belongs to the open file, so it stays with us when that program has ended.
 */
const lockThrough = (fd: number): Promise<FlockRefusal | null> =>
  new Promise((resolve) => {
    const child = spawn('flock', ['-n', '-x', '3'], {
      stdio: ['ignore', 'ignore', 'ignore', fd],
      timeout: longestTryMs,
    });
    child.once('error', () => resolve('cannot'));
    child.once('exit', (code) => resolve(code === 0 ? null : code === conflict ? 'busy' : 'not-lockable'));
  });

/** The lock of the file that is open, if the path still leads to it. */
const checked = (path: string, fd: number): Flock | 'busy' => {
  const now = reader.facts(path);
  const mine = factsOf(fs.fstatSync(fd, { bigint: true }));
  if (now !== null && sameIdentity(now.identity, mine.identity)) return { release: () => reader.close(fd) };
  reader.close(fd);
  return 'busy';
};

const onLinux = async (path: string): Promise<Flock | FlockRefusal> => {
  const fd = reader.open(path);
  if (fd === null) return reader.facts(path) === null ? 'absent' : 'cannot';
  const refusal = await lockThrough(fd);
  if (refusal === null) return checked(path, fd);
  reader.close(fd);
  return refusal;
};

/** O_EXLOCK of open(2) on macOS: opened and locked with flock(2) in one step. Never run here: nobody could try it. */
const exclusiveOnOpen = 0x20;

const onMac = (path: string): Flock | FlockRefusal => {
  try {
    const flags = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK | fs.constants.O_NOFOLLOW | exclusiveOnOpen;
    return checked(path, fs.openSync(path, flags));
  } catch (thrown) {
    if (isErrno(thrown, 'EAGAIN', 'EWOULDBLOCK')) return 'busy';
    if (isErrno(thrown, 'ENOENT')) return 'absent';
    return isErrno(thrown, 'EOPNOTSUPP', 'ENOTSUP', 'ENOLCK') ? 'not-lockable' : 'cannot';
  }
};

/**
 * Tries once, without waiting, to lock a file that is there; it is never made. Links are not followed. On Windows it
 * always `cannot`: tools lock there by other means. Never throws.
 */
export const tryFlock = async (path: string): Promise<Flock | FlockRefusal> => {
  if (process.platform === 'linux') return onLinux(path);
  return process.platform === 'darwin' ? onMac(path) : 'cannot';
};
