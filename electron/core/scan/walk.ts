import { isErrno } from '../fs/errno.ts';
import type { Walk } from '../fs/pool-worker.ts';
import type { Raw } from '../fs/raw.ts';
import { fs } from '../fs/seam.ts';
import { type Batch, Gathering } from './batch.ts';
import { Listing } from './listing.ts';
import { childPath, isTooLong, keyOf, namesIn, type Place, placeOf, rebase, relativeOf } from './place.ts';
import { isRecorded, isWalkedWhole, type Rules } from './rules.ts';
import { blockBytes, type ExactStats, type QuickStats } from './stats.ts';
import { splitTask } from './task.ts';

/** A directory still to be walked, or a descriptor to be closed once all that was opened through it is done. */
type Pending = { readonly place: Place; readonly record: boolean } | { readonly close: number };

const none: ReadonlySet<string> = new Set();

/** False for what is reached through a descriptor of this thread: no task of another one can name it. */
const isNamed = (pending: Pending): pending is { readonly place: Place; readonly record: boolean } =>
  !('close' in pending || pending.place.base.deep);

const quietly = { throwIfNoEntry: false } as const;

const isDirectory = (stats: QuickStats): boolean => (stats.mode & 0o170000) === 0o040000;
/** In a huge directory, so often progress is told and a cancel is looked for. */
const stride = 4096;

/** Walks the tasks of one run. Sync calls only: in a thread of its own they are several times faster than promises. */
export class Walker {
  readonly #rules: Rules;
  readonly #dev: number;
  readonly #walk: Walk<Batch>;
  readonly #found = new Gathering();
  #stack: Pending[] = [];
  /** Children of the task's own directory that are measured some other way. */
  #except = none;

  constructor(rules: Rules, walk: Walk<Batch>) {
    this.#rules = rules;
    this.#dev = Number(rules.dev);
    this.#walk = walk;
  }

  /** The next task: everything below one directory, itself included, but not the children that the task names. */
  begin(task: Uint8Array): void {
    const { relative, known } = splitTask(task);
    this.#except = known;
    this.#stack = [{ place: placeOf(this.#rules.root, relative), record: isRecorded(this.#rules, keyOf(relative)) }];
  }

  /** Walks for about `ms`; true when the task is done and all of it was sent. One directory is never cut in two. */
  step(ms: number): boolean {
    const until = performance.now() + ms;
    for (let next = this.#stack.pop(); next !== undefined; next = this.#stack.pop()) {
      if ('close' in next) fs.closeSync(next.close);
      else if (!this.#walk.cancelled()) this.#enter(next.place, next.record);
      if (this.#found.full) this.#send();
      this.#share();
      if (this.#stack.length > 0 && performance.now() > until) return false;
    }
    this.#send();
    return true;
  }

  #send(): void {
    const batch = this.#found.take();
    this.#walk.post(batch, [batch.links.buffer, ...batch.records.map((records) => records.buffer)]);
  }

  /** Offers the oldest directory on the stack: it is nearest to the root, so probably the largest. */
  #share(): void {
    while (this.#stack.length > 1) {
      const oldest = this.#stack[0];
      if (oldest === undefined || !isNamed(oldest)) return;
      if (!this.#walk.offer(() => relativeOf(oldest.place))) return;
      this.#stack.shift();
    }
  }

  #enter(place: Place, record: boolean): void {
    const known = this.#except;
    this.#except = none;
    const relative = relativeOf(place);
    let stats: ExactStats & { isDirectory(): boolean };
    try {
      // Before the names: what changes in between makes the record look too old, never too new.
      stats = fs.lstatSync(place.path, { bigint: true });
    } catch (error) {
      this.#failed(relative, error);
      return;
    }
    // Something else took its place since its parent was listed.
    if (!stats.isDirectory()) return;
    if (stats.dev !== this.#rules.dev) {
      this.#found.skip(relative);
      return;
    }
    this.#found.directory(Number(stats.size), Number(stats.blocks) * blockBytes);
    const path = keyOf(relative);
    const listing = new Listing(path, this.#rules.rewritten.includes(path));
    this.#list(place, relative, listing, record && !isWalkedWhole(this.#rules, path), known);
    this.#found.add(listing);
    if (record) this.#found.record(listing.record(stats, this.#rules));
  }

  #list(place: Place, relative: Raw, listing: Listing, record: boolean, known: ReadonlySet<string>): void {
    let here = place;
    let names: readonly (string | Raw)[];
    try {
      if (isTooLong(place)) {
        const opened = rebase(place);
        this.#stack.push({ close: opened.fd });
        here = opened.place;
        listing.again = true;
      }
      names = namesIn(here.path);
    } catch (error) {
      listing.again = true;
      this.#failed(relative, error);
      return;
    }
    const mounts = this.#rules.mounts.get(listing.path) ?? none;
    let since = 0;
    let told = 0;
    for (const name of names) {
      if (since === stride) {
        this.#walk.count(since, listing.allocated - told);
        told = listing.allocated;
        since = 0;
        if (this.#walk.cancelled()) return;
      }
      since += 1;
      const path = childPath(here.path, name);
      const stats = mounts.size > 0 && mounts.has(keyOf(name)) ? 'mount' : this.#look(path, listing, place);
      if (stats === null) continue;
      if (stats === 'mount' || (isDirectory(stats) && stats.dev !== this.#dev)) {
        listing.again = true;
        this.#found.skip(relativeOf({ ...here, path }));
      } else if (!isDirectory(stats)) {
        this.#file(path, name, stats, listing);
      } else if (known.size === 0 || !known.has(keyOf(name))) {
        this.#stack.push({ place: { ...here, path }, record: record && !here.base.deep });
      }
    }
    this.#walk.count(since, listing.allocated - told);
  }

  #look(path: string | Raw, listing: Listing, place: Place): QuickStats | null {
    try {
      // Undefined: it vanished since the names were read.
      return fs.lstatSync(path, quietly) ?? null;
    } catch (error) {
      listing.again = true;
      this.#failed(relativeOf({ ...place, path }), error);
      return null;
    }
  }

  #file(path: string | Raw, name: string | Raw, stats: QuickStats, listing: Listing): void {
    if (stats.nlink <= 1) {
      listing.single(stats, this.#rules.atime);
    } else {
      listing.linked(keyOf(name), stats);
      this.#found.linked(path, stats, this.#rules.atime);
    }
  }

  #failed(relative: Raw, error: unknown): void {
    if (!isErrno(error, 'ENOENT')) this.#found.unreadable(relative, error);
  }
}
