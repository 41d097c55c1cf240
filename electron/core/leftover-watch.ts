import { recover } from './clear/recover.ts';
import { leftoverPlaces, toolsAnewMs } from './leftover-book.ts';
import { type PlaceWatch, watchPlaces } from './leftovers/watch.ts';
import { cachesNow, type Parts } from './parts.ts';

/** How often a door that stays open looks whether an undo window has ended or a delete was left lying, in ms. */
const tendEveryMs = 5000;

/** Who works on a leftover may end without leaving a trace in its folder: it is looked at again after this long, in ms. */
const againAfterMs = 3000;

/**
 * Tells of leftovers that come and go, for as long as somebody listens. Ours need nobody: those that are due, because
 * their window is over or their process died, are gone on with meanwhile. What tools left is looked for in whole caches:
 * at the start, and after that now and then only, whatever changes.
 */
export class LeftoverWatch {
  readonly #parts: Parts;
  #watch: PlaceWatch | null = null;
  #ended = false;
  #looking = false;
  #again = false;
  #later: NodeJS.Timeout | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Begins to watch, once; what is there already is told first. Returns the function that ends it for good. */
  start(): () => void {
    void this.#begin();
    const tending = setInterval(() => void this.#tend(), tendEveryMs).unref();
    // Folders that come have leftovers of their own.
    const stopHearing = this.#parts.events.overhear('caches', () => void this.#begin());
    const stopFinding = this.#parts.leftovers.listen((failure) => {
      if (failure === null) void this.#look();
      else this.#tell(failure);
    });
    const anew = setInterval(() => void this.#look(), toolsAnewMs).unref();
    // One that has been cleaned stood anywhere: no folder that is watched tells.
    const stopSweeps = this.#parts.events.overhear('operation', ({ kind, endedAt }) => {
      if (kind === 'sweep' && endedAt !== null) void this.#look();
    });
    return () => {
      this.#ended = true;
      this.#watch?.close();
      clearInterval(tending);
      clearInterval(anew);
      stopSweeps();
      stopFinding();
      clearTimeout(this.#later);
      stopHearing();
    };
  }

  async #tend(): Promise<void> {
    const { clears, engine } = this.#parts;
    if (clears.busy) return;
    try {
      await clears.enqueue('recovery', (signal) => recover(engine, { now: false, signal }));
    } catch (thrown) {
      this.#tell(thrown);
    }
  }

  #tell(thrown: unknown): void {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    this.#parts.events.emit('notice', { level: 'warning', message: `Leftovers could not be looked for: ${message}` });
  }

  async #begin(): Promise<void> {
    const places = await cachesNow(this.#parts).then(leftoverPlaces, (thrown: unknown) => this.#tell(thrown));
    if (this.#ended || places === undefined) return;
    this.#watch?.close();
    this.#watch = watchPlaces(
      places.map(({ dir }) => dir),
      () => void this.#look(),
    );
    await this.#look();
  }

  /** One look at a time; what changes meanwhile causes another one. */
  async #look(): Promise<void> {
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = true;
    do {
      this.#again = false;
      try {
        const caches = await cachesNow(this.#parts);
        const shown = await this.#parts.leftovers.look(caches, { measure: false, tools: 'known' });
        if (this.#ended) break;
        const views = shown.map(({ view }) => view);
        this.#parts.events.emit('leftovers', views);
        clearTimeout(this.#later);
        // Those of tools are looked at again soon enough: what works there may go on for hours.
        if (shown.some(({ view, finding }) => view.verdict === 'in-progress' && !('grammar' in finding))) {
          this.#later = setTimeout(() => void this.#look(), againAfterMs).unref();
        }
      } catch (thrown) {
        this.#tell(thrown);
      }
    } while (this.#again && !this.#ended);
    this.#looking = false;
  }
}
