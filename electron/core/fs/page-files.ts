import fs from 'node:fs';
import { join, relative, sep } from 'node:path';
import { isErrno } from './errno.ts';

/** More than any page has; a wrong folder is noticed before it is in memory. */
const most = 2000;

/**
 * Every regular file below a folder of this program, whole, by the path of its URL (`/assets/a.js`): a list that no
 * request can widen. Links are not followed. Empty when the folder is not there.
 * Through Node's own `fs`, not the seam: in a package it stands in an archive, which Electron's `fs` can look into.
 */
export const readPageFiles = async (root: string): Promise<ReadonlyMap<string, Buffer>> => {
  const files = new Map<string, Buffer>();
  let entries: readonly fs.Dirent[];
  try {
    entries = await fs.promises.readdir(root, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return files;
    throw error;
  }
  if (entries.length > most) throw new Error(`${root} holds more than a page: ${entries.length} entries.`);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const url = relative(root, path).split(sep).map(encodeURIComponent).join('/');
    files.set(`/${url}`, await fs.promises.readFile(path));
  }
  return files;
};
