import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { sameIdentity } from '../../../shared/identity.ts';
import { type Facts, look } from '../fs/identity.ts';
import { removeOwnFile, touchOwnFile } from '../fs/own-files.ts';
import { reader } from '../fs/reader.ts';

/**
 * `exclusive`: alone. `shared`: beside others that share. `over-holders`: alone where that is possible, else in spite of
 * those that share, but of two that want that only one gets it.
 */
export type LockMode = 'exclusive' | 'shared' | 'over-holders';

/** One lock file that this process has. */
export interface FileLock {
  /** False when somebody has removed or replaced the file: who comes now does not meet this lock any more. */
  isIntact(): boolean;
  /** Lets go, and removes the file when nobody else has it. */
  release(): void;
}

/**
 * `busy`: somebody has it, or had it a moment ago. `unusable`: no lock file can be made or opened there.
 * `not-lockable`: the file is there, and its file system does not lock.
 */
export type Refusal = 'busy' | 'unusable' | 'not-lockable';

/** Numbers of sqlite.org/rescode.html: the low byte is the kind, what is above tells what failed. */
const sqlite = {
  busy: 5,
  perm: 3,
  cannotOpen: 14,
  ioError: 10,
  // fcntl(2) failed with what is no sign of another lock.
  lockErrors: new Set([2058, 2314, 3594, 3850]),
};

/** `BEGIN IMMEDIATE` lets those be that share, and keeps out who wants the same (sqlite.org/lockingv3.html: RESERVED). */
const statements: { readonly [Mode in LockMode]: readonly [string, ...string[]] } = {
  exclusive: ['BEGIN EXCLUSIVE'],
  shared: ['BEGIN; SELECT count(*) FROM sqlite_master'],
  'over-holders': ['BEGIN EXCLUSIVE', 'BEGIN IMMEDIATE'],
};

/** The locks of this process, by path: SQLite's are the process's, so a second one is refused here, not by the kernel. */
const ours = new Map<string, { readonly mode: LockMode; count: number }>();

const errcodeOf = (thrown: unknown): number => (thrown as { errcode?: number }).errcode ?? 0;

const refusalOf = (thrown: unknown, isStillThere: () => boolean): Refusal => {
  const errcode = errcodeOf(thrown);
  const kind = errcode & 0xff;
  if (kind === sqlite.perm || sqlite.lockErrors.has(errcode)) return 'not-lockable';
  // A file that was removed under us cannot be opened, or shows as an I/O error: somebody else just let go of it.
  if (kind === sqlite.cannotOpen) return isStillThere() ? 'unusable' : 'busy';
  return kind === sqlite.busy || kind === sqlite.ioError ? 'busy' : 'unusable';
};

const begin = (connection: DatabaseSync, [statement, ...others]: readonly string[]): void => {
  try {
    connection.exec(statement ?? '');
  } catch (thrown) {
    if (others.length === 0 || (errcodeOf(thrown) & 0xff) !== sqlite.busy) throw thrown;
    begin(connection, others);
  }
};

const isSame = (before: Facts | null, after: Facts | null): boolean =>
  before !== null && after !== null && sameIdentity(before.identity, after.identity);

/** Whose file it is can be that of another user in a folder where only the owner may remove: then it stays, empty. */
const removeIfAllowed = (path: string): void => {
  try {
    removeOwnFile(path);
  } catch {
    // An empty file that anybody can lock is no obstacle.
  }
};

const pause = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** Of several that let go at the same moment each can be in the way of the others: the second try finds one of them alone. */
const removeIfAlone = (connection: DatabaseSync, isIntact: () => boolean, path: string): void => {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      connection.exec('BEGIN EXCLUSIVE');
      if (isIntact()) removeIfAllowed(path);
      return;
    } catch {
      pause(Math.random() * 3);
    }
  }
};

/**
 * Tries once to lock the file at `path`, making it with `rights` when it is not there. It is that of an empty SQLite
 * file: exclusive and shared, on three systems, without native code, not inherited by children, and freed by the kernel
 * when the process dies. It is removed by whoever has it alone, which is safe because everybody who gets it checks that
 * the file is still the one at the path. A link, a folder or a file that is not empty is left alone. Never throws.
 */
export const lockFile = (path: string, mode: LockMode, rights: number): FileLock | Refusal => {
  const known = ours.get(path);
  if (known !== undefined && !(known.mode === 'shared' && mode === 'shared')) return 'busy';
  let connection: DatabaseSync | null = null;
  let before: Facts | null = null;
  try {
    if (known === undefined) touchOwnFile(path, rights);
    // Looked at before it is opened: if the same file stands there when the lock is held, it is the one that is locked.
    // Looked at in between, it could be the next one already, while the lock is that of one that was removed.
    before = look(path);
    if (before === null) return 'busy';
    if (before.kind !== 'file' || before.size > 0) return 'unusable';
    const url = pathToFileURL(path);
    // Never made by SQLite, which would make it with other rights, nor opened as if: where everybody may write, the
    // kernel forbids that for files of others (proc_sys_fs(5), protected_regular).
    url.searchParams.set('mode', 'rw');
    connection = new DatabaseSync(url, { timeout: 0 });
    // No journal file beside: nothing is ever written.
    connection.exec('PRAGMA journal_mode = MEMORY');
    begin(connection, statements[mode]);
    const after = look(path);
    // The time of change as well: inode numbers are given again.
    if (isSame(before, after) && before.ctimeMs === after?.ctimeMs) return held(path, mode, connection, before);
    connection.close();
    return 'busy';
  } catch (thrown) {
    connection?.close();
    return refusalOf(thrown, () => isSame(before, reader.facts(path)));
  }
};

const held = (path: string, mode: LockMode, connection: DatabaseSync, facts: Facts): FileLock => {
  const entry = ours.get(path) ?? { mode, count: 0 };
  entry.count += 1;
  ours.set(path, entry);
  // While it is open no other file gets its inode number.
  const isIntact = (): boolean => isSame(facts, reader.facts(path));
  let released = false;
  const release = (): void => {
    if (released) return;
    released = true;
    entry.count -= 1;
    if (entry.count === 0) ours.delete(path);
    if (mode === 'exclusive') {
      if (isIntact()) removeIfAllowed(path);
    } else {
      // Never COMMIT: that of an empty database writes its first page.
      connection.exec('ROLLBACK');
      if (entry.count === 0) removeIfAlone(connection, isIntact, path);
    }
    connection.close();
  };
  return { isIntact, release };
};
