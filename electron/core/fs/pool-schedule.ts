import { Control } from './pool-control.ts';

/** One that can walk: a worker, or the coordinating thread itself. It says `finished` after each task. */
export interface Seat {
  readonly give: (task: Uint8Array) => void;
}

/** Who does which task of one run. */
export class Schedule {
  readonly buffer = new SharedArrayBuffer(Control.size);
  readonly control = new Control(this.buffer);
  readonly #queue: Uint8Array[];
  readonly #idle: Seat[] = [];
  #running = 0;

  constructor(tasks: readonly Uint8Array[]) {
    this.#queue = [...tasks];
  }

  /** A giver's tasks arrive before it says that it finished, so nothing is on its way when nobody is running. */
  get done(): boolean {
    return this.#running === 0 && this.#queue.length === 0;
  }

  /** A seat with nothing to do gets the next task, or waits for one. */
  seat(seat: Seat): void {
    const task = this.#queue.shift();
    if (task === undefined) {
      this.#idle.push(seat);
      // Invariant: idle seats = hungry + claims whose task is still on its way here.
      this.control.hunger();
    } else {
      this.#start(seat, task);
    }
  }

  /** A task that somebody gave away. */
  readonly accept = (task: Uint8Array): void => {
    if (this.control.cancelled) return;
    const seat = this.#idle.pop();
    if (seat === undefined) this.#queue.push(task);
    else this.#start(seat, task);
  };

  finished(seat: Seat): void {
    this.#running -= 1;
    this.seat(seat);
  }

  cancel(): void {
    this.control.cancel();
    this.#queue.length = 0;
  }

  #start(seat: Seat, task: Uint8Array): void {
    this.#running += 1;
    seat.give(task);
  }
}
