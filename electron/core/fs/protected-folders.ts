import { dirname, isAbsolute, relative, sep } from 'node:path';
import type { Identity } from '../../../shared/identity.ts';
import { look } from './identity.ts';
import { fs } from './seam.ts';

const key = (identity: Identity): string => `${identity.dev}:${identity.ino}`;

const keyAt = (path: string): string | null => {
  try {
    const facts = look(path);
    return facts === null ? null : key(facts.identity);
  } catch {
    return null;
  }
};

/** The place itself and all that hold it, innermost first. */
const chain = (path: string): readonly string[] => {
  const parent = dirname(path);
  return parent === path ? [path] : [path, ...chain(parent)];
};

const isWithin = (path: string, folder: string): boolean => {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
};

interface Folder {
  /** As it was stored. */
  readonly path: string;
  /** What it is now, links followed. */
  readonly real: string;
  /** Its identity now; null while it is not there. */
  readonly key: string | null;
}

const folderAt = (path: string): Folder => {
  try {
    const real = fs.realpathSync.native(path);
    return { path, real, key: keyAt(real) };
  } catch {
    // Not there now (a disk that is not connected): it is known by its name alone.
    return { path, real: path, key: null };
  }
};

const howToChange = 'Take that folder off the protected ones in Settings if it may be cleared after all.';

/**
 * Folders that a person protected, as they stand when this is made. Compared by device and inode, so that no spelling,
 * link or second mount gets past them, and by name as well, for those that are not there at the moment.
 */
export class ProtectedFolders {
  readonly #folders: readonly Folder[];

  constructor(paths: readonly string[]) {
    this.#folders = paths.map(folderAt);
  }

  /** The folder that this canonical path is or stands in, in a sentence that says how to change that; null when free. */
  around(path: string): string | null {
    if (this.#folders.length === 0) return null;
    const keys = new Map(chain(path).map((at) => [keyAt(at), at]));
    const found = this.#folders.find(
      (folder) =>
        (folder.key !== null && keys.has(folder.key)) || isWithin(path, folder.path) || isWithin(path, folder.real),
    );
    if (found === undefined) return null;
    const is = found.real === path || found.path === path || keys.get(found.key) === path;
    return is
      ? `${path} is a folder that you protected. ${howToChange}`
      : `${path} stands in ${found.path}, a folder that you protected. ${howToChange}`;
  }

  /** The folder that stands somewhere in this canonical path, in such a sentence; null when none does. */
  inside(path: string): string | null {
    const own = this.#folders.length === 0 ? null : keyAt(path);
    const found = this.#folders.find(
      ({ path: stored, real }) =>
        isWithin(stored, path) || isWithin(real, path) || (own !== null && chain(real).some((at) => keyAt(at) === own)),
    );
    return found === undefined ? null : `${path} holds ${found.path}, a folder that you protected. ${howToChange}`;
  }
}
