import { setImmediate as nextTurn } from 'node:timers/promises';
import { CodedError } from '../../../shared/errors.ts';
import type { Progress } from '../../../shared/model.ts';
import { sibling } from '../fs/sibling.ts';
import type { DeleteJob, DeleteReport, FromHelper, ToHelper } from './delete-job.ts';
import { type ForkHelper, forkHelper } from './helper-process.ts';

/**
 * Unlinks wait for the file system's journal and for discards, so more threads than cores pay: 100,000 files on ext4
 * with two cores took 8.1 s with one, 4.1 with four, 3.4 with eight.
 */
const threads = 8;

export type DeleteOrder = Omit<DeleteJob, 'way' | 'threads'>;

export interface DeleteOptions {
  readonly fork?: ForkHelper;
  readonly way?: DeleteJob['way'];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * A helper that does not react to being asked has a second, then it is ended: a delete can be cut anywhere. The one that
 * works alone hears nothing before its end, so it is not asked.
 */
const patienceMs = 1000;

/**
 * Deletes one tree in a process of its own and tells exactly what is left. A cancelled or killed delete leaves a
 * smaller tree that the next one goes on with. Resolves with `cancelled` when `signal` aborts.
 * @throws CodedError `helper-died` when the helper ended early, `changed` when something else stands there by now, `io`.
 */
export const deleteTree = async (
  order: DeleteOrder,
  {
    fork = forkHelper,
    way = process.platform === 'linux' ? 'handles' : 'chdir',
    signal,
    onProgress,
  }: DeleteOptions = {},
): Promise<DeleteReport> => {
  // Starting a process holds the thread up for some ms: in a turn of its own.
  await nextTurn();
  return new Promise((resolve, reject) => {
    const helper = fork(sibling(import.meta.url, 'delete-helper'));
    let last: Progress = { entries: 0, bytes: 0 };
    let over = false;
    const finish = (settle: () => void): void => {
      if (over) return;
      over = true;
      signal?.removeEventListener('abort', cancel);
      settle();
      helper.kill();
    };
    const cut = (): DeleteReport => ({
      entries: last.entries,
      freed: last.bytes,
      left: [],
      leftCount: 0,
      gone: false,
      cancelled: true,
    });
    const cancel = (): void => {
      helper.send({ type: 'cancel' } satisfies ToHelper);
      setTimeout(() => finish(() => resolve(cut())), way === 'chdir' ? 0 : patienceMs).unref();
    };
    helper.onMessage((message) => {
      const news = message as FromHelper;
      if (news.type === 'progress') {
        last = { entries: news.entries, bytes: news.bytes };
        onProgress?.(last);
      } else if (news.type === 'done') {
        finish(() => resolve(news.report));
      } else {
        const code = news.code === 'changed' ? 'changed' : 'io';
        finish(() => reject(new CodedError({ code, message: news.message, detail: news.code })));
      }
    });
    helper.onExit((how) =>
      finish(() => reject(new CodedError({ code: 'helper-died', message: `The deleting process stopped: ${how}.` }))),
    );
    signal?.addEventListener('abort', cancel);
    helper.send({ type: 'delete', job: { ...order, way, threads } } satisfies ToHelper);
    if (signal?.aborted) cancel();
  });
};
