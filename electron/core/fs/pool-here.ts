import type { Schedule, Seat } from './pool-schedule.ts';
import type { Walk } from './pool-worker.ts';

/** A walker that works in the coordinating thread, a little at a time. */
export interface StepWalker {
  readonly begin: (task: Uint8Array) => void;
  /** Goes on for some milliseconds; true when the task is done. */
  readonly step: () => boolean;
}

/** What a walker in the coordinating thread is given: the same as one in a worker, without messages. */
export const walkHere = <Message>({ control, accept }: Schedule, post: (message: Message) => void): Walk<Message> => ({
  cancelled: () => control.cancelled,
  offer: (task) => {
    if (!control.claim()) return false;
    accept(task());
    return true;
  },
  count: (entries, bytes) => control.count(entries, bytes),
  post,
});

/** The seat of the coordinating thread: a step in each turn of the event loop, for as long as `step` returns true. */
export const seatHere = (begin: (task: Uint8Array) => void, step: () => boolean): Seat => {
  const go = (): void => {
    if (step()) setImmediate(go);
  };
  return {
    give: (task) => {
      begin(task);
      setImmediate(go);
    },
  };
};
