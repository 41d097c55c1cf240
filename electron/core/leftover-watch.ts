import { recover } from './clear/recover.ts';
import { leftoverPlaces } from './leftover-book.ts';
import { type PlaceWatch, watchPlaces } from './leftovers/watch.ts';
import { cachesNow, type Parts } from './parts.ts';

/** How often a door that stays open looks whether an undo window has ended or a delete was left lying, in ms. */
const tendEveryMs = 5000;

/** Who works on a leftover may end without leaving a trace in its folder: it is looked at again after this long, in ms. */
const againAfterMs = 3000;

/**
 * Tells of leftovers that come and go, for as long as somebody listens. Ours need nobody: those that are due, because
 * their window is over or their process died, are gone on with meanwhile.
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
    return () => {
      this.#ended = true;
      this.#watch?.close();
      clearInterval(tending);
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
        const shown = await this.#parts.leftovers.look(await cachesNow(this.#parts), false);
        if (this.#ended) break;
        const views = shown.map(({ view }) => view);
        this.#parts.events.emit('leftovers', views);
        clearTimeout(this.#later);
        if (views.some(({ verdict }) => verdict === 'in-progress')) {
          this.#later = setTimeout(() => void this.#look(), againAfterMs).unref();
        }
      } catch (thrown) {
        this.#tell(thrown);
      }
    } while (this.#again && !this.#ended);
    this.#looking = false;
  }
}
