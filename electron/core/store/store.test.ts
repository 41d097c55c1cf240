import { fork } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sandbox } from '../../../e2e/support/sandbox.ts';
import { self } from '../usage/processes.ts';
import type { Entry } from './schema.ts';
import { openStore, type Store } from './store.ts';

const open = async (dir: string): Promise<Store> => {
  const store = await openStore(dir);
  onTestFinished(() => store.close().catch(() => undefined));
  return store;
};

const entry = (id: string, more: Partial<Entry> = {}): Entry => ({
  id,
  token: id,
  plan: null,
  kind: 'clear',
  parts: null,
  phase: 'intent',
  door: 'terminal',
  tool: 'npm',
  unit: '_cacache',
  parent: Buffer.from('/tmp'),
  name: Buffer.from([0xff, 0x41]),
  stale: Buffer.from('s'),
  deleting: Buffer.from('d'),
  identity: { dev: 1, ino: '18446744073709551615' },
  boot: self().bootId,
  born: null,
  owner: self(),
  startedAt: 1000,
  endedAt: null,
  undoUntil: null,
  planned: null,
  freed: 0,
  entries: 0,
  leftCount: 0,
  undoWindowMs: null,
  waitUntil: null,
  holders: [],
  occupied: null,
  restored: null,
  evenIfInUse: false,
  ...more,
});
const step = { step: 'intent', at: 1, note: null };

describe('the journal', () => {
  it('gives back what was written, bytes and large numbers included', async () => {
    const dir = sandbox();
    const first = await open(dir);
    await first.begin(entry('o_1'), step);
    await first.close();
    const record = await (await open(dir)).get('o_1');
    expect(record).toMatchObject({ ...entry('o_1'), steps: [step], errors: [], left: [] });
    expect(record?.name.equals(Buffer.from([0xff, 0x41]))).toBe(true);
  });

  it('lets exactly one of many take an operation', async () => {
    const dir = sandbox();
    const stores = await Promise.all([open(dir), open(dir), open(dir)]);
    await stores[0]?.begin(entry('o_1', { phase: 'set-aside' }), step);
    const takes = await Promise.all(
      Array.from({ length: 30 }, (_, turn) =>
        stores[turn % 3]?.advance('o_1', ['set-aside'], turn % 2 ? 'undoing' : 'deleting', 2, {}),
      ),
    );
    expect(takes.filter(Boolean)).toHaveLength(1);
  });

  it('lets exactly one of many processes take over from a dead owner', async () => {
    const store = await open(sandbox());
    await store.begin(entry('o_1', { phase: 'deleting' }), step);
    const dead = JSON.stringify(entry('o_1').owner);
    const heir = { ...self(), pid: 1 };
    const first = await store.advance('o_1', ['deleting'], 'deleting', 2, { owner: heir }, dead);
    const second = await store.advance('o_1', ['deleting'], 'deleting', 3, { owner: self() }, dead);
    expect([first, second]).toEqual([true, false]);
  });

  it('keeps intents out of the history until something was done', async () => {
    const store = await open(sandbox());
    await store.begin(entry('o_1'), step);
    await store.begin(entry('o_2', { phase: 'done', startedAt: 3 }), step);
    expect((await store.history({})).map(({ id }) => id)).toEqual(['o_2']);
    expect((await store.open()).map(({ id }) => id)).toEqual(['o_1']);
  });
});

describe('a history that is not as it was', () => {
  const damage: readonly (readonly [string, (file: string) => void])[] = [
    ['emptied', (file) => fs.truncateSync(file, 0)],
    ['overwritten with garbage', (file) => fs.writeFileSync(file, 'garbage '.repeat(5000))],
    ['cut short', (file) => fs.truncateSync(file, 5000)],
    [
      'damaged in a page',
      (file) => {
        const fd = fs.openSync(file, 'r+');
        fs.writeSync(fd, Buffer.alloc(4096, 0x5a), 0, 4096, 4096);
        fs.closeSync(fd);
      },
    ],
    [
      'another database',
      (file) => {
        fs.rmSync(file);
        const db = new DatabaseSync(file);
        db.exec('CREATE TABLE other (a)');
        db.close();
      },
    ],
  ];

  it.each(damage)('%s: it is kept beside, a new one is begun, and that is said', async (_, spoil) => {
    const dir = sandbox();
    const store = await open(dir);
    await store.begin(entry('o_1', { phase: 'done' }), step);
    await store.close();
    spoil(path.join(dir, 'history.db'));
    const again = await open(dir);
    expect(again.notices).toHaveLength(1);
    expect(again.notices[0]?.message).toMatch(/damaged.*kept as/s);
    expect(fs.readdirSync(dir).some((name) => name.startsWith('history.db.damaged-'))).toBe(true);
    expect(await again.history({})).toEqual([]);
  });

  it('gone: that is said, and not said on the very first start', async () => {
    const dir = sandbox();
    const store = await open(dir);
    expect(store.notices).toEqual([]);
    await store.close();
    fs.rmSync(path.join(dir, 'history.db'));
    expect((await open(dir)).notices[0]?.message).toMatch(/not at .* any more/);
    expect((await open(dir)).notices).toEqual([]);
  });

  it('is damaged for five that open it at once: one quarantine, one new history', async () => {
    const dir = sandbox();
    await (await open(dir)).close();
    fs.truncateSync(path.join(dir, 'history.db'), 0);
    const stores = await Promise.all(Array.from({ length: 5 }, () => open(dir)));
    expect(stores.flatMap(({ notices }) => notices)).toHaveLength(1);
    await Promise.all(stores.map((store, turn) => store.begin(entry(`o_${turn}`, { phase: 'done' }), step)));
    expect(await stores[0]?.history({})).toHaveLength(5);
  });
});

