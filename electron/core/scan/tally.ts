import { join } from 'node:path';
import type { Unreadable } from '../../../shared/model.ts';
import type { Batch } from './batch.ts';
import { LinkLedger } from './links.ts';
import { type Measurement, maxNamed } from './measurement.ts';

const elsewhere = 'another file system is mounted here: it was not entered and is not counted';

/** Adds batches of all threads up to one measurement. */
export class Tally {
  readonly #root: string;
  readonly #links = new LinkLedger();
  readonly #unreadable: Unreadable[] = [];
  readonly #skipped: string[] = [];
  #unreadableCount = 0;
  #files = 0;
  #directories = 0;
  #apparent = 0;
  #allocated = 0;
  #newestMs = Number.NEGATIVE_INFINITY;
  #oldestMs = Number.POSITIVE_INFINITY;

  constructor(root: string) {
    this.#root = root;
  }

  add(batch: Batch): void {
    this.#files += batch.files;
    this.#directories += batch.directories;
    this.#apparent += batch.apparent;
    this.#allocated += batch.allocated;
    this.#newestMs = Math.max(this.#newestMs, batch.newestMs);
    this.#oldestMs = Math.min(this.#oldestMs, batch.oldestMs);
    this.#links.add(batch.links);
    for (const one of batch.unreadable) this.#name(one);
    this.#unreadableCount += batch.unreadableCount;
    for (const path of batch.skipped) {
      if (this.#skipped.length < maxNamed) this.#skipped.push(join(this.#root, path));
      this.#name({ path, errno: 0, message: elsewhere });
      this.#unreadableCount += 1;
    }
  }

  result(reused: number): Measurement {
    const allocated = this.#allocated + this.#links.allocated;
    return {
      absent: false,
      files: this.#files,
      directories: this.#directories,
      bytes: {
        apparent: this.#apparent + this.#links.apparent,
        allocated,
        reclaimable: allocated - this.#links.outside,
      },
      newestMs: Number.isFinite(this.#newestMs) ? this.#newestMs : null,
      oldestMs: Number.isFinite(this.#oldestMs) ? this.#oldestMs : null,
      unreadable: this.#unreadable,
      unreadableCount: this.#unreadableCount,
      skipped: this.#skipped,
      reused,
    };
  }

  #name(one: Unreadable): void {
    if (this.#unreadable.length < maxNamed) this.#unreadable.push({ ...one, path: join(this.#root, one.path) });
  }
}
