import { sep } from 'node:path';
import { joinRaw, type Raw, raw } from '../fs/raw.ts';
import { fs } from '../fs/seam.ts';

/** Where paths of a part of the tree start: the root, or an opened directory deep in it. */
interface Base {
  /** Bytes of the path that names it. */
  readonly length: number;
  /** Its path relative to the root. */
  readonly relative: Raw;
  readonly deep: boolean;
}

/**
 * A directory on a walk. `path` is what the system is asked with: a string, or bytes from the first name on that is
 * not UTF-8.
 */
export interface Place {
  readonly path: string | Raw;
  readonly base: Base;
}

const linux = process.platform === 'linux';

/** PATH_MAX is 4096 bytes on Linux, a name at most 255: a directory up to here can name its children. */
const longest = 3500;

export const placeOf = (root: string, relative: Raw): Place => {
  const base = { length: Buffer.byteLength(root), relative: raw(''), deep: false };
  if (relative.length === 0) return { path: root, base };
  const text = relative.toString('utf8');
  const path = text.includes('\uFFFD') ? joinRaw(raw(root), relative) : root + sep + text;
  return { path, base };
};

/** The path that asks for a child. */
export const childPath = (path: string | Raw, name: string | Raw): string | Raw =>
  typeof path === 'string' && typeof name === 'string' ? path + sep + name : joinRaw(bytesOf(path), bytesOf(name));

const bytesOf = (name: string | Raw): Raw => (typeof name === 'string' ? raw(name) : name);

/** The path from the root, byte for byte. */
export const relativeOf = ({ path, base }: Place): Raw => {
  const below = bytesOf(path).subarray(base.length + 1);
  if (below.length === 0) return base.relative;
  return base.relative.length === 0 ? below : joinRaw(base.relative, below);
};

/** True when children need a shorter way than by path; only Linux has one. */
export const isTooLong = ({ path }: Place): boolean =>
  linux && path.length > longest / 3 && Buffer.byteLength(path) > longest;

/**
 * The same place, named through an opened descriptor, so that the path starts anew (proc(5), /proc/pid/fd). The
 * caller closes `fd` after the last path made from it.
 */
export const rebase = (place: Place): { readonly place: Place; readonly fd: number } => {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants;
  const fd = fs.openSync(place.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  const path = `/proc/self/fd/${fd}`;
  return { fd, place: { path, base: { length: path.length, relative: relativeOf(place), deep: true } } };
};

/** Names in a directory: strings, or bytes when one of them (or the path) is not UTF-8. */
export const namesIn = (path: string | Raw): readonly (string | Raw)[] => {
  if (typeof path !== 'string') return fs.readdirSync(path, 'buffer');
  const names = fs.readdirSync(path, 'utf8');
  // Several names that are not UTF-8 decode to one string with U+FFFD; a real U+FFFD only costs the second look.
  return names.some((name) => name.includes('\uFFFD')) ? fs.readdirSync(path, 'buffer') : names;
};

/** Bytes as latin1: a string that can be a key, and compares as the bytes do. */
export const keyOf = (name: string | Uint8Array): string =>
  (typeof name === 'string' ? raw(name) : Buffer.from(name.buffer, name.byteOffset, name.length)).toString('latin1');
