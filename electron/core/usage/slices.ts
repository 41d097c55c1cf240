import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Runs a generator to its end, and lets everybody else have the event loop every `sliceMs`. For work of thousands of
 * tiny synchronous calls, where a promise for each would cost ten times the work itself.
 */
export const inSlices = async <Result>(steps: Generator<void, Result>, sliceMs = 4): Promise<Result> => {
  let until = performance.now() + sliceMs;
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() < until) continue;
    await nextTurn();
    until = performance.now() + sliceMs;
  }
};
