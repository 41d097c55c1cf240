import { DatabaseSync } from 'node:sqlite';
import type { Reader } from '../../fs/reader.ts';

/** More than any book of a tool holds; a database that says more is cut there. */
const mostRows = 500_000;
/** Larger than any of these books by far. */
const largestFile = 256 * 1024 * 1024;
/** How long it waits for the tool to end a transaction. */
const busyMs = 250;

export type Row = Readonly<Record<string, unknown>>;

/** A plain table: a view, or a column that is worked out, could be anything that runs without end. */
const isPlain = (sql: unknown): boolean =>
  typeof sql === 'string' && /^create table\b/i.test(sql) && !/\b(?:generated|as|virtual)\b/i.test(sql);

/**
 * Rows of the tables of a tool's SQLite file, by the names of the tables: those columns that are asked for and there. A
 * table that is not there has none. Null when this is no such file, or cannot be read now. Nothing is written, and no
 * file is made beside it: one in WAL mode is therefore left alone. A tool that writes meanwhile waits for a moment.
 */
export const readTables = <Name extends string>(
  read: Reader,
  path: string,
  tables: Readonly<Record<Name, readonly string[]>>,
): Readonly<Record<Name, readonly Row[]>> | null => {
  const facts = read.facts(path);
  if (facts?.kind !== 'file' || facts.size > largestFile) return null;
  const head = read.bytes(path, 20);
  // Byte 18 is the version that it takes to write: 1 with a journal, 2 with WAL (sqlite.org/fileformat2.html).
  if (head === null || head.toString('latin1', 0, 15) !== 'SQLite format 3' || head[18] !== 1) return null;
  let db: DatabaseSync | null = null;
  try {
    db = new DatabaseSync(path, { readOnly: true, timeout: busyMs });
    db.exec('PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;');
    const found = {} as Record<Name, readonly Row[]>;
    for (const table of Object.keys(tables) as Name[]) found[table] = rowsOf(db, table, tables[table]);
    return found;
  } catch {
    return null;
  } finally {
    db?.close();
  }
};

const rowsOf = (db: DatabaseSync, table: string, columns: readonly string[]): readonly Row[] => {
  const schema = db
    .prepare("SELECT type, sql FROM sqlite_schema WHERE name = ? AND type IN ('table', 'view')")
    .get(table);
  if (schema?.['type'] !== 'table' || !isPlain(schema['sql'])) return [];
  const there = db
    .prepare('SELECT name FROM pragma_table_info(?)')
    .all(table)
    .map((row) => row['name']);
  const wanted = columns.filter((name) => there.includes(name));
  if (wanted.length === 0) return [];
  const names = wanted.map((name) => `"${name}"`).join(', ');
  return db.prepare(`SELECT ${names} FROM "${table}" LIMIT ${mostRows}`).all();
};
