import { dirname, join, resolve } from 'node:path';
import { isErrno } from './errno.ts';
import { look } from './identity.ts';
import { fs } from './seam.ts';

/** The program's own files: database, records of scans, locks. Nothing here is ever used on a cache. */

const isDirectory = (path: string): boolean => fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Makes a directory that only this user may read, and those above it that are not there. */
export const makeOwnDirectory = (path: string): void => {
  // Not Node's `recursive`: where nothing can be made in a folder that is there (/proc), it tries for ever.
  const missing: string[] = [];
  for (let at = resolve(path); !isDirectory(at) && dirname(at) !== at; at = dirname(at)) missing.unshift(at);
  for (const folder of missing) {
    try {
      fs.mkdirSync(folder, { mode: 0o700 });
    } catch (error) {
      // Another process was first.
      if (!isErrno(error, 'EEXIST') || !isDirectory(folder)) throw error;
    }
  }
};

/** The file's size in bytes, or null when it is not there. */
export const ownFileSize = (path: string): number | null => look(path)?.size ?? null;

/** Renames and makes it durable. False when `from` is not there. */
export const renameOwnFile = (from: string, to: string): boolean => {
  try {
    fs.renameSync(from, to);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
  syncDirectory(dirname(to));
  return true;
};

/** Removes one file; nothing happens when it is not there. */
export const removeOwnFile = (path: string): void => {
  try {
    fs.unlinkSync(path);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
};

/** Removes the files of a folder whose names match. What cannot be read or removed stays: never throws. */
export const removeOwnFiles = (folder: string, names: RegExp): void => {
  try {
    for (const name of fs.readdirSync(folder)) if (names.test(name)) removeOwnFile(join(folder, name));
  } catch {
    // Whoever needs the folder says what is wrong with it.
  }
};

/** Writes a small file as a whole or not at all, durably. */
export const writeOwnFile = (path: string, text: string): void => {
  const fresh = `${path}.${process.pid}.new`;
  const fd = fs.openSync(fresh, 'w', 0o600);
  try {
    fs.writeFileSync(fd, text);
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
  renameOwnFile(fresh, path);
};

/** The file's text, or null when it is not there. */
export const readOwnFile = (path: string): string | null => {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
};

/**
 * Makes an empty file, with these rights whatever the umask; nothing happens when something is there already, and
 * nothing is opened then: closing a descriptor of a file drops the locks that this process has on it (fcntl_locking(2)).
 */
export const touchOwnFile = (path: string, mode = 0o600): void => {
  let fd: number;
  try {
    fd = fs.openSync(path, 'wx', mode);
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return;
    throw error;
  }
  try {
    if (mode !== 0o600) fs.fchmodSync(fd, mode);
  } finally {
    fs.closeSync(fd);
  }
};

export const syncFile = (path: string): void => {
  const fd = fs.openSync(path, 'r+');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
};

const syncDirectory = (path: string): void => {
  if (process.platform === 'win32') return;
  const fd = fs.openSync(path, 'r');
  try {
    fs.fsyncSync(fd);
  } catch (error) {
    if (!isErrno(error, 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP')) throw error;
  } finally {
    fs.closeSync(fd);
  }
};
