/**
 * Looks again and again: at once when started, then so long (ms) after each look has ended, and when poked. Never two
 * looks at a time, and none after it was stopped. Does not keep the process running.
 */
export class Pulse {
  readonly #everyMs: number;
  readonly #look: () => Promise<void>;
  readonly #failed: (thrown: unknown) => void;
  #timer: NodeJS.Timeout | null = null;
  #wanted = false;
  #looking = false;
  #again = false;

  constructor(everyMs: number, look: () => Promise<void>, failed: (thrown: unknown) => void) {
    this.#everyMs = everyMs;
    this.#look = look;
    this.#failed = failed;
  }

  /** Begins; returns the function that ends it. */
  start(): () => void {
    this.#wanted = true;
    void this.#run();
    return () => {
      this.#wanted = false;
      if (this.#timer !== null) clearTimeout(this.#timer);
      this.#timer = null;
    };
  }

  /** Looks now, or right after the look under way. Nothing while it is stopped. */
  poke(): void {
    if (this.#wanted) void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#looking) {
      this.#again = true;
      return;
    }
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#looking = true;
    try {
      do {
        this.#again = false;
        await this.#look();
      } while (this.#again && this.#wanted);
    } catch (thrown) {
      if (this.#wanted) this.#failed(thrown);
    } finally {
      this.#looking = false;
    }
    if (this.#wanted) this.#timer = setTimeout(() => void this.#run(), this.#everyMs).unref();
  }
}
