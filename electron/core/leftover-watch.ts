import { recover } from './clear/recover.ts';
import { leftoverPlaces } from './leftover-book.ts';
import { type PlaceWatch, watchPlaces } from './leftovers/watch.ts';
import { cachesNow, type Parts } from './parts.ts';

/** How often a door that stays open looks whether an undo window has ended or a delete was left lying, in ms. */
const tendEveryMs = 5000;

/**
 * Tells of leftovers that come and go, for as long as somebody listens. Ours need nobody: those that are due, because
 * their window is over or their process died, are gone on with meanwhile.
 */
export class LeftoverWatch {
  readonly #parts: Parts;
  #watch: PlaceWatch | null = null;
  #tending: NodeJS.Timeout | null = null;
  #started = false;
  #looking = false;
  #again = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Begins to watch; what is there already is told first. Once begun, again does nothing. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    void this.#begin();
    this.#tending = setInterval(() => void this.#tend(), tendEveryMs).unref();
  }

  close(): void {
    this.#started = false;
    this.#watch?.close();
    if (this.#tending !== null) clearInterval(this.#tending);
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
    const places = leftoverPlaces(await cachesNow(this.#parts));
    if (!this.#started) return;
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
        if (this.#started)
          this.#parts.events.emit(
            'leftovers',
            shown.map(({ view }) => view),
          );
      } catch (thrown) {
        this.#tell(thrown);
      }
    } while (this.#again && this.#started);
    this.#looking = false;
  }
}
