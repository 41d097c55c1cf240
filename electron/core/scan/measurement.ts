import type { Progress, Sizes, Unreadable } from '../../../shared/model.ts';
import type { Rewritten } from '../catalog/tool.ts';

export interface MeasureRequest {
  /** Absolute path of what is measured: a directory, or one file. */
  readonly root: string;
  /** Which parts the tool writes in place: those are never taken from memory. */
  readonly rewritten: Rewritten;
  /** The file in which the record of the last scan of this root is kept; null keeps none. */
  readonly memory: string | null;
}

export interface MeasureOptions extends MeasureRequest {
  readonly signal?: AbortSignal | undefined;
  /** About every 100 ms while it is measured: entries and allocated bytes so far. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * What a tree holds. Sizes are bytes, directories included. `allocated` is what `du -s -B1` says, and `apparent` what
 * `du -s -B1 --apparent-size` of coreutils 9.1 says: it counts directories and links by their st_size too, and a
 * hard-linked inode once. (From coreutils 9.2 on, `--apparent-size` counts regular files and links only: NEWS of 9.2.)
 * `reclaimable` is `allocated` without inodes that have more links than were seen inside.
 *
 * Nothing behind a link and nothing on another mount is in it.
 */
export interface Measurement {
  /** True when nothing is there, or a symbolic link is (then `unreadable` says so). */
  readonly absent: boolean;
  /** Everything that is not a directory; each name counts. */
  readonly files: number;
  readonly directories: number;
  readonly bytes: Sizes;
  /**
   * Newest and oldest use of anything that is not a directory, ms since 1970: the later of mtime and atime, mtime
   * alone on a `noatime` mount. Null when there is none. In directories taken from memory it is the use that was
   * known when they were last listed: reading a file changes nothing in its directory.
   */
  readonly newestMs: number | null;
  readonly oldestMs: number | null;
  /** What could not be measured, mounts that were not entered included; the first 1000. */
  readonly unreadable: readonly Unreadable[];
  readonly unreadableCount: number;
  /** Paths of mounts, and of volumes with a device number of their own, that were not entered; the first 1000. */
  readonly skipped: readonly string[];
  /** How many directories were taken from the record of the last scan. */
  readonly reused: number;
}

/** How many unreadable paths are named; all are counted. */
export const maxNamed = 1000;
