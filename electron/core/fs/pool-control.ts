/** What the coordinator of a `WalkPool` says to a worker, and the other way round. */
export type ToWorker<Setup> =
  | { readonly type: 'run'; readonly setup: Setup; readonly control: SharedArrayBuffer }
  | { readonly type: 'task'; readonly task: Uint8Array };

export type FromWorker<Message> =
  | { readonly type: 'give'; readonly task: Uint8Array }
  | { readonly type: 'message'; readonly value: Message }
  | { readonly type: 'done' };

const hungryAt = 0;
const cancelledAt = 1;
const entriesAt = 0;
const bytesAt = 1;
const countersOffset = 8;

/** The few numbers that all threads of a run share. */
export class Control {
  static readonly size = 24;
  readonly #flags: Int32Array;
  readonly #counters: BigInt64Array;

  constructor(buffer: SharedArrayBuffer) {
    this.#flags = new Int32Array(buffer, 0, 2);
    this.#counters = new BigInt64Array(buffer, countersOffset, 2);
  }

  /** One more worker has nothing to do. */
  hunger(): void {
    Atomics.add(this.#flags, hungryAt, 1);
  }

  /** Takes one idle worker for a task that is about to be given; false when none is idle. */
  claim(): boolean {
    for (;;) {
      const hungry = Atomics.load(this.#flags, hungryAt);
      if (hungry <= 0) return false;
      if (Atomics.compareExchange(this.#flags, hungryAt, hungry, hungry - 1) === hungry) return true;
    }
  }

  cancel(): void {
    Atomics.store(this.#flags, cancelledAt, 1);
  }

  get cancelled(): boolean {
    return Atomics.load(this.#flags, cancelledAt) !== 0;
  }

  count(entries: number, bytes: number): void {
    Atomics.add(this.#counters, entriesAt, BigInt(entries));
    Atomics.add(this.#counters, bytesAt, BigInt(bytes));
  }

  get progress(): { readonly entries: number; readonly bytes: number } {
    return {
      entries: Number(Atomics.load(this.#counters, entriesAt)),
      bytes: Number(Atomics.load(this.#counters, bytesAt)),
    };
  }
}
