import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from './database.ts';
import { Journal } from './journal.ts';
import { Shelf } from './shelf.ts';

/** Everything the store can do, by name. Runs in a thread of its own: a commit waits for the disk. */
const methods = (journal: Journal, shelf: Shelf) => ({
  begin: journal.begin.bind(journal),
  advance: journal.advance.bind(journal),
  note: journal.note.bind(journal),
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
  | { readonly id: number; readonly error: { readonly message: string; readonly errcode: number | null } };

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
    const { db, notices } = openDatabase((workerData as { dir: string }).dir);
    const table = methods(new Journal(db), new Shelf(db));
    port.on('message', ({ id, method, args }: StoreRequest) => {
      try {
        if (method === 'close') {
          db.close();
          port.postMessage({ id, value: null });
          port.close();
          return;
        }
        const run = table[method] as (...args: readonly unknown[]) => unknown;
        port.postMessage({ id, value: run(...args) });
      } catch (thrown) {
        port.postMessage(failed(id, thrown));
      }
    });
    port.postMessage({ id: 0, value: notices });
  } catch (thrown) {
    port.postMessage(failed(0, thrown));
    port.close();
  }
}
