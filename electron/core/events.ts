import type { EventName, Events } from '../../shared/api.ts';

type Listener<Name extends EventName> = (news: Events[Name]) => void;

/** Who wants to hear what. A listener that throws is its own problem: the others still hear, and core goes on. */
export class EventHub {
  readonly #listeners = new Map<EventName, Set<Listener<never>>>();

  on<Name extends EventName>(event: Name, listener: Listener<Name>): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    listeners.add(listener as Listener<never>);
    return () => listeners.delete(listener as Listener<never>);
  }

  emit<Name extends EventName>(event: Name, news: Events[Name]): void {
    for (const listener of this.#listeners.get(event) ?? []) {
      try {
        (listener as Listener<Name>)(news);
      } catch (thrown) {
        queueMicrotask(() => {
          throw thrown;
        });
      }
    }
  }
}
