import { availableParallelism } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { WalkPool } from '../fs/pool.ts';
import { sibling } from '../fs/sibling.ts';
import type { Batch } from './batch.ts';
import { measure } from './measure.ts';
import type { FromScan, ToScan } from './messages.ts';
import type { Rules } from './rules.ts';

/*
 * The thread that coordinates scans: one at a time, in the order asked. It looks at known directories itself, and walks
 * what must be listed together with threads of its own, four in all at most. They hold small young generations: nearly all that they make is
 * garbage at once, and the default would only make the process larger.
 */
const pool = new WalkPool<Rules, Batch>({
  script: sibling(import.meta.url, 'walk-worker'),
  size: Math.min(4, availableParallelism()) - 1,
  resourceLimits: { maxYoungGenerationSizeMb: 8 },
});
const cancels = new Map<number, AbortController>();
let turn: Promise<void> = Promise.resolve();

const send = (message: FromScan): void => parentPort?.postMessage(message);

const serve = async ({ id, request }: Extract<ToScan, { type: 'measure' }>, signal: AbortSignal): Promise<void> => {
  try {
    const measurement = await measure(pool, request, signal, (progress) => send({ type: 'progress', id, progress }));
    send({ type: 'measured', id, measurement });
  } catch (error) {
    send({ type: 'failed', id, error });
  }
  cancels.delete(id);
};

parentPort?.on('message', (message: ToScan) => {
  if (message.type === 'cancel') {
    cancels.get(message.id)?.abort();
    return;
  }
  const cancel = new AbortController();
  cancels.set(message.id, cancel);
  turn = turn.then(() => serve(message, cancel.signal));
});
