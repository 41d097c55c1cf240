import { isErrno } from '../fs/errno.ts';
import type { Walk } from '../fs/pool-worker.ts';
import type { Raw } from '../fs/raw.ts';
import { fs } from '../fs/seam.ts';
import { childPath, isTooLong, keyOf, namesIn, type Place, placeOf, rebase, relativeOf } from '../scan/place.ts';
import type { Rules } from '../scan/rules.ts';
import { blockBytes, type QuickStats, usedMs } from '../scan/stats.ts';
import { type Found, Gathered } from './found.ts';

type Pending = Place | { readonly close: number };

const none: ReadonlySet<string> = new Set();
const quietly = { throwIfNoEntry: false } as const;
const isDirectory = (stats: QuickStats): boolean => (stats.mode & 0o170000) === 0o040000;
/** Directories are sent when they hold about so many names together. */
const batchNames = 4096;

/**
 * Walks as the scan's `Walker` does (never through a link, never across a mount) but tells each name. Sync calls only.
 */
export class TreeWalker {
  readonly #rules: Rules;
  readonly #walk: Walk<readonly Found[]>;
  #stack: Pending[] = [];
  #found: Found[] = [];
  #names = 0;

  constructor(rules: Rules, walk: Walk<readonly Found[]>) {
    this.#rules = rules;
    this.#walk = walk;
  }

  /** The next task: the directory with that path below the root, and everything below it. */
  begin(task: Uint8Array): void {
    this.#stack = [placeOf(this.#rules.root, Buffer.from(task))];
  }

  /** Walks for about `ms`; true when the task is done and all of it was sent. One directory is never cut in two. */
  step(ms: number): boolean {
    const until = performance.now() + ms;
    for (let next = this.#stack.pop(); next !== undefined; next = this.#stack.pop()) {
      if ('close' in next) fs.closeSync(next.close);
      else this.#enter(next);
      if (this.#names > batchNames) this.#send();
      this.#share();
      if (this.#stack.length > 0 && performance.now() > until) return false;
    }
    this.#send();
    return true;
  }

  #send(): void {
    if (this.#found.length > 0) this.#walk.post(this.#found);
    this.#found = [];
    this.#names = 0;
  }

  /** Offers the oldest directory on the stack; one that is reached through a descriptor means nothing elsewhere. */
  #share(): void {
    while (this.#stack.length > 1) {
      const oldest = this.#stack[0];
      if (oldest === undefined || 'close' in oldest || oldest.base.deep) return;
      if (!this.#walk.offer(() => relativeOf(oldest))) return;
      this.#stack.shift();
    }
  }

  #enter(place: Place): void {
    const path = keyOf(relativeOf(place));
    let gathered = new Gathered(path, 0);
    let stats: QuickStats | undefined;
    try {
      stats = fs.lstatSync(place.path, quietly);
      // It vanished, or something else took its place, since its parent was listed.
      if (stats === undefined || !isDirectory(stats)) return;
      gathered = new Gathered(path, stats.blocks * blockBytes);
      this.#list(place, path, gathered);
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return;
      gathered.listed = false;
    }
    this.#found.push(gathered.found());
  }

  #list(place: Place, key: string, gathered: Gathered): void {
    let here = place;
    if (isTooLong(place)) {
      const opened = rebase(place);
      this.#stack.push({ close: opened.fd });
      here = opened.place;
    }
    const names = namesIn(here.path);
    const mounts = this.#rules.mounts.get(key) ?? none;
    let allocated = 0;
    for (const name of names) {
      const path = childPath(here.path, name);
      const stats = mounts.size > 0 && mounts.has(keyOf(name)) ? null : this.#look(path);
      if (stats === undefined) continue;
      if (stats === null || (isDirectory(stats) && stats.dev !== Number(this.#rules.dev))) gathered.closed(name);
      else if (isDirectory(stats)) this.#stack.push({ ...here, path });
      else {
        const bytes = stats.blocks * blockBytes;
        allocated += bytes;
        gathered.leaf(name, bytes, usedMs(stats, this.#rules.atime), stats.nlink > 1 ? stats.ino : 0);
      }
    }
    this.#names += names.length + 1;
    this.#walk.count(names.length, allocated);
  }

  /** Undefined: it vanished since the names were read. Null: it may not be looked at. */
  #look(path: string | Raw): QuickStats | null | undefined {
    try {
      return fs.lstatSync(path, quietly);
    } catch {
      return null;
    }
  }
}
