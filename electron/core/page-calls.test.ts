import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { clearUnit, newHome, value } from './clear/testing/home.ts';
import type { Inspector } from './inspector.ts';

const pipTools = async (inspector: Inspector) => {
  const { caches } = value(await inspector.call('snapshot', {}));
  const found = caches.find(({ tool }) => tool === 'pip-tools');
  const unit = found?.units.find(({ name }) => name === 'pkgs');
  if (found === undefined || unit === undefined) throw new Error('pip-tools is always listed');
  return { cache: found, unit };
};

describe('a snapshot', () => {
  it('is all that a page needs, with sizes as last measured', async () => {
    const { home, open, unit } = newHome();
    const inspector = await open();
    expect((await pipTools(inspector)).unit).toMatchObject({ present: true, bytes: null });
    await inspector.call('list', { measure: true });
    const operation = await clearUnit(inspector, 60_000);
    fs.mkdirSync(path.join(unit, 'new'), { recursive: true });
    const snapshot = value(await inspector.call('snapshot', {}));
    expect(snapshot).toMatchObject({
      platform: process.platform,
      home,
      door: { name: 'test', reveal: false, pickFolder: false, confirms: false },
      operations: [{ id: operation.id, state: 'set-aside' }],
      leftovers: [{ operation: operation.id, verdict: 'undoable' }],
      settings: { protectedFolders: [] },
      notices: [],
    });
    expect(snapshot.disk?.total).toBeGreaterThan(snapshot.disk?.free ?? Number.POSITIVE_INFINITY);
    const listed = value(await inspector.call('list', { measure: false }));
    expect(snapshot.caches).toEqual(listed.caches);
  });

  it('has no disk where the home folder is not there, and is an answer all the same', async () => {
    const { home, open } = newHome();
    const inspector = await open();
    fs.renameSync(home, `${home}-away`);
    expect(value(await inspector.call('snapshot', {})).disk).toBe(null);
  });

  it('tells what the door can do', async () => {
    const { open } = newHome();
    const shell = { reveal: async () => undefined, pickFolder: async () => null, confirm: async () => true };
    const { door } = value(await (await open({ door: 'desktop', shell })).call('snapshot', {}));
    expect(door).toEqual({ name: 'desktop', reveal: true, pickFolder: true, confirms: true });
  });

  it('holds what was found on opening', async () => {
    const { stateDir, open } = newHome();
    await (await open()).close();
    fs.truncateSync(path.join(stateDir, 'history.db'), 0);
    const { notices } = value(await (await open()).call('snapshot', {}));
    expect(notices).toEqual([{ level: 'warning', message: expect.stringContaining('damaged') }]);
  });
});

describe('the desktop around a door', () => {
  it('shows a cache, a unit, a leftover, a node of a tree, and nothing that is not there', async () => {
    const { home, unit, open } = newHome();
    const shown: string[] = [];
    const inspector = await open({
      shell: {
        reveal: async (at) => {
          shown.push(at);
        },
      },
    });
    const there = await pipTools(inspector);
    value(await inspector.call('reveal', { what: { cache: there.cache.id } }));
    value(await inspector.call('reveal', { what: { unit: there.unit.id } }));
    const tree = value(await inspector.call('openTree', { cache: there.cache.id, by: 'folder' }));
    value(await inspector.call('reveal', { what: { view: tree.view, node: 0 } }));
    const { asidePath } = await clearUnit(inspector, 60_000);
    const { leftovers } = value(await inspector.call('leftovers', { measure: false }));
    for (const { id } of leftovers) value(await inspector.call('reveal', { what: { leftover: id } }));
    const root = path.join(home, '.cache/pip-tools');
    expect(shown).toEqual([root, unit, root, asidePath]);
    expect(await inspector.call('reveal', { what: { unit: there.unit.id } })).toMatchObject({
      ok: false,
      error: { code: 'unknown-target' },
    });
    expect(shown).toHaveLength(4);
  });

  it('gives the folder that was picked, or none', async () => {
    const { open } = newHome();
    const picks: (string | null)[] = ['/some/where', null];
    const inspector = await open({ shell: { pickFolder: async () => picks.shift() ?? null } });
    expect(value(await inspector.call('pickFolder', {}))).toEqual({ path: '/some/where' });
    expect(value(await inspector.call('pickFolder', {}))).toEqual({ path: null });
  });

  it('is missing at other doors: they say so, with what to do instead', async () => {
    const { open } = newHome();
    const inspector = await open();
    const { cache } = await pipTools(inspector);
    for (const answer of [
      await inspector.call('reveal', { what: { cache: cache.id } }),
      await inspector.call('pickFolder', {}),
    ]) {
      expect(answer).toMatchObject({
        ok: false,
        error: { code: 'not-available', message: expect.stringMatching(/path/) },
      });
    }
  });
});
