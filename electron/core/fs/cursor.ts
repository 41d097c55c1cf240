import type { Raw } from './raw.ts';

/** What a directory lists: a name as bytes, and whether it is a real directory (a link to one is not). */
export interface Item {
  readonly name: Raw;
  readonly directory: boolean;
}

/** One name that is gone. `links`: how many names the file had, this one included; `allocated` in bytes. */
export interface Removed {
  readonly allocated: number;
  readonly links: number;
  readonly inode: string;
}

/** Thrown by `enter`: another mount stands there. It is never entered, whatever its device number says. */
export class MountBoundary extends Error {}

/** Thrown when a directory was moved or replaced while we stood in it. Nothing more is touched from there. */
export class TreeMoved extends Error {}

/**
 * A place in a tree that is being deleted, moved one step at a time. Every operation names a child of the directory
 * the cursor stands in, by handle or by working directory, never a path from the root: a directory that is swapped
 * for a link meanwhile leads nowhere. Operations throw system errors; the cursor stays where it was.
 */
export interface DeleteCursor {
  /** How many directories below the tree's top it stands. */
  readonly depth: number;
  list(): readonly Item[];
  /** Goes into a real directory on the same mount. Makes it readable when it is ours and is not. */
  enter(name: Raw): void;
  leave(): void;
  /** Unlinks a file, link, socket or pipe. Makes this directory writable when it is ours and is not. */
  remove(name: Raw): Removed;
  /** Removes an empty directory; how many bytes it occupied. */
  removeDirectory(name: Raw): number;
  /** Moves a child directory to the top of the tree under a new name, so that depth never exceeds what handles allow. */
  hoist(name: Raw, to: Raw): void;
  /** Leaves the tree and frees every handle. */
  close(): void;
}
