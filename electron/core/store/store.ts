import { Worker } from 'node:worker_threads';
import type { CodedError } from '../../../shared/errors.ts';
import type { Notice } from '../../../shared/model.ts';
import { sibling } from '../fs/sibling.ts';
import { defaultSettings } from './shelf.ts';
import type { StoreMethods, StoreReply, StoreRequest } from './store-worker.ts';
import { unavailable } from './unavailable.ts';

/** The store's methods, each a promise: the database lives in a thread of its own. */
type Methods = {
  readonly [Name in keyof StoreMethods]: (
    ...args: Parameters<StoreMethods[Name]>
  ) => Promise<ReturnType<StoreMethods[Name]>>;
};

export interface Store extends Methods {
  /** What was found when it was opened, a quarantined history for instance. */
  readonly notices: readonly Notice[];
  close(): Promise<void>;
}

const names: readonly (keyof StoreMethods)[] = [
  'begin',
  'advance',
  'saw',
  'note',
  'pieces',
  'get',
  'byToken',
  'open',
  'history',
  'saveSize',
  'lastSize',
  'folders',
  'addFolder',
  'forgetFolder',
  'settings',
  'saveSettings',
  'changeProtected',
  'measuredSince',
  'changeMark',
];

const nothingKept = {
  pieces: async () => ({ pieces: [], rows: [] }),
  get: async () => null,
  byToken: async () => null,
  open: async () => [],
  lastSize: async () => null,
  saveSize: async () => undefined,
  folders: async () => [],
  settings: async () => defaultSettings,
  measuredSince: async () => [],
  changeMark: async () => 0,
} satisfies Partial<Methods>;

/**
 * A store for looking only, where the history cannot be used: it knows nothing, and what would write into it, or tell
 * what happened, rejects with `problem`.
 */
export const withoutHistory = (problem: CodedError): Store => {
  const refuse = () => Promise.reject(problem);
  const methods = Object.fromEntries(names.map((name) => [name, refuse]));
  const message = `${problem.message} What is shown leaves out folders that were added, settings and copies that can be undone.`;
  return {
    ...(methods as unknown as Methods),
    ...nothingKept,
    notices: [{ level: 'warning', message }],
    close: async () => undefined,
  };
};

/** Buffers arrive from another thread as plain arrays of bytes. */
const revive = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (Array.isArray(value)) return value.map(revive);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, revive(part)]));
  }
  return value;
};

/**
 * Opens journal, history, sizes and settings in `dir`. `onNotice` hears what a person should know, as it happens.
 * @throws CodedError `store-unavailable`, now or from any method, when the disk says no. Nothing was written then.
 */
export const openStore = async (dir: string, onNotice: (notice: Notice) => void = () => undefined): Promise<Store> => {
  const worker = new Worker(sibling(import.meta.url, 'store-worker'), { workerData: { dir } });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let next = 1;
  const settle = (reply: StoreReply): void => {
    if ('notice' in reply) {
      onNotice(reply.notice);
      return;
    }
    const caller = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (waiting.size === 0) worker.unref();
    if ('error' in reply) caller?.reject(unavailable(reply.error, dir));
    else caller?.resolve(revive(reply.value));
  };
  let ended = false;
  const failAll = (message: string): void => {
    ended = true;
    for (const { reject } of waiting.values()) reject(unavailable({ message, errcode: null }, dir));
    waiting.clear();
  };
  worker.on('message', settle);
  worker.on('error', (error) => failAll(error.message));
  worker.on('exit', () => failAll('its thread has ended'));
  const answer = (id: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      worker.ref();
      waiting.set(id, { resolve, reject });
    });
  const ask = (method: StoreRequest['method'], args: readonly unknown[]): Promise<unknown> => {
    if (ended) return Promise.reject(unavailable({ message: 'it has been closed', errcode: null }, dir));
    const id = next++;
    const promise = answer(id);
    worker.postMessage({ id, method, args } satisfies StoreRequest);
    return promise;
  };
  const notices = (await answer(0)) as readonly Notice[];
  const methods = Object.fromEntries(names.map((name) => [name, (...args: readonly unknown[]) => ask(name, args)]));
  return {
    ...(methods as unknown as Methods),
    notices,
    close: async () => {
      if (!ended) await ask('close', []);
      ended = true;
    },
  };
};
