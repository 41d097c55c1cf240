import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import { readTables } from './sqlite.ts';

const made = (sql: string, folder = folderForTest()): string => {
  const path = join(folder, 'book.db');
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
  return path;
};

const plain = "CREATE TABLE things (name TEXT, size INTEGER); INSERT INTO things VALUES ('a', 1), ('b', NULL);";

test('gives the columns that are there, and no rows for what is not', () => {
  const path = made(plain);
  expect(readTables(reader, path, { things: ['name', 'size', 'colour'], others: ['name'] })).toEqual({
    things: [
      { name: 'a', size: 1 },
      { name: 'b', size: null },
    ],
    others: [],
  });
  expect(readdirSync(join(path, '..'))).toEqual(['book.db']);
});

test('a view without an end is not asked, nor a column that is worked out', () => {
  const endless =
    'CREATE VIEW things AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS name FROM n;';
  expect(readTables(reader, made(endless), { things: ['name'] })).toEqual({ things: [] });
  const workedOut =
    'CREATE TABLE things (a, name TEXT AS (hex(zeroblob(1000000))) VIRTUAL); INSERT INTO things (a) VALUES (1);';
  expect(readTables(reader, made(workedOut), { things: ['name'] })).toEqual({ things: [] });
});

test('leaves one in WAL mode, a link, a folder and what is no database alone', () => {
  const folder = folderForTest();
  const wal = made(`PRAGMA journal_mode = WAL; ${plain}`, folder);
  expect(readTables(reader, wal, { things: ['name'] })).toBeNull();
  expect(readdirSync(folder)).toEqual(['book.db']);
  symlinkSync(made(plain), join(folder, 'link.db'));
  expect(readTables(reader, join(folder, 'link.db'), { things: ['name'] })).toBeNull();
  mkdirSync(join(folder, 'dir.db'));
  expect(readTables(reader, join(folder, 'dir.db'), { things: ['name'] })).toBeNull();
  writeFileSync(join(folder, 'text.db'), 'ten bytes.');
  expect(readTables(reader, join(folder, 'text.db'), { things: ['name'] })).toBeNull();
});

test('one that is being written is null at once, not waited for', () => {
  const path = made(plain);
  const writer = new DatabaseSync(path);
  writer.exec('BEGIN EXCLUSIVE');
  const start = performance.now();
  expect(readTables(reader, path, { things: ['name'] })).toBeNull();
  expect(performance.now() - start).toBeLessThan(5000);
  writer.exec('ROLLBACK');
  writer.close();
  expect(readTables(reader, path, { things: ['name'] })?.things).toHaveLength(2);
});

test('mutated files never throw', () => {
  const path = made(`${plain} ${"INSERT INTO things VALUES ('x', 1);".repeat(200)}`);
  const good = reader.bytes(path, 1_000_000) ?? Buffer.alloc(0);
  const target = join(folderForTest(), 'mutated.db');
  fc.assert(
    fc.property(
      fc.array(fc.record({ at: fc.nat(good.length - 1), put: fc.uint8Array({ minLength: 1, maxLength: 9 }) }), {
        minLength: 1,
        maxLength: 8,
      }),
      fc.option(fc.nat(good.length)),
      (edits, cut) => {
        const bytes = Buffer.from(good);
        for (const { at, put } of edits) bytes.set(put.subarray(0, good.length - at), at);
        writeFileSync(target, cut === null ? bytes : bytes.subarray(0, cut));
        const found = readTables(reader, target, { things: ['name', 'size'] });
        expect(found === null || Array.isArray(found.things)).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});
