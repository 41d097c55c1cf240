import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { entriesIn, layout } from '../../../../e2e/support/cache-layout.ts';
import { reader } from '../../fs/reader.ts';
import { cargo } from '../tools/cargo.ts';

const source = 'index.crates.io-1949cf8c6b5b557f';
const later = 4_000_000_000;

/** The tables of core/global_cache_tracker.rs. */
const tables = `
  CREATE TABLE registry_index (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE NOT NULL, timestamp INTEGER NOT NULL);
  CREATE TABLE registry_crate (registry_id INTEGER NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL, timestamp INTEGER NOT NULL,
    PRIMARY KEY (registry_id, name), FOREIGN KEY (registry_id) REFERENCES registry_index (id) ON DELETE CASCADE);
  CREATE TABLE registry_src (registry_id INTEGER NOT NULL, name TEXT NOT NULL, size INTEGER, timestamp INTEGER NOT NULL,
    PRIMARY KEY (registry_id, name), FOREIGN KEY (registry_id) REFERENCES registry_index (id) ON DELETE CASCADE);
  CREATE TABLE git_db (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE NOT NULL, timestamp INTEGER NOT NULL);
  CREATE TABLE git_checkout (git_id INTEGER NOT NULL, name TEXT UNIQUE NOT NULL, size INTEGER, timestamp INTEGER NOT NULL,
    PRIMARY KEY (git_id, name), FOREIGN KEY (git_id) REFERENCES git_db (id) ON DELETE CASCADE);
  CREATE TABLE global_data (last_auto_gc INTEGER NOT NULL);
  INSERT INTO registry_index VALUES (7, '${source}', ${later});
  INSERT INTO registry_crate VALUES (7, 'serde-1.0.1.crate', 10, ${later + 1}), (7, 'old-0.1.0.crate', 10, 1);
  INSERT INTO registry_src VALUES (7, 'serde-1.0.1', NULL, ${later + 2});
  INSERT INTO git_db VALUES (3, 'mine-0123456789abcdef', ${later + 3});
  INSERT INTO git_checkout VALUES (3, 'a1b2c3d', NULL, ${later + 4});`;

test('what cargo noted is when a thing was last used, and never before it was made', async () => {
  const root = layout([
    `registry/index/${source}/config.json`,
    `registry/cache/${source}/serde-1.0.1.crate`,
    `registry/cache/${source}/old-0.1.0.crate`,
    `registry/cache/${source}/unknown-0.1.0.crate`,
    `registry/src/${source}/serde-1.0.1/Cargo.toml`,
    'git/db/mine-0123456789abcdef/HEAD',
    'git/checkouts/mine-0123456789abcdef/a1b2c3d/Cargo.toml',
  ]);
  const book = join(root, '.global-cache');
  const db = new DatabaseSync(book);
  db.exec(tables);
  db.close();
  const used = async (): Promise<Readonly<Record<string, number>>> =>
    Object.fromEntries(
      (await entriesIn(cargo, root)).map(({ in: unit, name, lastUsed }) => [
        `${unit} ${name}`,
        Math.round(Date.parse(lastUsed ?? '') / 1000) - later,
      ]),
    );
  const noted = await used();
  expect(noted).toMatchObject({
    [`registry/index ${source.slice(0, -17)}`]: 0,
    'registry/cache serde': 1,
    'registry/src serde': 2,
    'git/db mine': 3,
    'git/checkouts mine': 4,
  });
  for (const name of ['old', 'unknown']) expect(noted[`registry/cache ${name}`]).toBeLessThan(-1_000_000);
  expect(noted['registry/cache old']).toBeGreaterThan(1 - later + 1_000_000);

  writeFileSync(book, 'ten bytes.');
  for (const age of Object.values(await used())) expect(age).toBeLessThan(-1_000_000);
  rmSync(book);
  expect(reader.facts(book)).toBeNull();
  expect(Object.keys(await used())).toHaveLength(7);
});
