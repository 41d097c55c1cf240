import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Raw, raw } from '../fs/raw.ts';
import { fs } from '../fs/seam.ts';
import { namesIn } from './children.ts';
import { looksLike, parseLeftover } from './grammar.ts';

export interface PlaceWatch {
  /** Lets go of `dir` until as many `resume` calls: on Windows a watched folder's children cannot be renamed. */
  suspend(dir: string): Promise<void>;
  resume(dir: string): void;
  /** Ends everything; `onChange` is not called any more. */
  close(): void;
}

/** Changes come in bursts: one call for each. */
const debounceMs = 100;

const isInteresting = (name: Raw): boolean => parseLeftover(name) !== null || looksLike(name) !== null;

/** A folder with more names is looked through again only when the time of its last change is another one. */
const manyNames = 10_000;
/** What changes within this time (ms) after a change may bear the same time. */
const clockStepMs = 2000;

interface Names {
  readonly all: number;
  /** Those that could be leftovers', as one text. */
  readonly interesting: string;
}
const noNames: Names = { all: 0, interesting: '' };

/** None when there is no such folder. */
const readNames = async (dir: string): Promise<Names> => {
  const interesting: string[] = [];
  let all = 0;
  try {
    for await (const name of namesIn(raw(dir))) {
      all += 1;
      if (isInteresting(name)) interesting.push(name.toString('latin1'));
    }
  } catch {
    return noNames;
  }
  return { all, interesting: interesting.sort().join('/') };
};

interface Seen {
  readonly identity: string;
  /** The time of its last change, null while that could be the time of the next change too. */
  readonly changed: string | null;
}

const lookAt = async (dir: string): Promise<Seen | null> => {
  try {
    const { dev, ino, mtimeMs, mtimeNs } = await fs.promises.stat(dir, { bigint: true });
    const isOld = Number(mtimeMs) < Date.now() - clockStepMs;
    return { identity: `${dev}:${ino}`, changed: isOld ? `${dev}:${ino} ${mtimeNs}` : null };
  } catch {
    return null;
  }
};

/** One folder, by events where there are any and by looking again in any case. */
class WatchedFolder {
  readonly #dir: string;
  readonly #changed: () => void;
  #watcher: ReturnType<typeof fs.watch> | null = null;
  #watched: string | null = null;
  #names = noNames;
  /** The time of the last change when the names were read. */
  #read: string | null = null;
  #holds = 0;
  #closed = false;
  #running: Promise<void> | null = null;
  #again = false;

  constructor(dir: string, changed: () => void) {
    this.#dir = dir;
    this.#changed = changed;
  }

  /** Looks again, now or right after the look under way. Never rejects. */
  check(): void {
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
  }

  async hold(): Promise<void> {
    this.#holds += 1;
    this.#unwatch();
    await this.#running;
    // A closed watcher's handle goes in the next turn of the event loop.
    await nextTurn();
  }

  release(): void {
    this.#holds = Math.max(0, this.#holds - 1);
    this.check();
  }

  close(): void {
    this.#closed = true;
    this.#unwatch();
  }

  get #idle(): boolean {
    return this.#closed || this.#holds > 0;
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#idle) {
      this.#again = false;
      const seen = await lookAt(this.#dir);
      if (this.#idle) return;
      const identity = seen?.identity ?? null;
      if (identity !== this.#watched) this.#watch(identity);
      const changed = seen?.changed ?? null;
      if (this.#names.all > manyNames && changed !== null && changed === this.#read) continue;
      const names = await readNames(this.#dir);
      if (this.#idle) return;
      if (names.interesting !== this.#names.interesting) this.#changed();
      this.#names = names;
      this.#read = changed;
    }
  }

  /** Watches what stands at the path now: a folder that was replaced leaves a watcher on the old one. */
  #watch(identity: string | null): void {
    this.#unwatch();
    if (identity === null) return;
    try {
      const watcher = fs.watch(this.#dir, { persistent: false, recursive: false }, () => this.check());
      // No more watches to be had, or the folder has gone: looking again does without.
      watcher.on('error', () => this.#unwatch());
      this.#watcher = watcher;
      this.#watched = identity;
    } catch {
      this.#watched = null;
    }
  }

  #unwatch(): void {
    this.#watcher?.close();
    this.#watcher = null;
    this.#watched = null;
  }
}

/**
 * Calls `onChange` within about `pollMs` when a name that could be a leftover's comes or goes directly in one of
 * `dirs`, once for a burst. Names that are there at the start count as a change. Folders may come and go. Does not
 * keep the process running. Never throws.
 */
export const watchPlaces = (
  dirs: readonly string[],
  onChange: () => void,
  options: { readonly pollMs?: number } = {},
): PlaceWatch => {
  let timer: NodeJS.Timeout | null = null;
  const changed = (): void => {
    timer ??= setTimeout(() => {
      timer = null;
      onChange();
    }, debounceMs).unref();
  };
  const folders = new Map([...new Set(dirs)].map((dir) => [dir, new WatchedFolder(dir, changed)]));
  const checkAll = (): void => {
    for (const folder of folders.values()) folder.check();
  };
  const poll = setInterval(checkAll, options.pollMs ?? 1500).unref();
  checkAll();
  return {
    async suspend(dir) {
      await folders.get(dir)?.hold();
    },
    resume(dir) {
      folders.get(dir)?.release();
    },
    close() {
      clearInterval(poll);
      if (timer !== null) clearTimeout(timer);
      for (const folder of folders.values()) folder.close();
    },
  };
};
