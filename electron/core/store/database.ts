import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sameIdentity } from '../../../shared/identity.ts';
import type { Notice } from '../../../shared/model.ts';
import { look } from '../fs/identity.ts';
import {
  makeOwnDirectory,
  ownFileSize,
  readOwnFile,
  removeOwnFile,
  removeOwnFiles,
  renameOwnFile,
  syncFile,
  writeOwnFile,
} from '../fs/own-files.ts';
import { migrations, schemaVersion, tables } from './schema.ts';

export interface OpenDatabase {
  readonly db: DatabaseSync;
  readonly notices: readonly Notice[];
  /**
   * Throws unless the opened file still stands at its place and holds something. SQLite goes on writing into one that
   * was removed, renamed, or whose disk was taken away, and an intent in there is no intent: nobody would find it.
   */
  readonly mustBeThere: () => void;
}

/** How long a process waits for another one's transaction before it says that the history is busy. */
const busyMs = 5000;

const connect = (path: string): DatabaseSync => {
  const db = new DatabaseSync(path, { timeout: busyMs });
  // FULL: a commit is on the disk when it returns, so an intent survives a power cut (sqlite.org/pragma.html#pragma_synchronous).
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;',
  );
  return db;
};

/** What is wrong with a database file, in words; null when it is sound. A busy one is not damaged: that is thrown. */
const damage = (path: string): string | null => {
  // SQLite opens an empty file as an empty database: the history would be gone without a word.
  const size = ownFileSize(path);
  if (size === 0) return 'the file was empty';
  // One that is shorter than its shortest page it takes for an empty one as well, and writes over it.
  if (size !== null && size < 512) return `the file was cut to ${size} bytes`;
  let db: DatabaseSync | null = null;
  try {
    db = connect(path);
    const check = db.prepare('PRAGMA quick_check(1)').get() as { quick_check?: string } | undefined;
    if (check?.quick_check !== 'ok') return `SQLite says: ${check?.quick_check ?? 'nothing'}`;
    const version = db.prepare("SELECT value FROM meta WHERE key = 'schema'").get() as { value: string } | undefined;
    if (!version) return 'it holds no history of this program';
    if (Number(version.value) > schemaVersion) {
      throw new Error(`${path} was written by a newer Cache Inspector (version ${version.value} of its tables).`);
    }
    return null;
  } catch (error) {
    const { errcode, message } = error as { errcode?: number; message: string };
    // 1 no such table, 11 corrupt, 26 not a database (sqlite.org/rescode.html); I/O errors and locks are not damage.
    const primary = errcode === undefined ? null : errcode & 0xff;
    if (primary === 1 || primary === 11 || primary === 26) return `SQLite says: ${message}`;
    throw error;
  } finally {
    db?.close();
  }
};

/**
 * What a process leaves that is killed while it makes one of our files. All but the reserve are made under the opening
 * lock, so that nobody is making one while we hold it; a reserve that is lost that way is made again.
 */
const halfMade = /^(history\.(db|begun)|reserve)\.\d+(-[0-9a-f]{8})?\.new(-journal)?$/;

/** Makes the database beside its place and moves it there whole, so that nobody ever sees a half-made one. */
const create = (path: string): void => {
  const fresh = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.new`;
  const db = new DatabaseSync(fresh);
  try {
    db.exec('BEGIN');
    db.exec(tables);
    db.prepare("INSERT INTO meta VALUES ('schema', ?), ('created', ?)").run(
      String(schemaVersion),
      new Date().toISOString(),
    );
    db.exec('COMMIT');
    db.close();
    syncFile(fresh);
    renameOwnFile(fresh, path);
  } catch (thrown) {
    // A full disk must not fill with what it had no room for.
    if (db.isOpen) db.close();
    for (const part of ['-journal', '']) removeOwnFile(fresh + part);
    throw thrown;
  }
};

/** Brings older tables forward, all of the way or not at all. */
const bringForward = (db: DatabaseSync): void => {
  const { value } = db.prepare("SELECT value FROM meta WHERE key = 'schema'").get() as { value: string };
  if (Number(value) === schemaVersion) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    for (let version = Number(value); version < schemaVersion; version += 1) db.exec(migrations[version] ?? '');
    db.prepare("UPDATE meta SET value = ? WHERE key = 'schema'").run(String(schemaVersion));
    db.exec('COMMIT');
  } catch (thrown) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw thrown;
  }
};

const quarantine = (path: string): string => {
  const aside = `${path}.damaged-${new Date().toISOString().replaceAll(':', '')}`;
  for (const part of ['-wal', '-shm', '']) renameOwnFile(path + part, aside + part);
  return aside;
};

/** While it is held no other process opens, makes or quarantines the database. Freed by the system if we die. */
const underOpeningLock = <T>(dir: string, work: () => T): T => {
  const path = join(dir, 'opening.lock');
  const lock = new DatabaseSync(path, { timeout: 15_000 });
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (((error as { errcode?: number }).errcode ?? 0) !== 26) throw error;
    // Somebody wrote into it. It never holds anything, so it can be made anew.
    removeOwnFile(path);
    return underOpeningLock(dir, work);
  }
  try {
    return work();
  } finally {
    lock.close();
  }
};

/**
 * Opens the history in `dir`, making it the first time. A damaged, emptied or vanished one is put beside under a name
 * that says so, a new one is begun, and a notice tells; it is never replaced silently.
 * @throws the error of SQLite or the system when the place cannot be used at all.
 */
export const openDatabase = (dir: string): OpenDatabase => {
  makeOwnDirectory(dir);
  const path = join(dir, 'history.db');
  const mark = join(dir, 'history.begun');
  return underOpeningLock(dir, () => {
    removeOwnFiles(dir, halfMade);
    const notices: Notice[] = [];
    if (look(path) === null) {
      const begun = readOwnFile(mark);
      if (begun !== null) {
        removeOwnFile(`${path}-wal`);
        removeOwnFile(`${path}-shm`);
        notices.push(
          warning(`The history that was begun ${begun.trim()} is not at ${path} any more. A new one has been begun.`),
        );
      }
      create(path);
    } else {
      const reason = damage(path);
      if (reason !== null) {
        const aside = quarantine(path);
        create(path);
        notices.push(
          warning(
            `The history was damaged (${reason}). It is kept as ${aside}, and a new one has been begun. ` +
              'What earlier clears left behind is shown under leftovers.',
          ),
        );
      }
    }
    if (notices.length > 0 || readOwnFile(mark) === null) writeOwnFile(mark, `${new Date().toISOString()}\n`);
    const db = connect(path);
    bringForward(db);
    return { db, notices, mustBeThere: watched(path) };
  });
};

const watched = (path: string): (() => void) => {
  const opened = look(path);
  return () => {
    const now = look(path);
    if (opened === null || now === null || !sameIdentity(now.identity, opened.identity)) {
      throw new Error(`${path} was moved or removed while it was open; start Cache Inspector again to begin a new one`);
    }
    if (now.size === 0) throw new Error(`${path} was emptied while it was open; start Cache Inspector again`);
  };
};

const warning = (message: string): Notice => ({ level: 'warning', message });
