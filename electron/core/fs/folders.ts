import { basename, dirname } from 'node:path';
import { CodedError } from '../../../shared/errors.ts';
import { errnoName, isErrno } from './errno.ts';
import { DirectoryHandle } from './handle.ts';
import type { Facts } from './identity.ts';
import { type Raw, raw, showRaw } from './raw.ts';
import { fs } from './seam.ts';

/** Paths as text of which each character is one byte, so that none is lost. */
export const keyOf = (path: Raw): string => path.toString('latin1');
export const fromKey = (key: string): Raw => Buffer.from(key, 'latin1');

/**
 * Opens a folder that is reached without links: `path` is canonical, or it is not the one that was meant.
 * @throws CodedError `changed` when a link leads there by now, and what the system says.
 */
export const openReal = async (path: Raw): Promise<DirectoryHandle> => {
  const real: Raw = await fs.promises.realpath(path, 'buffer');
  if (!real.equals(path)) {
    const message = `${showRaw(path)} leads to ${showRaw(real)} by now. Links are not followed: look again, then decide.`;
    throw new CodedError({ code: 'changed', path: showRaw(path), message });
  }
  return DirectoryHandle.open(path);
};

const mostOpen = 16;

/** Folders by their paths, each opened when it is needed. Only a few are kept open; the least recent is closed. */
export class Folders {
  readonly #open = new Map<string, DirectoryHandle>();

  /** @throws see {@link openReal}. */
  async at(path: Raw): Promise<DirectoryHandle> {
    const key = keyOf(path);
    const known = this.#open.get(key);
    if (known !== undefined) {
      this.#open.delete(key);
      this.#open.set(key, known);
      return known;
    }
    const handle = await openReal(path);
    this.#open.set(key, handle);
    const [oldest] = this.#open;
    if (this.#open.size > mostOpen && oldest !== undefined) {
      this.#open.delete(oldest[0]);
      await oldest[1].close();
    }
    return handle;
  }

  async close(): Promise<void> {
    const all = [...this.#open.values()];
    this.#open.clear();
    for (const handle of all) await handle.close();
  }
}

/** mkdir(2), less the umask. @throws EEXIST when anything has that name, and what else the system says. */
export const makeFolder = async (parent: DirectoryHandle, name: Raw, mode: number): Promise<void> => {
  await fs.promises.mkdir(parent.at(name), { mode });
};

/** rmdir(2): false when it is not empty, true when it is not there any more. */
export const removeEmptyFolder = async (parent: DirectoryHandle, name: Raw): Promise<boolean> => {
  try {
    await fs.promises.rmdir(parent.at(name));
    return true;
  } catch (thrown) {
    if (isErrno(thrown, 'ENOENT')) return true;
    if (isErrno(thrown, 'ENOTEMPTY', 'EEXIST')) return false;
    throw thrown;
  }
};

/**
 * Makes a folder that is gone, and those above it that are gone too, with the mode of the first that is there. That one
 * has to be on `dev`: else the disk is not the one on which the folder was.
 * @throws see {@link openReal}; `io` when another disk stands there.
 */
export const makeFoldersTo = async (path: Raw, dev: number | string): Promise<void> => {
  const gone: Raw[] = [];
  let at = path;
  let above: DirectoryHandle | null = null;
  while (above === null) {
    try {
      above = await openReal(at);
    } catch (thrown) {
      const parent = fromKey(dirname(keyOf(at)));
      if (!isErrno(thrown, 'ENOENT') || parent.equals(at)) throw thrown;
      gone.unshift(fromKey(basename(keyOf(at))));
      at = parent;
    }
  }
  try {
    if (gone.length > 0 && String(above.facts.identity.dev) !== String(dev)) {
      const message = `Another disk stands at ${showRaw(at)} than the one that held ${showRaw(path)}. Mount that one, then try again.`;
      throw new CodedError({ code: 'io', detail: errnoName(18), path: showRaw(path), message });
    }
    for (const name of gone) {
      await makeFolder(above, name, above.facts.mode & 0o777).catch((thrown: unknown) => {
        if (!isErrno(thrown, 'EEXIST')) throw thrown;
      });
      await above.sync();
      const next: DirectoryHandle = await DirectoryHandle.open(above.at(name));
      await above.close();
      above = next;
    }
  } finally {
    await above.close();
  }
};

/** The names of pieces in their copy. */
export const numberName = (n: number): Raw => raw(String(n));

/** Which of them are there. */
export const numbersIn = async (folder: DirectoryHandle): Promise<ReadonlySet<number>> =>
  new Set((await fs.promises.readdir(folder.at(raw('.')))).filter((name) => /^\d+$/.test(name)).map(Number));

/** Node has so many threads for calls that wait for a disk. */
const atOnce = 4;

/** What stands under these names, several looked at at once. */
export const lookAtAll = async (folder: DirectoryHandle, names: readonly Raw[]): Promise<readonly (Facts | null)[]> => {
  const all: (Facts | null)[] = [];
  for (let at = 0; at < names.length; at += atOnce) {
    all.push(...(await Promise.all(names.slice(at, at + atOnce).map((name) => folder.look(name)))));
  }
  return all;
};
