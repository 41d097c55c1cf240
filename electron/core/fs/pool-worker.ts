import { parentPort } from 'node:worker_threads';
import { Control, type FromWorker, type ToWorker } from './pool-control.ts';

/** What a worker of a pool can say and ask while it walks. */
export interface Walk<Message> {
  /** True once the run was cancelled: return soon. */
  readonly cancelled: () => boolean;
  /**
   * Offers a sub-directory to a worker that has nothing to do. True: it is somebody else's now, do not enter it.
   * False: nobody is idle, go on yourself. One atomic load when nobody is idle, so ask at every directory; `task` is
   * called only when it is taken.
   */
  readonly offer: (task: () => Uint8Array) => boolean;
  /** Adds to the run's progress. Once a directory, not once a file: it is an atomic write that all workers share. */
  readonly count: (entries: number, bytes: number) => void;
  /** Sends to `onMessage` of the run. What is sent before the handler returns arrives before the run resolves. */
  readonly post: (message: Message, transfer?: readonly ArrayBuffer[]) => void;
}

/**
 * To be called once at the top of a worker script of a `WalkPool`. `begin` is called at the start of each run with
 * what `run` was given as `setup`; the function it returns is called for every task of that run, one at a time, and
 * may block. What it throws ends the whole run: report expected errors with `post`.
 */
export const serveWalks = <Setup, Message>(
  begin: (setup: Setup, walk: Walk<Message>) => (task: Uint8Array) => void | Promise<void>,
): void => {
  const port = parentPort;
  if (port === null) throw new Error('serveWalks is for worker threads');
  const send = (message: FromWorker<Message>, transfer: readonly ArrayBuffer[] = []): void =>
    port.postMessage(message, transfer);
  let handle: ((task: Uint8Array) => void | Promise<void>) | null = null;

  port.on('message', async (message: ToWorker<Setup>) => {
    if (message.type === 'run') {
      const control = new Control(message.control);
      handle = begin(message.setup, {
        cancelled: () => control.cancelled,
        offer: (task) => {
          if (!control.claim()) return false;
          send({ type: 'give', task: task() });
          return true;
        },
        count: (entries, bytes) => control.count(entries, bytes),
        post: (value, transfer) => send({ type: 'message', value }, transfer),
      });
    } else {
      await handle?.(message.task);
      send({ type: 'done' });
    }
  });
};
