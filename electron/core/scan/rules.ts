import { sep } from 'node:path';
import type { Rewritten } from '../catalog/tool.ts';
import { type Mount, mountOf, mountsBelow } from '../fs/mounts.ts';
import { keyOf } from './place.ts';

/** What every thread of one measurement goes by. Structured-clonable. Paths and names are latin1 keys. */
export interface Rules {
  /** Canonical path of the root. */
  readonly root: string;
  readonly dev: bigint;
  /** Whether the mount keeps the time of last reading. */
  readonly atime: boolean;
  readonly startedMs: number;
  /** Whether directories are recorded for the next scan. */
  readonly keep: boolean;
  /** Directories whose files are written in place, `''` for the root's own files. */
  readonly rewritten: readonly string[];
  /** Names of mount points, by the directory that they stand in. */
  readonly mounts: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Names of mounts below `root` by their parent; empty where the system has no table of mounts. */
export const mountNames = (root: string, all: readonly Mount[] | null): Map<string, Set<string>> => {
  const names = new Map<string, Set<string>>();
  const prefix = keyOf(root).length + 1;
  for (const { point } of all === null ? [] : mountsBelow(root, all)) {
    const path = point.slice(prefix);
    const cut = path.lastIndexOf(sep);
    const parent = cut < 0 ? '' : path.slice(0, cut);
    names.set(parent, (names.get(parent) ?? new Set()).add(path.slice(cut + 1)));
  }
  return names;
};

/** Unknown mounts are taken to keep the time of last reading, as most do in some way. */
export const keepsAtime = (root: string, all: readonly Mount[] | null): boolean =>
  all === null || !mountOf(root, all)?.options.includes('noatime');

export const rewrittenKeys = (rewritten: Rewritten): readonly string[] =>
  typeof rewritten === 'string' ? [] : rewritten.map((path) => keyOf(path.split('/').join(sep)));

/** True for the directories that the record of a scan holds: all but those below one that is rewritten. */
export const isRecorded = (rules: Rules, path: string): boolean =>
  rules.keep && !rules.rewritten.some((place) => place !== '' && path.startsWith(place + sep));

/** True when the children of a recorded directory are not recorded: it is walked whole each time. */
export const isWalkedWhole = (rules: Rules, path: string): boolean => path !== '' && rules.rewritten.includes(path);

/**
 * A directory that changed less than this before the scan is listed again next time: another change within one tick
 * of the file system's clock would leave its times as they are (2 s is the tick of FAT).
 */
const racyDirectoryMs = 2_000;

/**
 * The same when a file in it was written less than this ago: it may still be growing, which its directory does not
 * show, and btrfs, XFS and ZFS settle its blocks some seconds after it was written.
 */
const racyFileMs = 10_000;

/** True when what was just listed may change without a trace. Times in ms since 1970. */
export const isRacy = (rules: Rules, directoryMs: number, newestWriteMs: number): boolean =>
  directoryMs > rules.startedMs - racyDirectoryMs || newestWriteMs > rules.startedMs - racyFileMs;
