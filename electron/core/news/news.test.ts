import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { write } from '../../../e2e/support/sandbox.ts';
import type { EventName, Events } from '../../../shared/api.ts';
import type { Usage } from '../../../shared/model.ts';
import { clearUnit, inHistory, newHome, value } from '../clear/testing/home.ts';
import { EventHub } from '../events.ts';
import { ProtectedPlaces } from '../fs/protected.ts';
import type { Inspector } from '../inspector.ts';
import type { Parts } from '../parts.ts';
import { openStore } from '../store/store.ts';
import { usageNews } from './usage-news.ts';

const soon = { timeout: 5000, interval: 20 };

const hear = <Name extends EventName>(inspector: Inspector, event: Name): Events[Name][] => {
  const heard: Events[Name][] = [];
  onTestFinished(inspector.on(event, (news) => heard.push(news)));
  return heard;
};

const none = { apparent: 0, allocated: 0, reclaimable: 0 };

describe('the unit of an operation', () => {
  it('is told empty at once when it is set aside, and as it was when it is put back', async () => {
    const { open } = newHome();
    const inspector = await open();
    value(await inspector.call('list', { measure: true }));
    const heard = hear(inspector, 'unitMeasured');
    const { id } = await clearUnit(inspector, 60_000);
    await vi.waitFor(
      () => expect(heard.at(-1)?.unit).toMatchObject({ name: 'pkgs', present: false, bytes: none }),
      soon,
    );
    const before = heard.length;
    value(await inspector.call('undo', { operation: id }));
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(before), soon);
    expect(heard[before]?.unit).toMatchObject({ name: 'pkgs', present: true, files: 9 });
  });

  it('is measured anew when the tool has made it anew', async () => {
    const { unit, open } = newHome();
    const inspector = await open();
    value(await inspector.call('list', { measure: true }));
    const heard = hear(inspector, 'unitMeasured');
    const stop = inspector.on('operation', ({ state }) => {
      if (state === 'set-aside') write(unit, { new: '1' });
    });
    await clearUnit(inspector, 60_000);
    stop();
    await vi.waitFor(() => expect(heard.at(-1)?.unit).toMatchObject({ present: true, files: 1 }), soon);
    expect(heard.every(({ unit: { files } }) => files !== 9)).toBe(true);
  });

  it('is shown as not measured, where nobody listened when the tool made it anew', async () => {
    const { unit, open } = newHome();
    const inspector = await open();
    value(await inspector.call('list', { measure: true }));
    await clearUnit(inspector, 60_000);
    write(unit, { new: '1' });
    const { caches } = value(await inspector.call('snapshot', {}));
    const shown = caches.flatMap(({ units }) => units).find(({ name }) => name === 'pkgs');
    // Where the file system keeps no births, the last measurement is all that is known.
    const births = fs.statSync(unit, { bigint: true }).birthtimeNs > 0n;
    expect(shown).toMatchObject({ present: true, bytes: births ? null : expect.anything() });
  });

  it('is told by the same id when its tool lists it no more', async () => {
    const { home, open } = newHome();
    write(path.join(home, '.npm/_npx/0123456789abcdef'), { 'package.json': '{}' });
    const inspector = await open();
    const { caches } = value(await inspector.call('list', { measure: true }));
    const listed = caches.flatMap(({ units }) => units).find(({ name }) => name === '_npx/0123456789abcdef');
    if (listed === undefined) throw new Error('it is listed');
    const heard = hear(inspector, 'unitMeasured');
    const plan = value(await inspector.call('plan', { targets: [{ unit: listed.id }], measure: false }));
    value(await inspector.call('clear', { plan: plan.id, undoWindowMs: 60_000, evenIfInUse: true }));
    const gone = { id: listed.id, name: listed.name, path: listed.path, present: false, bytes: none };
    await vi.waitFor(() => expect(heard.at(-1)?.unit).toMatchObject(gone), soon);
  });
});