describe('a history that cannot be used', () => {
  it('is busy with another process: an error that says so, and nothing written', async () => {
    const dir = sandbox();
    const store = await open(dir);
    const other = new DatabaseSync(path.join(dir, 'history.db'));
    other.exec('BEGIN IMMEDIATE');
    await expect(store.begin(entry('o_1'), step)).rejects.toMatchObject({ code: 'store-unavailable' });
    other.exec('ROLLBACK');
    other.close();
    expect(await store.get('o_1')).toBeNull();
  });

  const takenAway: readonly (readonly [string, (dir: string) => void])[] = [
    ['removed', (dir) => fs.rmSync(path.join(dir, 'history.db'))],
    ['removed with its folder', (dir) => fs.rmSync(dir, { recursive: true })],
    ['moved away with its folder', (dir) => fs.renameSync(dir, path.join(sandbox(), 'moved'))],
    ['emptied', (dir) => fs.truncateSync(path.join(dir, 'history.db'), 0)],
  ];

  it.skipIf(process.platform === 'win32').each(takenAway)(
    'was %s while it was open: nothing is acknowledged that nobody would find',
    async (_, take) => {
      const dir = path.join(sandbox(), 'state');
      const store = await open(dir);
      await store.begin(entry('o_1'), step);
      take(dir);
      await expect(store.begin(entry('o_2'), step)).rejects.toMatchObject({ code: 'store-unavailable', path: dir });
      await expect(store.advance('o_1', ['intent'], 'set-aside', 2, {})).rejects.toMatchObject({
        code: 'store-unavailable',
      });
    },
  );

  it('is so short that SQLite takes it for an empty one: it is kept as it is', async () => {
    const dir = sandbox();
    await (await open(dir)).close();
    fs.truncateSync(path.join(dir, 'history.db'), 1);
    expect((await open(dir)).notices[0]?.message).toContain('1 bytes');
    const [kept = ''] = fs.readdirSync(dir).filter((name) => name.startsWith('history.db.damaged-'));
    expect(fs.statSync(path.join(dir, kept)).size).toBe(1);
  });

  it('has no place: an error that names it', async () => {
    const file = path.join(sandbox(), 'file');
    fs.writeFileSync(file, '');
    await expect(openStore(path.join(file, 'below'))).rejects.toMatchObject({ code: 'store-unavailable' });
  });
});

it('loses nothing that was acknowledged when its process is killed, ten times over', async () => {
  const dir = sandbox();
  const script = path.join(dir, 'writer.mjs');
  fs.writeFileSync(
    script,
    `import { openStore } from ${JSON.stringify(new URL('./store.ts', import.meta.url).href)};
     const store = await openStore(${JSON.stringify(dir)});
     const entry = ${JSON.stringify({ ...entry(''), parent: null, name: null, stale: null, deleting: null })};
     for (let turn = 0; ; turn += 1) {
       const id = 'o_' + process.pid + '_' + turn;
       const bytes = Buffer.from('x');
       await store.begin({ ...entry, id, token: id, phase: 'done', parent: bytes, name: bytes, stale: bytes, deleting: bytes },
         { step: 'done', at: 1, note: null });
       process.send(id);
     }`,
  );
  const acknowledged: string[] = [];
  for (let round = 0; round < 10; round += 1) {
    const child = fork(script);
    child.on('message', (id) => acknowledged.push(String(id)));
    await new Promise((resolve) => child.once('message', resolve));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
  }
  const store = await open(dir);
  const kept = new Set((await store.history({})).map(({ id }) => id));
  expect(acknowledged.length).toBeGreaterThan(10);
  expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
  expect(store.notices).toEqual([]);
});
