import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { isErrno } from './errno.ts';
import type { Raw } from './raw.ts';
import { fs } from './seam.ts';

/** What keeps even root from changing a thing, and the words of the command that takes it off. */
export interface Flag {
  readonly name: 'immutable' | 'append-only';
  readonly removal: string;
}

/** lsattr answers in a few ms; one that hangs (a disk that does) is not waited for. */
const patienceMs = 1000;

/** `----i---------e------- /x/y`: the letters of chattr(1). */
export const parseLsattr = (text: string): Flag | null => {
  const letters = /^[A-Za-z-]+(?= )/.exec(text)?.[0] ?? '';
  if (letters.includes('i')) return { name: 'immutable', removal: 'chattr -i' };
  return letters.includes('a') ? { name: 'append-only', removal: 'chattr -a' } : null;
};

/** `drwxr-xr-x  2 anna  staff  uchg,hidden 64 …`: the names of chflags(1), in the fifth column of `ls -lO`. */
export const parseLsFlags = (text: string): Flag | null => {
  const flags = (text.trim().split(/\s+/)[4] ?? '').split(',');
  for (const flag of ['uchg', 'schg'] as const) {
    if (flags.includes(flag)) return { name: 'immutable', removal: `chflags no${flag}` };
  }
  for (const flag of ['uappnd', 'sappnd'] as const) {
    if (flags.includes(flag)) return { name: 'append-only', removal: `chflags no${flag}` };
  }
  return null;
};

const said = (command: string, words: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    const options = { timeout: patienceMs, env: { ...process.env, LC_ALL: 'C' }, encoding: 'utf8' as const };
    // A command that is not there, a file system without flags, no time left: nothing was said.
    execFile(command, words, options, (_, stdout) => resolve(stdout));
  });

/** Linux answers EPERM, and not EACCES, when the right to write is asked about what is immutable: that needs no program. */
const isImmutable = (path: Raw): boolean => {
  try {
    fs.accessSync(path, constants.W_OK);
    return false;
  } catch (thrown) {
    return isErrno(thrown, 'EPERM');
  }
};

/**
 * The immutable or append-only flag that the file or folder itself carries; null when it has neither, or when it cannot be told.
 * May ask the system's own program, since Node has no ioctl(2): some ms, so only where something has failed. Never for a link.
 */
export const flagOf = async (path: Raw): Promise<Flag | null> => {
  if (process.platform === 'linux' && isImmutable(path)) return { name: 'immutable', removal: 'chattr -i' };
  const text = path.toString('utf8');
  // Words of a command are text: a name that is none cannot be asked about.
  if (!Buffer.from(text).equals(path)) return null;
  if (process.platform === 'linux') return parseLsattr(await said('lsattr', ['-d', '--', text]));
  if (process.platform === 'darwin') return parseLsFlags(await said('/bin/ls', ['-ldO', '--', text]));
  return null;
};