describe('what is told of caches, disk and notices', () => {
  it('every cache, when a folder is added or forgotten', async () => {
    const { home, open } = newHome();
    const inspector = await open();
    const heard = hear(inspector, 'caches');
    fs.mkdirSync(path.join(home, 'mine'));
    const cache = value(await inspector.call('add', { path: path.join(home, 'mine'), isCache: true }));
    const has = () => heard.map((caches) => caches.some(({ id }) => id === cache.id));
    expect(has()).toEqual([true]);
    value(await inspector.call('forget', { cache: cache.id }));
    expect(has()).toEqual([true, false]);
  });

  it('the room on the disk, at once and after an operation', async () => {
    const { open } = newHome();
    const inspector = await open();
    const heard = hear(inspector, 'disk');
    await vi.waitFor(() => expect(heard).toHaveLength(1), soon);
    expect(heard[0]?.total).toBeGreaterThan(heard[0]?.free ?? 0);
    await clearUnit(inspector, 0);
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(1), soon);
  });

  it('a damaged history, to every page that listens', async () => {
    const { stateDir, open } = newHome();
    await (await open()).close();
    fs.truncateSync(path.join(stateDir, 'history.db'), 0);
    const inspector = await open();
    const [first, second] = [hear(inspector, 'notice'), hear(inspector, 'notice')];
    for (const heard of [first, second]) {
      expect(heard).toEqual([{ level: 'warning', message: expect.stringContaining('damaged') }]);
    }
  });

  it('leftovers, to each who comes after all had gone', async () => {
    const { unit, open } = newHome();
    const inspector = await open();
    inspector.on('leftovers', () => undefined)();
    fs.renameSync(unit, `${unit}.stale-4194303`);
    const heard = hear(inspector, 'leftovers');
    await vi.waitFor(() => expect(heard.at(-1)).toHaveLength(1), soon);
  });

  it('that undo windows end while a door keeps a listener, though no page is there', async () => {
    const { open } = newHome();
    const first = await open();
    const { id } = await clearUnit(first, 100);
    await first.close();
    const door = await open({ door: 'browser' });
    onTestFinished(door.on('leftovers', () => undefined));
    door.on('leftovers', () => undefined)();
    await vi.waitFor(async () => expect((await inHistory(door, id)).state).toBe('done'), {
      timeout: 20_000,
      interval: 100,
    });
  });
});

describe('who uses a cache', () => {
  it('is looked at for all caches in one look while somebody listens, and not at all otherwise', async () => {
    const { home, stateDir } = newHome();
    const events = new EventHub();
    const store = await openStore(stateDir);
    onTestFinished(() => store.close());
    const protectedPlaces = new ProtectedPlaces({ home, cwd: os.tmpdir(), stateDir, appDir: path.join(home, 'app') });
    const looks: (readonly string[])[] = [];
    const idle: Usage = { verdict: 'idle', holders: [], evidence: [] };
    usageNews({ events, store, protectedPlaces } as unknown as Parts, async (places) => {
      const paths = places.map(({ path }) => path);
      looks.push(paths);
      return new Map(paths.map((at) => [at, idle]));
    });
    events.emit('caches', []);
    events.overhear('usage', () => undefined);
    await store.settings();
    expect(looks).toEqual([]);
    const first: unknown[] = [];
    const stop = events.on('usage', (news) => first.push(news));
    await vi.waitFor(() => expect(first).toHaveLength(1), soon);
    expect(looks).toEqual([[path.join(home, '.cache/pip-tools')]]);
    // A second page is told what is known, without another look.
    const second: unknown[] = [];
    const stopSecond = events.on('usage', (news) => second.push(news));
    expect([second, looks.length]).toEqual([first, 1]);
    events.emit('caches', []);
    await vi.waitFor(() => expect(looks).toHaveLength(2), soon);
    stop();
    stopSecond();
    events.emit('caches', []);
    await new Promise((resolve) => setTimeout(resolve, 5500));
    expect(looks).toHaveLength(2);
  });

  it('is told by the whole program', async () => {
    const { open } = newHome();
    const inspector = await open();
    const heard = hear(inspector, 'usage');
    await vi.waitFor(() => expect(heard).toHaveLength(1), soon);
    expect(heard[0]).toMatchObject([{ usage: { evidence: [expect.any(String)] } }]);
  });
});
