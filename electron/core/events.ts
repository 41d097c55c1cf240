import type { EventName, Events } from '../../shared/api.ts';

type Listener<Name extends EventName> = (news: Events[Name]) => void;

/** Somebody who listens: an object of its own, so that one function may listen twice. */
interface Subscription {
  readonly listener: Listener<never>;
}

/** Work that is done while somebody wants to hear of it. */
interface Hook {
  readonly start: () => () => void;
  stop: (() => void) | null;
}

/** What is known of one event: who listens, who overhears, what runs meanwhile, what newcomers are told. */
interface Channel {
  readonly listeners: Set<Subscription>;
  readonly overhearing: Set<Listener<never>>;
  readonly hooks: Hook[];
  readonly greetings: (() => readonly unknown[])[];
}

/** Who wants to hear what. A listener that throws is its own problem: the others still hear, and core goes on. */
export class EventHub {
  readonly #channels = new Map<EventName, Channel>();
  #closed = false;

  /** Returns the function that ends the subscription. The first listener of an event begins the work behind it. */
  on<Name extends EventName>(event: Name, listener: Listener<Name>): () => void {
    const channel = this.#channel(event);
    const subscription: Subscription = { listener: listener as Listener<never> };
    channel.listeners.add(subscription);
    for (const greeting of channel.greetings) {
      for (const news of greeting()) this.#tell(listener, news as Events[Name]);
    }
    if (!this.#closed) for (const hook of channel.hooks) hook.stop ??= hook.start();
    return () => {
      channel.listeners.delete(subscription);
      if (channel.listeners.size === 0) this.#stop(channel);
    };
  }

  emit<Name extends EventName>(event: Name, news: Events[Name]): void {
    const channel = this.#channels.get(event);
    if (channel === undefined) return;
    for (const listener of channel.overhearing) this.#tell(listener as Listener<Name>, news);
    for (const { listener } of channel.listeners) this.#tell(listener as Listener<Name>, news);
  }

  /** True once core is closing: what goes wrong from there on is nobody's news. */
  get closed(): boolean {
    return this.#closed;
  }

  isHeard(event: EventName): boolean {
    return (this.#channels.get(event)?.listeners.size ?? 0) > 0;
  }

  /**
   * Does work only while somebody listens to an event: `start` is called when the first listener has come, and what it
   * returns when the last has gone.
   */
  whileHeard(event: EventName, start: () => () => void): void {
    const hook: Hook = { start, stop: null };
    this.#channel(event).hooks.push(hook);
    if (this.isHeard(event)) hook.stop = start();
  }

  /** What everybody who begins to listen is told first: they could not have heard it when it came to be. */
  greet<Name extends EventName>(event: Name, news: () => readonly Events[Name][]): void {
    this.#channel(event).greetings.push(news);
  }

  /** Hears what is told without counting as somebody who listens: nothing runs for it. For core itself. */
  overhear<Name extends EventName>(event: Name, listener: Listener<Name>): () => void {
    const { overhearing } = this.#channel(event);
    overhearing.add(listener as Listener<never>);
    return () => overhearing.delete(listener as Listener<never>);
  }

  /** Ends all work that is done for listeners, and begins none any more. */
  close(): void {
    this.#closed = true;
    for (const channel of this.#channels.values()) this.#stop(channel);
  }

  #stop({ hooks }: Channel): void {
    for (const hook of hooks) {
      hook.stop?.();
      hook.stop = null;
    }
  }

  #tell<Name extends EventName>(listener: Listener<Name>, news: Events[Name]): void {
    try {
      listener(news);
    } catch (thrown) {
      queueMicrotask(() => {
        throw thrown;
      });
    }
  }

  #channel(event: EventName): Channel {
    const known = this.#channels.get(event);
    if (known) return known;
    const channel: Channel = { listeners: new Set(), overhearing: new Set(), hooks: [], greetings: [] };
    this.#channels.set(event, channel);
    return channel;
  }
}
