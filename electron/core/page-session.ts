import type { Client, EventName, Events } from '../../shared/api.ts';
import { FromPage, type ToPage } from '../../shared/wire.ts';
import { Outbox } from './outbox.ts';

/** One page at a door: its calls go in, its news goes out. The door only carries messages. */
export class PageSession {
  readonly #client: Client;
  readonly #send: (message: ToPage) => void;
  readonly #outbox: Outbox;
  readonly #heard = new Map<EventName, () => void>();
  #closed = false;

  constructor(client: Client, send: (message: ToPage) => void) {
    this.#client = client;
    this.#send = send;
    this.#outbox = new Outbox((batch, news) => send({ batch, news }));
  }

  /** Takes a message as it came in. False when it is none of the contract: the door should end the connection. */
  receive(message: unknown): boolean {
    if (this.#closed) return false;
    const parsed = FromPage.safeParse(message);
    if (!parsed.success) return false;
    const said = parsed.data;
    if ('hear' in said) this.#hear(said.hear);
    else if ('ack' in said) this.#outbox.acknowledge(said.ack);
    else void this.#answer(said.id, said.call, said.args);
    return true;
  }

  /** The page has gone. What it began goes on; nobody is told. */
  close(): void {
    this.#closed = true;
    for (const stop of this.#heard.values()) stop();
    this.#heard.clear();
    this.#outbox.close();
  }

  async #answer(id: number, call: string, args: unknown): Promise<void> {
    // The dispatcher parses both: what is not a call of the contract is answered with an error there.
    const result = await this.#client.call(call as never, args as never);
    if (!this.#closed) this.#send({ id, result });
  }

  #hear(names: readonly EventName[]): void {
    for (const [name, stop] of this.#heard) {
      if (names.includes(name)) continue;
      stop();
      this.#heard.delete(name);
      this.#outbox.drop(name);
    }
    for (const name of names) if (!this.#heard.has(name)) this.#listen(name);
  }

  #listen<Name extends EventName>(name: Name): void {
    // Noted first: an event may be told while the subscription is made.
    this.#heard.set(name, () => undefined);
    this.#heard.set(
      name,
      this.#client.on(name, (news: Events[Name]) => this.#outbox.add(name, news)),
    );
  }
}
