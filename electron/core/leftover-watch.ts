import { leftoverPlaces } from './leftover-book.ts';
import { type PlaceWatch, watchPlaces } from './leftovers/watch.ts';
import { cachesNow, type Parts } from './parts.ts';

/** Tells of leftovers that come and go, for as long as somebody listens. */
export class LeftoverWatch {
  readonly #parts: Parts;
  #watch: PlaceWatch | null = null;
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
  }

  close(): void {
    this.#started = false;
    this.#watch?.close();
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
        const message = thrown instanceof Error ? thrown.message : String(thrown);
        this.#parts.events.emit('notice', {
          level: 'warning',
          message: `Leftovers could not be looked for: ${message}`,
        });
      }
    } while (this.#again && this.#started);
    this.#looking = false;
  }
}
