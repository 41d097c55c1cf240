import type { Answer, Args, CallName, Client, EventName, Events } from '../../shared/api.ts';
import { fail, type Result } from '../../shared/errors.ts';
import type { FromPage, News, ToPage } from '../../shared/wire.ts';
import type { Transport } from './transport.ts';

const lost = fail({
  code: 'disconnected',
  message: 'The connection to Cache Inspector ended before the answer came. What was done stands in the history.',
});

/**
 * The contract's other end. A call that is under way when the connection is lost answers `disconnected` and is never
 * sent again by itself: it may have been carried out. Calls made before the first connection wait for it.
 */
export class RemoteClient implements Client {
  readonly #waiting = new Map<number, (result: Result<never>) => void>();
  readonly #listeners = new Map<EventName, Set<(news: never) => void>>();
  readonly #early: FromPage[] = [];
  readonly #onState: (connected: boolean) => void;
  #send: ((message: FromPage) => void) | null = null;
  #wasUp = false;
  #next = 1;

  /** `onState` is told of every connection, also of the first, when calls can be made. */
  constructor(transport: Transport, onState: (connected: boolean) => void) {
    this.#onState = onState;
    transport({
      up: (send) => this.#up(send),
      message: (message) => this.#hear(message),
      down: () => this.#down(),
    });
  }

  call<Name extends CallName>(name: Name, args: Args<Name>): Promise<Result<Answer<Name>>> {
    if (this.#send === null && this.#wasUp) return Promise.resolve(lost);
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve as (result: Result<never>) => void);
      const message: FromPage = { id, call: name, args };
      if (this.#send === null) this.#early.push(message);
      else this.#send(message);
    });
  }

  on<Name extends EventName>(event: Name, listener: (news: Events[Name]) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    listeners.add(listener as (news: never) => void);
    if (listeners.size === 1) this.#tellInterest();
    return () => {
      listeners.delete(listener as (news: never) => void);
      if (listeners.size === 0) this.#tellInterest();
    };
  }

  #tellInterest(): void {
    const hear = [...this.#listeners].filter(([, listeners]) => listeners.size > 0).map(([name]) => name);
    this.#send?.({ hear });
  }

  #up(send: (message: FromPage) => void): void {
    this.#send = send;
    this.#wasUp = true;
    this.#tellInterest();
    for (const message of this.#early.splice(0)) send(message);
    this.#onState(true);
  }

  #down(): void {
    if (this.#send === null) return;
    this.#send = null;
    for (const resolve of this.#waiting.values()) resolve(lost);
    this.#waiting.clear();
    this.#onState(false);
  }

  #hear(message: ToPage): void {
    if ('id' in message) {
      this.#waiting.get(message.id)?.(message.result as Result<never>);
      this.#waiting.delete(message.id);
      return;
    }
    for (const news of message.news) this.#tell(news);
    this.#send?.({ ack: message.batch });
  }

  #tell([name, news]: News): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(news as never);
  }
}
