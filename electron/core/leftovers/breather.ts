import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long others wait for the event loop at most, in ms, where each piece of work is shorter than that. */
const sliceMs = 4;

/** A function to await between pieces of synchronous work: it lets everybody else go first when that is due. */
export const breather = (): (() => Promise<void>) => {
  let until = performance.now() + sliceMs;
  return async () => {
    if (performance.now() < until) return;
    await nextTurn();
    until = performance.now() + sliceMs;
  };
};
