import type { Tool } from '../catalog/tool.ts';
import { fs } from '../fs/seam.ts';

/**
 * A place that is asked about: a unit, a set-aside copy, or a whole cache. Of a copy, root and tool are null: its tool
 * does not come to it any more, so who only works with the cache does not use it.
 */
export interface UsePlace {
  readonly path: string;
  /** The cache that it is, or is a part of; null when none is known. */
  readonly root: string | null;
  readonly tool: Tool | null;
}

/** A place, and the names by which /proc shows it. Paths hold their bytes as latin1: one character is one byte. */
export interface Question extends UsePlace {
  /** Its canonical path. */
  readonly bytes: string;
  /** The canonical path of its cache. */
  readonly rootBytes: string | null;
}

/** Links in /proc are canonical paths. What is not there is looked for under the name it was given. */
export const canonical = (path: string): string => {
  try {
    return fs.realpathSync.native(path, 'buffer').toString('latin1');
  } catch {
    return Buffer.from(path, 'utf8').toString('latin1');
  }
};

export const questionOf = (place: UsePlace): Question => ({
  ...place,
  bytes: canonical(place.path),
  rootBytes: place.root === null ? null : canonical(place.root),
});

/** No path holds a NUL: these can be told from places. */
export const rootKey = (root: string): string => `\0root\0${root}`;
export const lockKey = (file: string): string => `\0lock\0${file}`;
