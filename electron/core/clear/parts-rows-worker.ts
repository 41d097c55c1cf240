import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { look } from '../fs/identity.ts';
import type { PieceRow } from './pieces.ts';

export interface RowsOrder {
  /**
   * `there`: which of them are there now. `take`: out of the file. `give back`: into it again, unless they are there.
   * `ready`: only sees whether that could be done now.
   */
  readonly do: 'there' | 'take' | 'give back' | 'ready';
  readonly rows: readonly PieceRow[];
}

/** By number: those that are there, or that could not be given back. */
export interface RowsAnswer {
  readonly rows: readonly number[];
}

export interface RowsFailure {
  readonly file: string;
  readonly message: string;
  /** SQLite's own number; null when it is not SQLite's error. */
  readonly errcode: number | null;
  /** The file is in order, and not as this program knows it. */
  readonly isOdd: boolean;
}

/** How long it waits (ms) for the tool to end a transaction. */
const busyMs = 3000;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

interface Numbered extends PieceRow {
  readonly n: number;
}

/** Opened only when it is there, and a file itself; never made. */
const openFile = (file: string): DatabaseSync | null => {
  if (look(file)?.kind !== 'file') return null;
  const url = pathToFileURL(file);
  url.searchParams.set('mode', 'rw');
  const db = new DatabaseSync(url, { timeout: busyMs, enableForeignKeyConstraints: false });
  db.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;');
  return db;
};

/**
 * Whether its table is a plain one with exactly these columns, and nothing that happens by itself: of another a row could
 * not be given back whole.
 */
const tableOf = (db: DatabaseSync, { table, row }: PieceRow): 'plain' | 'none' | 'odd' => {
  const type = db.prepare('SELECT type FROM sqlite_schema WHERE name = ?').get(table)?.['type'];
  if (type === undefined) return 'none';
  const columns = db
    .prepare('SELECT name, hidden FROM pragma_table_xinfo(?)')
    .all(table)
    .map((it) => (Number(it['hidden']) === 0 ? String(it['name']) : ''));
  const trigger = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?").get(table);
  const names = Object.keys(row);
  const isPlain =
    type === 'table' &&
    trigger === undefined &&
    columns.length === names.length &&
    names.every((name) => columns.includes(name));
  return isPlain ? 'plain' : 'odd';
};

class OddTable extends Error {}

const matching = ({ row }: PieceRow): string =>
  Object.keys(row)
    .map((name) => `${quoted(name)} IS ?`)
    .join(' AND ');

/** A whole number as one: bound as another it would be kept as 1.0 where the column has no type. */
const valuesOf = ({ row }: PieceRow): readonly SQLInputValue[] =>
  Object.values(row).map((value) => (Number.isSafeInteger(value) ? BigInt(value as number) : value));

const find = (db: DatabaseSync, one: PieceRow): boolean =>
  db.prepare(`SELECT 1 FROM ${quoted(one.table)} WHERE ${matching(one)} LIMIT 1`).get(...valuesOf(one)) !== undefined;

const isThere = (db: DatabaseSync, one: PieceRow): boolean => {
  const table = tableOf(db, one);
  if (table === 'odd') throw new OddTable(`its table ${one.table} is another one than this program knows`);
  return table === 'plain' && find(db, one);
};

const take = (db: DatabaseSync, one: PieceRow): boolean => {
  if (isThere(db, one)) {
    db.prepare(`DELETE FROM ${quoted(one.table)} WHERE ${matching(one)}`).run(...valuesOf(one));
  }
  return false;
};

const isBack = (db: DatabaseSync, one: PieceRow): boolean => tableOf(db, one) === 'plain' && find(db, one);

/** True when another row is in its way, or its table is not as it was. */
const isInTheWay = (db: DatabaseSync, one: PieceRow): boolean => {
  if (tableOf(db, one) !== 'plain') return true;
  if (find(db, one)) return false;
  const names = Object.keys(one.row);
  const sql = `INSERT OR IGNORE INTO ${quoted(one.table)} (${names.map(quoted).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
  return Number(db.prepare(sql).run(...valuesOf(one)).changes) === 0;
};

const inOneFile = (order: RowsOrder['do'], file: string, rows: readonly Numbered[]): readonly number[] => {
  const db = openFile(file);
  if (db === null) return order === 'give back' ? rows.map(({ n }) => n) : [];
  try {
    // Nobody is waited for when there is nothing to write.
    if ((order === 'give back' || order === 'ready') && rows.every((one) => isBack(db, one))) return [];
    const each = { there: isThere, take, 'give back': isInTheWay, ready: () => false }[order];
    db.exec(order === 'there' ? 'BEGIN' : 'BEGIN IMMEDIATE');
    const told = rows.filter((one) => each(db, one)).map(({ n }) => n);
    db.exec('COMMIT');
    return told;
  } finally {
    // What was begun and not committed is undone by that.
    db.close();
  }
};

const run = ({ do: order, rows }: RowsOrder): RowsAnswer | RowsFailure => {
  const files = Map.groupBy(
    rows.map((one, n): Numbered => ({ ...one, n })),
    ({ file }) => file,
  );
  const told: number[] = [];
  for (const [file, some] of files) {
    try {
      told.push(...inOneFile(order, file, some));
    } catch (thrown) {
      const { message, errcode } = thrown as { readonly message: string; readonly errcode?: number };
      return { file, message, errcode: errcode ?? null, isOdd: thrown instanceof OddTable };
    }
  }
  return { rows: told };
};

parentPort?.postMessage(run(workerData as RowsOrder));
