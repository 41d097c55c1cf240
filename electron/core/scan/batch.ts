import type { Unreadable } from '../../../shared/model.ts';
import { systemError } from '../fs/errno.ts';
import { type Raw, showRaw } from '../fs/raw.ts';
import { fs } from '../fs/seam.ts';
import { LinkRows } from './links.ts';
import { maxNamed } from './measurement.ts';
import { type DirectoryRecord, encodeRecord } from './record.ts';
import { blockBytes, type QuickStats, usedMs } from './stats.ts';

/** Totals of what stands in directories and has one link. */
interface Totals {
  readonly files: number;
  readonly apparent: number;
  readonly allocated: number;
  readonly newestMs: number;
  readonly oldestMs: number;
}

/** What a walker has found since it last said something. Structured-clonable. Paths are relative, and for showing. */
export interface Batch extends Totals {
  readonly directories: number;
  readonly links: Float64Array<ArrayBuffer>;
  readonly records: readonly Uint8Array<ArrayBuffer>[];
  readonly unreadable: readonly Unreadable[];
  readonly unreadableCount: number;
  readonly skipped: readonly string[];
}

/** A batch is sent at about this many bytes, so that memory stays small in any tree. */
const enough = 1024 * 1024;

const rowBytes = 48;

/** Gathers a batch. */
export class Gathering {
  #files = 0;
  #directories = 0;
  #apparent = 0;
  #allocated = 0;
  #newestMs = Number.NEGATIVE_INFINITY;
  #oldestMs = Number.POSITIVE_INFINITY;
  readonly #links = new LinkRows();
  #records: Buffer[] = [];
  #recordBytes = 0;
  #unreadable: Unreadable[] = [];
  #unreadableCount = 0;
  #skipped: string[] = [];

  get full(): boolean {
    return this.#recordBytes + this.#links.count * rowBytes > enough;
  }

  /** A directory's own bytes. */
  directory(apparent: number, allocated: number): void {
    this.#directories += 1;
    this.#apparent += apparent;
    this.#allocated += allocated;
  }

  add(totals: Totals): void {
    this.#files += totals.files;
    this.#apparent += totals.apparent;
    this.#allocated += totals.allocated;
    this.#use(totals.newestMs, totals.oldestMs);
  }

  /** One name of a file with several links. */
  linked(path: string | Raw, stats: QuickStats, atime: boolean): void {
    // Above 2^53 (overlayfs, ReFS) two inodes could round to one number.
    const exact = Number.isSafeInteger(stats.ino)
      ? undefined
      : fs.lstatSync(path, { bigint: true, throwIfNoEntry: false });
    const ino = exact?.ino ?? stats.ino;
    this.#files += 1;
    this.#links.add(stats.dev, ino, stats.nlink, stats.blocks * blockBytes, stats.size);
    const used = usedMs(stats, atime);
    this.#use(used, used);
  }

  unreadable(path: Raw, error: unknown): void {
    const known = systemError(error);
    // Anything else is a mistake in this program and must not look like a property of the tree.
    if (known === null) throw error;
    this.#unreadableCount += 1;
    if (this.#unreadable.length >= maxNamed) return;
    this.#unreadable.push({ path: showRaw(path), errno: known.errno, message: known.message });
  }

  skip(path: Raw): void {
    if (this.#skipped.length < maxNamed) this.#skipped.push(showRaw(path));
  }

  record(record: DirectoryRecord): void {
    const bytes = encodeRecord(record);
    this.#records.push(bytes);
    this.#recordBytes += bytes.length;
  }

  take(): Batch {
    const batch: Batch = {
      files: this.#files,
      directories: this.#directories,
      apparent: this.#apparent,
      allocated: this.#allocated,
      newestMs: this.#newestMs,
      oldestMs: this.#oldestMs,
      links: this.#links.take(),
      // Copied into one buffer of its own: it is transferred, and small Buffers share theirs with others.
      records: this.#records.length === 0 ? [] : [new Uint8Array(Buffer.concat(this.#records))],
      unreadable: this.#unreadable,
      unreadableCount: this.#unreadableCount,
      skipped: this.#skipped,
    };
    this.#files = this.#directories = this.#apparent = this.#allocated = 0;
    this.#newestMs = Number.NEGATIVE_INFINITY;
    this.#oldestMs = Number.POSITIVE_INFINITY;
    this.#records = [];
    this.#recordBytes = this.#unreadableCount = 0;
    this.#unreadable = [];
    this.#skipped = [];
    return batch;
  }

  #use(newestMs: number, oldestMs: number): void {
    if (newestMs > this.#newestMs) this.#newestMs = newestMs;
    if (oldestMs < this.#oldestMs) this.#oldestMs = oldestMs;
  }
}
