import type { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { Notice } from '../../../shared/model.ts';
import { openDatabase } from './database.ts';
import { Journal } from './journal.ts';
import { Reserve, usedReserve } from './reserve.ts';
import { Shelf } from './shelf.ts';
import type { StoreFailure } from './unavailable.ts';

/** Everything the store can do, by name. Runs in a thread of its own: a commit waits for the disk. */
const methods = (journal: Journal, shelf: Shelf) => ({
  begin: journal.begin.bind(journal),
  advance: journal.advance.bind(journal),
  saw: journal.saw.bind(journal),
  note: journal.note.bind(journal),
  pieces: journal.pieces.bind(journal),
  get: journal.get.bind(journal),
  byToken: journal.byToken.bind(journal),
  open: journal.open.bind(journal),
  history: journal.history.bind(journal),
  saveSize: shelf.saveSize.bind(shelf),
  lastSize: shelf.lastSize.bind(shelf),
  folders: shelf.folders.bind(shelf),
  addFolder: shelf.addFolder.bind(shelf),
  forgetFolder: shelf.forgetFolder.bind(shelf),
  settings: shelf.settings.bind(shelf),
  saveSettings: shelf.saveSettings.bind(shelf),
  changeProtected: shelf.changeProtected.bind(shelf),
  measuredSince: shelf.measuredSince.bind(shelf),
  changeMark: shelf.changeMark.bind(shelf),
});
export type StoreMethods = ReturnType<typeof methods>;

export interface StoreRequest {
  readonly id: number;
  readonly method: keyof StoreMethods | 'close';
  readonly args: readonly unknown[];
}
export type StoreReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly notice: Notice }
  | { readonly id: number; readonly error: StoreFailure };

/** Moves what the write-ahead log holds into the database, so that the log begins anew instead of growing. */
const emptyLog = (db: DatabaseSync): void => {
  try {
    db.exec('PRAGMA wal_checkpoint(RESTART)');
  } catch {
    // There is no room for that either, or another process reads: the log grows, if it can.
  }
};

/** What a clear cannot do without: for these the room is used that is kept for a full disk. */
const needed: ReadonlySet<StoreRequest['method']> = new Set(['begin', 'advance', 'saw']);

const port = parentPort;
if (port) {
  const failed = (id: number, thrown: unknown): StoreReply => ({
    id,
    error: {
      message: thrown instanceof Error ? thrown.message : String(thrown),
      errcode: (thrown as { errcode?: number }).errcode ?? null,
    },
  });
  try {
    const { dir } = workerData as { readonly dir: string };
    const reserve = new Reserve(dir);
    let used = false;
    const { db, notices, mustBeThere } = reserve.within(
      () => openDatabase(dir),
      () => {
        used = true;
      },
    );
    reserve.keep();
    const table = methods(new Journal(db, mustBeThere), new Shelf(db));
    port.on('message', ({ id, method, args }: StoreRequest) => {
      try {
        if (method === 'close') {
          db.close();
          port.postMessage({ id, value: null });
          port.close();
          return;
        }
        const run = table[method] as (...args: readonly unknown[]) => unknown;
        if (!needed.has(method)) {
          port.postMessage({ id, value: run(...args) });
          return;
        }
        const tell = () => port.postMessage({ id, notice: usedReserve } satisfies StoreReply);
        const value = reserve.within(
          () => run(...args),
          tell,
          () => emptyLog(db),
        );
        port.postMessage({ id, value });
        reserve.keep();
      } catch (thrown) {
        port.postMessage(failed(id, thrown));
      }
    });
    port.postMessage({ id: 0, value: used ? [...notices, usedReserve] : notices });
  } catch (thrown) {
    port.postMessage(failed(0, thrown));
    port.close();
  }
}
