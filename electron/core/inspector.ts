import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '../../shared/api.ts';
import { CodedError } from '../../shared/errors.ts';
import { cacheCalls } from './cache-calls.ts';
import { Decoder } from './catalog/decoder.ts';
import { Clears } from './clear/clears.ts';
import { deleteTree } from './clear/deleter.ts';
import type { Engine } from './clear/engine.ts';
import { type ForkHelper, forkHelper } from './clear/helper-process.ts';
import { recover } from './clear/recover.ts';
import { dispatcher } from './dispatch.ts';
import { EventHub } from './events.ts';
import { ProtectedPlaces } from './fs/protected.ts';
import { holdNamed } from './hold.ts';
import { home } from './home.ts';
import { LeftoverBook } from './leftover-book.ts';
import { setUpNews } from './news/news.ts';
import { tellOnce } from './news/tell-once.ts';
import { operationCalls } from './operation-calls.ts';
import { OwnCommands } from './own-command.ts';
import { pageCalls } from './page-calls.ts';
import type { Parts } from './parts.ts';
import { PlanBook } from './plan-book.ts';
import { Scanner } from './scan/scanner.ts';
import type { Shell } from './shell.ts';
import { SizeBook } from './sizes.ts';
import { stateDirectory } from './state-dir.ts';
import { openStore, type Store, withoutHistory } from './store/store.ts';
import { Surveyor } from './surveyor.ts';
import type { Hold, HoldOptions } from './usage/hold.ts';
import { self } from './usage/processes.ts';
import { viewCalls } from './view-calls.ts';
import { ViewBook } from './views/view-book.ts';
import { drawWaited } from './waited.ts';

/** What doors need besides: a page's session, and the program's own files. A door knows core by this file alone. */
export type { ForkHelper, HelperProcess } from './clear/helper-process.ts';
export { readOwnFile, writeOwnFile } from './fs/own-files.ts';
export { type OwnLog, openLog } from './fs/own-log.ts';
export { readPageFiles } from './fs/page-files.ts';
export { PageSession } from './page-session.ts';
export type { Shell } from './shell.ts';
export type { HeldCache, Hold, HoldOptions } from './usage/hold.ts';
export { version } from './version.ts';

export interface InspectorOptions {
  /** Which door opens it, for the history: `terminal`, `browser`, `desktop`. */
  readonly door: string;
  /** Where the history lives; `$CACHE_INSPECTOR_HOME` or the platform's place without it. */
  readonly stateDir?: string;
  /** How helper processes are started: Electron has its own way. */
  readonly fork?: ForkHelper;
  readonly shell?: Shell;
  /** For looking only: where the history cannot be used it opens all the same, says so, and clears nothing. */
  readonly lookOnly?: boolean;
}

/** The application, without a transport. Doors carry its calls in and its events out. */
export interface Inspector extends Client {
  /** Goes on with deletes that were interrupted, and ends undo windows that are over. Resolves when that is done. */
  resume(): Promise<void>;
  /**
   * Keeps clears of every door off the caches that these words name, until the hold is released or this process dies.
   * For doors that run a command meanwhile; no page can ask for it.
   * @throws CodedError for words that mean no cache; `locked` when a clear takes too long; `not-lockable`; `cancelled`.
   */
  hold(names: readonly string[], options: HoldOptions): Promise<Hold>;
  /** Hands open undo windows over to the next door, stops deletes that run (they go on later), and ends all threads. */
  close(): Promise<void>;
}

/** electron/core, or out/electron/core: a cache that holds this program (an npx one) is not to be cleared by it. */
const appDir = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const engineOf = (
  store: Store,
  stateDir: string,
  events: EventHub,
  { door, fork = forkHelper }: InspectorOptions,
): Engine => ({
  store,
  door,
  stateDir,
  self: self(),
  now: Date.now,
  deleteTree: (order, options) => deleteTree(order, { ...options, fork }),
  changed: (operation) => events.emit('operation', operation),
  deleting: (operation, progress) => events.emit('deleting', { operation, progress }),
});

/**
 * Opens the program on this machine: history, scanner, decoders, leftovers. Several processes may have it open at once.
 * @throws CodedError `store-unavailable` when the history's place cannot be used, `invalid-argument` when
 * CACHE_INSPECTOR_HOME makes no sense.
 */
export const openInspector = async (options: InspectorOptions): Promise<Inspector> => {
  const stateDir = options.stateDir ?? stateDirectory();
  const events = new EventHub();
  const store = await openStore(stateDir, (notice) => events.emit('notice', notice)).catch((thrown: unknown) => {
    if (options.lookOnly && thrown instanceof CodedError) return withoutHistory(thrown);
    throw thrown;
  });
  const engine = engineOf(store, stateDir, events, options);
  const scanner = new Scanner();
  const parts: Parts = {
    stateDir,
    fork: options.fork ?? forkHelper,
    store,
    engine,
    events,
    shell: options.shell ?? {},
    clears: new Clears(engine, {
      draw: (record) => drawWaited(parts, record),
      failed: tellOnce(events, 'What waits to be cleared cannot be gone on with'),
    }),
    plans: new PlanBook(),
    commands: new OwnCommands(),
    sizes: new SizeBook(scanner, store, stateDir),
    leftovers: new LeftoverBook(scanner, store),
    decoder: new Decoder(),
    surveyor: options.door === 'terminal' ? null : new Surveyor(),
    views: new ViewBook(events),
    protectedPlaces: new ProtectedPlaces({
      home: home(),
      cwd: process.cwd(),
      stateDir,
      appDir,
    }),
    notices: store.notices,
  };
  const dispatch = dispatcher({
    ...cacheCalls(parts),
    ...operationCalls(parts),
    ...viewCalls(parts),
    ...pageCalls(parts),
  });
  setUpNews(parts);

  return {
    // The dispatcher answers each call with that call's answer; its own type cannot say so for all of them at once.
    call: (name, args) => dispatch(name, args) as ReturnType<Client['call']> as never,
    on: (event, listener) => events.on(event, listener),
    resume: async () => {
      await parts.clears.enqueue('recovery', (signal) => recover(engine, { now: false, signal }));
    },
    hold: (names, options) => holdNamed(parts, names, options),
    close: async () => {
      await parts.commands.close();
      events.close();
      parts.leftovers.close();
      await parts.clears.close();
      await Promise.all([scanner.close(), parts.decoder.close(), parts.surveyor?.close(), parts.views.closeAll()]);
      await store.close();
    },
  };
};
