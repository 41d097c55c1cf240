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

/**
 * Short sentences for the errors that clearing meets, each with what to do about it. They are true of every place;
 * `explain.ts` finds out what is the case at one.
 */
const sentences: Readonly<Record<string, string>> = {
  EACCES: 'permission denied: you have no rights to it, or to the folder that holds it. Try again as its owner',
  EPERM:
    'not permitted: it belongs to somebody else or carries an immutable flag (lsattr shows it, chattr -i removes it)',
  EBUSY: 'busy: it is a mount point or in use by the system. Unmount it, then try again',
  EROFS: 'the file system is read-only: mount it writable, then try again',
  EXDEV:
    'it stands on another file system layer (an overlay or a subvolume), so it cannot be renamed in one step; nothing was copied',
  ENOENT: 'it is not there any more: there is nothing to do for it',
  ENOTDIR: 'a part of the path is not a directory any more: look again, then try again',
  ENOTEMPTY: 'the directory is not empty: something is still being written into it. Let that end, then try again',
  EEXIST: 'something with that name is there already: look at it, then try again',
  ELOOP: 'it is a symbolic link, and links are not followed: look at what it leads to',
  ENAMETOOLONG: 'the name is too long for the file system: give it a shorter one, then try again',
  ENOSPC: 'no space is left on the device: free some there by other means, then try again',
  EDQUOT: 'the disk quota is used up: free something else there or have it raised, then try again',
  EIO: "the device reported an input/output error: look in the system's log and check the disk, then try again",
  ESTALE:
    'the network file system lost this file: it was removed or replaced on the server. Look again, then try again',
  EMFILE: 'this process has too many files open: raise the limit (ulimit -n), then try again',
  ENFILE: 'the system has too many files open: end some programs, then try again',
  ETXTBSY: 'a program is running from it: end that program, then try again',
};

/** The short sentence for a number, with the next step; the system's own name of it where there is none. */
export const errnoSentence = (errno: number): string => {
  const name = errnoName(errno);
  return sentences[name] ?? `the system said ${name}`;
};

/** The number of a name (`ENOSPC`, `errno 116`); null when it is neither. */
export const errnoOf = (name: string): number | null => {
  const byNumber = /^errno (\d+)$/.exec(name)?.[1];
  if (byNumber !== undefined) return Number(byNumber);
  return (constants.errno as Readonly<Record<string, number>>)[name] ?? null;
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
