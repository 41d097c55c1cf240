import type { BigIntStats } from 'node:fs';
import { type Identity, sameIdentity } from '../../../shared/identity.ts';
import { isErrno } from './errno.ts';
import type { Raw } from './raw.ts';
import { fs } from './seam.ts';

const number = (value: bigint): number | string =>
  value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);

export const identityOf = (stats: BigIntStats): Identity => ({
  dev: number(stats.dev),
  ino: number(stats.ino),
});

export type Kind = 'directory' | 'file' | 'link' | 'other';

export const kindOf = (stats: { isDirectory(): boolean; isFile(): boolean; isSymbolicLink(): boolean }): Kind =>
  stats.isDirectory() ? 'directory' : stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'link' : 'other';

/** What stands at a path, without following a link. Times in ms, mode with its type bits. */
export interface Facts {
  readonly kind: Kind;
  readonly identity: Identity;
  readonly uid: number;
  readonly mode: number;
  readonly size: number;
  readonly allocated: number;
  readonly links: number;
  /** When it was made, in ns, where the file system keeps that: an inode number is given again, a birth is not. */
  readonly born: string | null;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

export const factsOf = (stats: BigIntStats): Facts => ({
  kind: kindOf(stats),
  identity: identityOf(stats),
  uid: Number(stats.uid),
  mode: Number(stats.mode),
  size: Number(stats.size),
  allocated: Number(stats.blocks) * 512,
  links: Number(stats.nlink),
  born: stats.birthtimeNs > 0n ? String(stats.birthtimeNs) : null,
  mtimeMs: Number(stats.mtimeNs / 1000n) / 1000,
  ctimeMs: Number(stats.ctimeNs / 1000n) / 1000,
});

/** `lstat`; null when nothing is there. Other errors are thrown as they come. */
export const look = (path: string | Raw): Facts | null => {
  try {
    return factsOf(fs.lstatSync(path, { bigint: true }));
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
};

/** What tells one thing from another: see `Facts`. */
type Known = Pick<Facts, 'identity' | 'born'>;

/** An inode number that was freed is given to the next that is made: the time of birth tells them apart. */
export const anotherBirth = (one: string | null, other: string | null): boolean =>
  one !== null && other !== null && one !== other;

/**
 * Is it the thing that was known? Its device may have another number by now: after a reboot, and on btrfs, overlay,
 * network and removable file systems whenever they are mounted again. Then the inode has to do, within one boot
 * together with the time of birth. Only asked about names that nobody else makes.
 */
export const isSameThing = (known: Known, now: Known, sameBoot: boolean): boolean => {
  if (anotherBirth(known.born, now.born)) return false;
  if (sameIdentity(known.identity, now.identity)) return true;
  if (String(known.identity.ino) !== String(now.identity.ino)) return false;
  return !sameBoot || (known.born !== null && known.born === now.born);
};
