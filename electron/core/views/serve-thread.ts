import { parentPort } from 'node:worker_threads';
import { type ApiError, CodedError } from '../../../shared/errors.ts';
import { systemError } from '../fs/errno.ts';
import type { Ask, Method, Said } from './thread-types.ts';

const moving = new WeakMap<object, readonly ArrayBuffer[]>();

/** An answer whose memory moves to the other side instead of being copied. */
export const moved = <T extends object>(answer: T, memory: readonly ArrayBuffer[]): T => {
  moving.set(answer, memory);
  return answer;
};

const asError = (thrown: unknown): ApiError => {
  if (thrown instanceof CodedError) {
    const { code, message, path } = thrown;
    return { code, message, ...(path !== undefined && { path }) };
  }
  const system = systemError(thrown);
  if (system !== null) return { code: 'io', message: `${system.message} (${system.code})` };
  const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return { code: 'internal', message: 'Cache Inspector made a mistake; nothing was changed.', detail };
};

/** Answers what a `ViewThread` asks with a table of methods, which may `tell` news. To be called once, in a worker. */
export const serveThread = <News>(make: (tell: (news: News) => void) => Readonly<Record<string, Method>>): void => {
  const port = parentPort;
  if (port === null) throw new Error('serveThread is for worker threads');
  const say = (said: Said<News>, memory: readonly ArrayBuffer[] = []): void => port.postMessage(said, memory);
  const methods = make((news) => say({ type: 'news', news }));
  port.on('message', async ({ id, name, arg }: Ask) => {
    try {
      const answer = await (methods[name] as ((arg: unknown) => unknown) | undefined)?.(arg);
      const memory = typeof answer === 'object' && answer !== null ? moving.get(answer) : undefined;
      say({ type: 'answer', id, value: answer }, memory);
    } catch (thrown) {
      say({ type: 'failed', id, error: asError(thrown) });
    }
  });
};
