import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { look } from '../fs/identity.ts';
import { makeOwnDirectory, removeOwnFile, touchOwnFile } from '../fs/own-files.ts';
import { reader } from '../fs/reader.ts';

/** An exclusive lock on one cache, held by this process until `release` or its death. */
export interface CacheLock {
  readonly path: string;
  release(): void;
}

/** SQLite's number for 'somebody else has it' (sqlite.org/rescode.html#busy). */
const busy = 5;

type Attempt = CacheLock | 'busy' | 'unusable';

/**
 * The lock is that of an empty SQLite file: exclusive and shared, on three systems, without native code, and freed by
 * the kernel when the process dies. It is removed by whoever holds it exclusively, so nothing stays beside the cache.
 * That is safe because everybody who gets it checks that the file is still the one at the path.
 */
const attempt = (path: string): Attempt => {
  let lock: DatabaseSync | null = null;
  try {
    touchOwnFile(path);
    // Looked at before it is opened: if the same file stands there when the lock is held, it is the one that is locked.
    // Looked at in between, it could be the next one already, while the lock is that of one that was removed.
    const before = look(path);
    if (before?.kind === 'link') return 'unusable';
    lock = new DatabaseSync(path, { timeout: 0 });
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    const after = look(path);
    const same =
      before !== null &&
      after !== null &&
      before.identity.ino === after.identity.ino &&
      before.ctimeMs === after.ctimeMs;
    if (!same) {
      lock.close();
      return 'busy';
    }
    const held = lock;
    return {
      path,
      release: () => {
        removeOwnFile(path);
        held.close();
      },
    };
  } catch (thrown) {
    lock?.close();
    const errcode = (thrown as { errcode?: number }).errcode;
    // A file that was removed under us shows as an I/O error: somebody else just let go of it.
    return errcode !== undefined && ((errcode & 0xff) === busy || (errcode & 0xff) === 10) ? 'busy' : 'unusable';
  }
};

/** Where the lock of a cache stands: beside it, never inside, so that a rename of its parts does not take it along. */
export const lockPlaces = (root: string, stateDir: string): readonly string[] => [
  join(dirname(root), `.cache-inspector-${basename(root)}.lock`),
  join(stateDir, 'locks', `${createHash('sha256').update(root).digest('hex').slice(0, 32)}.lock`),
];

/**
 * Takes the cache's lock exclusively, waiting up to `patienceMs` for whoever has it. Null when they keep it. Where the
 * folder above the cache may not be written, the lock stands in this program's own folder instead.
 * @throws CodedError never; system errors only when neither place can be used.
 */
export const lockCache = async (root: string, stateDir: string, patienceMs: number): Promise<CacheLock | null> => {
  const until = Date.now() + patienceMs;
  makeOwnDirectory(join(stateDir, 'locks'));
  for (;;) {
    let sawBusy = false;
    for (const place of lockPlaces(root, stateDir)) {
      const result = attempt(place);
      if (typeof result === 'object') return result;
      if (result === 'busy') {
        sawBusy = true;
        break;
      }
    }
    if (!sawBusy) throw new Error(`no lock can be made for ${root}`);
    if (Date.now() >= until) return null;
    await sleep(5 + Math.random() * 20);
  }
};

/** Removes the lock file that a killed process left beside a cache, if nobody holds it. */
export const removeDeadLock = (root: string, stateDir: string): void => {
  for (const place of lockPlaces(root, stateDir)) {
    if (reader.facts(place) === null) continue;
    const result = attempt(place);
    if (typeof result === 'object') result.release();
  }
};
