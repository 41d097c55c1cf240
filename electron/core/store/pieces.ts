import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { PieceRow } from '../clear/pieces.ts';
import type { Kind } from '../fs/identity.ts';
import { bytes, idNumber, text } from './columns.ts';
import type { KeptPiece, KeptPieces } from './schema.ts';

type Row = { readonly [column: string]: SQLInputValue };

/** Writes down what a clear in parts takes. Part of the transaction that writes its intent. */
export const keepPieces = (db: DatabaseSync, id: string, { pieces, rows }: KeptPieces): void => {
  const piece = db.prepare('INSERT INTO pieces VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  for (const [n, { parent, name, kind, identity, born, mode }] of pieces.entries()) {
    piece.run(id, n, parent, name, kind, String(identity.dev), String(identity.ino), born, mode);
  }
  const row = db.prepare('INSERT INTO piece_rows VALUES (?, ?, ?, ?, ?)');
  for (const [n, one] of rows.entries()) row.run(id, n, one.file, one.table, JSON.stringify(one.row));
};

const pieceOf = (row: Row): KeptPiece => ({
  parent: bytes(row['parent']),
  name: bytes(row['name']),
  kind: row['kind'] as Kind,
  identity: { dev: idNumber(row['dev']), ino: idNumber(row['ino']) },
  born: text(row['born']),
  mode: Number(row['mode']),
});

/** In their order; none for an operation about a whole unit, and none once it is at its end. */
export const keptPieces = (db: DatabaseSync, id: string): KeptPieces => {
  const all = (sql: string) => db.prepare(sql).all(id) as readonly Row[];
  return {
    pieces: all('SELECT * FROM pieces WHERE operation = ? ORDER BY n').map(pieceOf),
    rows: all('SELECT * FROM piece_rows WHERE operation = ? ORDER BY n').map(
      (row): PieceRow => ({
        file: String(row['file']),
        table: String(row['table']),
        row: JSON.parse(String(row['row'])) as PieceRow['row'],
      }),
    ),
  };
};

export const hasPieces = (db: DatabaseSync, id: string): boolean =>
  db.prepare('SELECT 1 FROM pieces WHERE operation = ? LIMIT 1').get(id) !== undefined;

/** Nothing will ever be put back by them: they would only make the history large. */
export const forgetPieces = (db: DatabaseSync, id: string): void => {
  for (const table of ['pieces', 'piece_rows']) db.prepare(`DELETE FROM ${table} WHERE operation = ?`).run(id);
};
