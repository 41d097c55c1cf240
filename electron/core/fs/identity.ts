import type { BigIntStats } from 'node:fs';
import type { Identity } from '../../../shared/ids.ts';
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
