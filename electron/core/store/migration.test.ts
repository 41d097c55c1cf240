import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { has, missing, onLinux, sandbox } from '../../../e2e/support/sandbox.ts';
import { deadOwner, engineOn } from '../clear/testing/rig.ts';
import { undo } from '../clear/undo.ts';
import { openStore } from './store.ts';

/** The tables as the first version made them. Never changed: databases like that are out there. */
const firstTables = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE operations (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    token TEXT NOT NULL UNIQUE,
    plan TEXT,
    kind TEXT NOT NULL,
    phase TEXT NOT NULL,
    door TEXT NOT NULL,
    tool TEXT,
    unit TEXT,
    parent BLOB NOT NULL,
    name BLOB NOT NULL,
    stale BLOB NOT NULL,
    deleting BLOB NOT NULL,
    dev TEXT NOT NULL,
    ino TEXT NOT NULL,
    boot TEXT,
    born TEXT,
    owner TEXT,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    undo_until INTEGER,
    planned INTEGER,
    freed INTEGER NOT NULL DEFAULT 0,
    entries INTEGER NOT NULL DEFAULT 0,
    left_count INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX operations_phase ON operations (phase);
  CREATE TABLE steps (operation TEXT NOT NULL, at INTEGER NOT NULL, step TEXT NOT NULL, note TEXT) STRICT;
  CREATE INDEX steps_operation ON steps (operation);
  CREATE TABLE errors (operation TEXT NOT NULL, step TEXT NOT NULL, errno INTEGER, code TEXT NOT NULL, path TEXT,
    message TEXT NOT NULL) STRICT;
  CREATE INDEX errors_operation ON errors (operation);
  CREATE TABLE remains (operation TEXT NOT NULL, path TEXT NOT NULL, errno INTEGER NOT NULL, message TEXT NOT NULL) STRICT;
  CREATE INDEX remains_operation ON remains (operation);
  CREATE TABLE sizes (unit TEXT NOT NULL, at INTEGER NOT NULL, measurement TEXT NOT NULL) STRICT;
  CREATE INDEX sizes_unit ON sizes (unit, at);
  CREATE TABLE folders (path TEXT PRIMARY KEY, tool TEXT NOT NULL, because TEXT NOT NULL, added_at INTEGER NOT NULL) STRICT;
  CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  INSERT INTO meta VALUES ('schema', '1'), ('created', '2026-05-12T09:30:00.000Z');
`;

const added = ['undo_window', 'wait_until', 'holders', 'occupied', 'restored', 'even_if_in_use', 'parts'];

/** What the second version had more. Never changed either. */
const secondColumns = `
  ALTER TABLE operations ADD COLUMN undo_window INTEGER;
  ALTER TABLE operations ADD COLUMN wait_until INTEGER;
  ALTER TABLE operations ADD COLUMN holders TEXT;
  ALTER TABLE operations ADD COLUMN occupied INTEGER;
  ALTER TABLE operations ADD COLUMN restored BLOB;
  ALTER TABLE operations ADD COLUMN even_if_in_use INTEGER;
  UPDATE meta SET value = '2' WHERE key = 'schema';
`;

/** A state folder as the first version left it: three operations, one of them open, a folder and a setting. */
const firstVersion = (more = ''): string => {
  const dir = path.join(sandbox(), 'state');
  fs.mkdirSync(dir);
  const db = new DatabaseSync(path.join(dir, 'history.db'));
  db.exec(`PRAGMA journal_mode = WAL; ${firstTables} ${more}`);
  const insert = db.prepare(
    `INSERT INTO operations (id, token, kind, phase, door, tool, unit, parent, name, stale, deleting, dev, ino, owner,
       started_at, undo_until, planned, freed, entries)
     VALUES (?, ?, 'clear', ?, 'terminal', 'npm', '_cacache', ?, ?, ?, ?, '64769', '18446744073709551615', ?, ?, ?, 9, 8, 7)`,
  );
  const bytes = (text: string) => Buffer.from(text);
  for (const [turn, phase] of ['done', 'set-aside', 'partial'].entries()) {
    const names = [bytes('/home'), Buffer.from([0xff, 0x41]), bytes(`s${turn}`), bytes(`d${turn}`)];
    insert.run(`o_${turn}`, `t${turn}`, phase, ...names, JSON.stringify(deadOwner()), 1000 + turn, 5000);
    db.prepare('INSERT INTO steps VALUES (?, 1, ?, NULL)').run(`o_${turn}`, phase);
  }
  db.exec("INSERT INTO errors VALUES ('o_2', 'delete', 13, 'EACCES', '/home/x', 'Permission denied')");
  db.exec("INSERT INTO folders VALUES ('/data/cache', 'folder', 'added by you', 5)");
  db.exec("INSERT INTO settings VALUES ('undoWindowMs', '12345')");
  db.close();
  fs.writeFileSync(path.join(dir, 'history.begun'), '2026-05-12T09:30:00.000Z\n');
  return dir;
};

interface Shape {
  readonly version: string;
  readonly columns: readonly string[];
  readonly rows: number;
}

const shapeOf = (dir: string): Shape => {
  const db = new DatabaseSync(path.join(dir, 'history.db'));
  try {
    const { value: version } = db.prepare("SELECT value FROM meta WHERE key = 'schema'").get() as { value: string };
    const columns = db.prepare('SELECT name FROM pragma_table_info(?)').all('operations') as { name: string }[];
    const { rows } = db.prepare('SELECT count(*) AS rows FROM operations').get() as { rows: number };
    return { version, columns: columns.map(({ name }) => name).filter((name) => added.includes(name)), rows };
  } finally {
    db.close();
  }
};

const expectWhole = async (dir: string): Promise<void> => {
  const store = await openStore(dir);
  try {
    expect(store.notices).toEqual([]);
    const records = await store.history({});
    expect(records.map(({ id, phase }) => [id, phase])).toEqual([
      ['o_2', 'partial'],
      ['o_1', 'set-aside'],
      ['o_0', 'done'],
    ]);
    expect(records[0]).toMatchObject({
      identity: { dev: 64769, ino: '18446744073709551615' },
      owner: deadOwner(),
      planned: 9,
      freed: 8,
      entries: 7,
      errors: [{ code: 'EACCES', path: '/home/x' }],
      undoWindowMs: null,
      waitUntil: null,
      holders: [],
      occupied: null,
      restored: null,
      evenIfInUse: false,
      parts: null,
    });
    expect(await store.pieces('o_1')).toEqual({ pieces: [], rows: [] });
    expect(records[0]?.name.equals(Buffer.from([0xff, 0x41]))).toBe(true);
    expect((await store.folders()).map(({ path: at }) => at)).toEqual(['/data/cache']);
    expect((await store.settings()).undoWindowMs).toBe(12_345);
  } finally {
    await store.close();
  }
  expect(shapeOf(dir)).toEqual({ version: '3', columns: added, rows: 3 });
};

describe('a history of the first version', () => {
  it('is brought forward with all that it holds, once', async () => {
    const dir = firstVersion();
    expect(shapeOf(dir)).toEqual({ version: '1', columns: [], rows: 3 });
    await expectWhole(dir);
    await expectWhole(dir);
  });

  it('is brought forward by one of five that open it at once', async () => {
    const dir = firstVersion();
    const stores = await Promise.all(Array.from({ length: 5 }, () => openStore(dir)));
    await Promise.all(stores.map((store) => store.close()));
    await expectWhole(dir);
  });

  it('stays as it was, whole, when one of its tables cannot be changed', async () => {
    // The last step but one fails: this column is there already.
    const dir = firstVersion('ALTER TABLE operations ADD COLUMN restored BLOB;');
    await expect(openStore(dir)).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(shapeOf(dir)).toEqual({ version: '1', columns: ['restored'], rows: 3 });
    expect(fs.readdirSync(dir).filter((name) => name.includes('damaged'))).toEqual([]);
  });

  it('of a version that is newer than this program is left alone', async () => {
    const dir = firstVersion();
    const db = new DatabaseSync(path.join(dir, 'history.db'));
    db.exec("UPDATE meta SET value = '4' WHERE key = 'schema'");
    db.close();
    await expect(openStore(dir)).rejects.toMatchObject({ message: expect.stringContaining('newer') });
    expect(shapeOf(dir)).toMatchObject({ version: '4', rows: 3 });
  });
});

describe('a history of the second version', () => {
  it('is brought forward, and its open operations are gone on with', async () => {
    const dir = firstVersion(secondColumns);
    expect(shapeOf(dir)).toEqual({ version: '2', columns: added.slice(0, -1), rows: 3 });
    const box = path.dirname(dir);
    const db = new DatabaseSync(path.join(dir, 'history.db'));
    // One of them is there still, and its window is over.
    fs.mkdirSync(path.join(box, 's1'));
    fs.writeFileSync(path.join(box, 's1', 'file'), 'x');
    const { dev, ino } = fs.statSync(path.join(box, 's1'));
    db.prepare(
      'UPDATE operations SET id = ?, parent = ?, name = ?, dev = ?, ino = ?, undo_window = 7 WHERE id = ?',
    ).run(...['o_0123456789ab', Buffer.from(box), Buffer.from('D'), String(dev), String(ino), 'o_1']);
    db.exec("DELETE FROM operations WHERE id = 'o_2'");
    db.close();
    const engine = await engineOn(dir);
    expect(await engine.store.open()).toMatchObject([{ phase: 'set-aside', undoWindowMs: 7, parts: null }]);
    expect(await undo(engine, 'o_0123456789ab')).toMatchObject({ phase: 'undone', parts: null });
    expect(fs.readFileSync(path.join(box, 'D', 'file'), 'utf8')).toBe('x');
    expect(shapeOf(dir)).toEqual({ version: '3', columns: added, rows: 2 });
  });
});

const canTrace = onLinux && has('strace') && spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

describe.skipIf(missing(!canTrace))(
  `a process that is killed while it brings a history forward${canTrace ? '' : ' (SKIPPED: there is no strace here that may trace)'}`,
  () => {
    it('leaves the old one or the new one, at each of its writes', async () => {
      const seen = new Set<string>();
      for (const call of ['pwrite64', 'fdatasync', 'ftruncate']) {
        for (let when = 1; when <= 12; when += 1) {
          const dir = firstVersion();
          const opening = `import(${JSON.stringify(new URL('./store.ts', import.meta.url).href)})
            .then(({ openStore }) => openStore(${JSON.stringify(dir)})).then((store) => store.close())`;
          const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:signal=KILL:when=${when}`];
          const trace = ['-f', '-qq', '-o', '/dev/null', ...inject, process.execPath, '-e', opening];
          const { status } = spawnSync('strace', trace);
          const { version, columns, rows } = shapeOf(dir);
          seen.add(version);
          expect({ call, when, version, columns, rows }).toEqual({
            ...{ call, when, version, rows: 3 },
            columns: version === '3' ? added : [],
          });
          await expectWhole(dir);
          if (status === 0) break;
        }
      }
      expect([...seen].sort()).toEqual(['1', '3']);
    }, 240_000);
  },
);
