/** What a scan reads of `lstat` with exact numbers; sizes in bytes, blocks of 512 bytes. */
export interface ExactStats {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly nlink: bigint;
  readonly size: bigint;
  readonly blocks: bigint;
  readonly atimeMs: bigint;
  readonly mtimeMs: bigint;
  readonly ctimeMs: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** The same in doubles, which are made much faster; `ino` is exact up to 2^53. */
export interface QuickStats {
  readonly mode: number;
  readonly dev: number;
  readonly ino: number;
  readonly nlink: number;
  readonly size: number;
  readonly blocks: number;
  readonly atimeMs: number;
  readonly mtimeMs: number;
}

/** What Linux, macOS and Windows count `blocks` in (stat(2); libuv makes Windows do the same). */
export const blockBytes = 512;

/** Time of last use in ms: the later of writing and, where the mount keeps that, reading. */
export const usedMs = (stats: QuickStats, atime: boolean): number =>
  atime && stats.atimeMs > stats.mtimeMs ? stats.atimeMs : stats.mtimeMs;
