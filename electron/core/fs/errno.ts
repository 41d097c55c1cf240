import { constants } from 'node:os';

/** A failed system call: its positive number (Node's `code` has no name for some, ESTALE for one), and words. */
export interface SystemError {
  readonly errno: number;
  readonly code: string;
  readonly message: string;
}

const names = new Map<number, string>(Object.entries(constants.errno).map(([name, number]) => [number, name]));

/** `ENOSPC` for 28. Node has no name for some (ESTALE): those get their number. */
export const errnoName = (errno: number): string => names.get(errno) ?? `errno ${errno}`;

/** Plain sentences for the errors that clearing meets, with what to do about them. */
const sentences: Readonly<Record<string, string>> = {
  EACCES: 'permission denied: you have no rights to it, or to the folder that holds it',
  EPERM: 'not permitted: it belongs to somebody else or carries an immutable flag (lsattr shows it)',
  EBUSY: 'busy: it is a mount point or in use by the system',
  EROFS: 'the file system is read-only',
  EXDEV: 'it stands on another file system layer (an overlay or a subvolume), so it cannot be renamed in one step',
  ENOENT: 'it is not there any more',
  ENOTDIR: 'a part of the path is not a directory',
  ENOTEMPTY: 'the directory is not empty: something is still being written into it',
  EEXIST: 'something with that name is there already',
  ELOOP: 'it is a symbolic link, and links are not followed',
  ENAMETOOLONG: 'the name is too long for the file system',
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EIO: 'the device reported an input/output error',
  ESTALE: 'the network file system lost this file',
  EMFILE: 'this process has too many files open',
  ENFILE: 'the system has too many files open',
  ETXTBSY: 'a program is running from it',
};

/** The numbers and words of anything thrown by `fs`; null when it is not an error of the system. */
export const systemError = (thrown: unknown): SystemError | null => {
  if (!(thrown instanceof Error)) return null;
  const { errno, code } = thrown as NodeJS.ErrnoException;
  if (typeof errno !== 'number') return null;
  const number = Math.abs(errno);
  const name = names.get(number) ?? code ?? errnoName(number);
  return { errno: number, code: name, message: sentences[name] ?? thrown.message };
};

/** True when `thrown` is the system error of that name. */
export const isErrno = (thrown: unknown, ...codes: readonly string[]): boolean => {
  const error = systemError(thrown);
  return error !== null && codes.includes(error.code);
};
