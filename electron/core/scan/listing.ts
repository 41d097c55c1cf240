import type { DirectoryRecord } from './record.ts';
import { isRacy, type Rules } from './rules.ts';
import { blockBytes, type ExactStats, type QuickStats, usedMs } from './stats.ts';

/**
 * Files with several links are looked at again one by one, in one thread. More of them than this in one directory, and
 * listing it again is as fast: that is shared among threads.
 */
const manyLinked = 32;

/** What stands directly in one directory, while it is being listed. */
export class Listing {
  readonly path: string;
  /** True when it must be listed again next time, whatever its times say. */
  again: boolean;
  files = 0;
  apparent = 0;
  allocated = 0;
  newestMs = Number.NEGATIVE_INFINITY;
  oldestMs = Number.POSITIVE_INFINITY;
  readonly #linked: string[] = [];
  #newestWriteMs = Number.NEGATIVE_INFINITY;

  constructor(path: string, again: boolean) {
    this.path = path;
    this.again = again;
  }

  /** A file with one link. */
  single(stats: QuickStats, atime: boolean): void {
    const used = usedMs(stats, atime);
    this.files += 1;
    this.apparent += stats.size;
    this.allocated += stats.blocks * blockBytes;
    if (used > this.newestMs) this.newestMs = used;
    if (used < this.oldestMs) this.oldestMs = used;
    if (stats.mtimeMs > this.#newestWriteMs) this.#newestWriteMs = stats.mtimeMs;
  }

  /** A file with several links: only its name stays, as the rest can change from outside. */
  linked(name: string, stats: QuickStats): void {
    this.#linked.push(name);
    if (stats.mtimeMs > this.#newestWriteMs) this.#newestWriteMs = stats.mtimeMs;
  }

  /** `stats` are those from before it was listed. */
  record(stats: ExactStats, rules: Rules): DirectoryRecord {
    const changedMs = Math.max(Number(stats.mtimeMs), Number(stats.ctimeMs));
    return {
      path: this.path,
      again: this.again || this.#linked.length > manyLinked || isRacy(rules, changedMs, this.#newestWriteMs),
      dev: stats.dev,
      ino: stats.ino,
      mtimeNs: stats.mtimeNs,
      ctimeNs: stats.ctimeNs,
      files: this.files,
      apparent: this.apparent,
      allocated: this.allocated,
      newestMs: this.newestMs,
      oldestMs: this.oldestMs,
      linked: this.#linked.length > manyLinked ? [] : this.#linked,
    };
  }
}
