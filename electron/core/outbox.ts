import { type EventName, type Events, newsKey } from '../../shared/api.ts';
import type { News } from '../../shared/wire.ts';

/** News is gathered this long (ms) before it leaves: a person sees no difference, and a scan says a lot. */
const gatherMs = 40;

/**
 * News on its way to one page. One batch travels at a time, the next leaves when it has been acknowledged, and of one
 * thing only the newest state waits: a page that falls behind costs no memory and is current as soon as it listens.
 */
export class Outbox {
  readonly #send: (batch: number, news: readonly News[]) => void;
  readonly #waiting = new Map<string, News>();
  #timer: NodeJS.Timeout | null = null;
  #sent = 0;
  #acknowledged = 0;
  #closed = false;

  constructor(send: (batch: number, news: readonly News[]) => void) {
    this.#send = send;
  }

  add<Name extends EventName>(name: Name, news: Events[Name]): void {
    if (this.#closed) return;
    const key = `${name} ${newsKey[name](news)}`;
    // Put at the end again: the order of what is told stays the order in which it came to be.
    this.#waiting.delete(key);
    this.#waiting.set(key, [name, news] as News);
    this.#arm();
  }

  /** Drops what waits of an event that nobody wants to hear any more. */
  drop(name: EventName): void {
    for (const [key, [waiting]] of this.#waiting) if (waiting === name) this.#waiting.delete(key);
  }

  /** The page has taken a batch. A number that is not the last one sent means nothing. */
  acknowledge(batch: number): void {
    if (batch !== this.#sent) return;
    this.#acknowledged = batch;
    this.#arm();
  }

  /** Nothing is sent any more. */
  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  #arm(): void {
    if (this.#timer !== null || this.#waiting.size === 0 || this.#acknowledged !== this.#sent) return;
    this.#timer = setTimeout(() => this.#flush(), gatherMs);
  }

  #flush(): void {
    this.#timer = null;
    if (this.#waiting.size === 0) return;
    const news = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#sent += 1;
    this.#send(this.#sent, news);
  }
}
