import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cacheOf, clear, history, listed, planned, shown, the, unitOf } from '../support/answers.ts';
import { duApparent, needs } from '../support/caches.ts';
import { type Registry, startRegistry } from '../support/local-registry.ts';
import { dozen } from '../support/npm-packages.ts';
import { inspect, newHome } from '../support/program.ts';
import { npmInstall, npmVersion } from '../support/real-npm.ts';
import { du, fingerprint } from '../support/sandbox.ts';

const npm = needs('npm', (await npmVersion()) !== null);

describe.skipIf(npm.skip)(`a cache made by the real npm${npm.note}`, () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await startRegistry();
  });
  afterAll(() => registry?.close());

  const installed = async (): Promise<{ home: string; root: string; cacache: string }> => {
    const home = newHome();
    await npmInstall(home, null, registry.url, dozen);
    const root = path.join(home, '.npm');
    return { home, root, cacache: path.join(root, '_cacache') };
  };

  test('list agrees with du to the byte, and show names every package and version', async () => {
    const { home, root } = await installed();
    const caches = await listed(home);
    expect(cacheOf(caches, 'npm')).toMatchObject({ root, present: true, problem: null });
    for (const name of ['_cacache', '_logs']) {
      const unit = unitOf(caches, 'npm', name);
      expect(unit).toMatchObject({ path: path.join(root, name), present: true, unreadable: [] });
      expect(unit.bytes).toMatchObject({
        allocated: du(unit.path),
        reclaimable: du(unit.path),
        apparent: duApparent(unit.path),
      });
    }
    const { entries, total } = await shown(home, 'npm');
    expect(entries).toHaveLength(total);
    for (const { name, version } of dozen) {
      expect(entries.filter((entry) => entry.name === name && entry.version === version)).not.toEqual([]);
    }
    expect(entries.filter(({ damaged }) => damaged !== null)).toEqual([]);
  });

  test('show narrows down by unit, text, age and number', async () => {
    const { home } = await installed();
    const all = await shown(home, 'npm');
    const logs = await shown(home, 'npm', '--unit', '_logs');
    expect(new Set(logs.entries.map(({ unit }) => unit))).toEqual(new Set(['_logs']));
    expect(await shown(home, 'npm/_logs')).toEqual(logs);
    const scoped = await shown(home, 'npm', '--filter', '@SCOPE/');
    expect(new Set(scoped.entries.map(({ name }) => name))).toEqual(new Set(['@scope/thing', '@scope/other-thing']));
    const two = await shown(home, 'npm', '--limit', '2');
    expect(two).toEqual({ entries: all.entries.slice(0, 2), total: all.total });
    expect(await shown(home, 'npm', '--older-than', '30d')).toEqual({ entries: [], total: 0 });
    expect((await shown(home, 'npm', '--older-than', '1s')).total).toBeGreaterThan(0);
    expect((await inspect(home, ['show', 'npm', '--unit', 'nosuch', '--json'])).code).toBe(2);
  });

  test('looking, planning and a dry run change nothing, and the plan is exactly what would be done', async () => {
    const { home, cacache } = await installed();
    const before = fingerprint(home);
    await listed(home);
    await shown(home, 'npm');
    const plan = await planned(home, 'npm/_cacache');
    const { dev, ino } = fs.statSync(cacache);
    const step = the(plan.steps);
    expect(step).toMatchObject({ rename: { from: cacache }, identity: { dev, ino } });
    expect(step.rename.to).toMatch(/^.*\/\.npm\/_cacache\.stale-\d+-[0-9a-f]{16}$/);
    expect(plan).toMatchObject({ holders: [], refusals: [], usage: 'idle' });
    expect(plan.bytes).toMatchObject({ allocated: du(cacache), reclaimable: du(cacache) });
    const dry = await inspect(home, ['clear', 'npm', '--dry-run', '--json']);
    expect(dry.code).toBe(0);
    expect(dry.json<{ plan: typeof plan }>().plan.steps).toHaveLength(2);
    expect(fingerprint(home)).toBe(before);
    expect(await history(home)).toEqual([]);
  });

  test('after a clear the path is gone, the history tells what was freed, and npm install works again', async () => {
    const { home, root, cacache } = await installed();
    const [inHome, inRoot, held] = [fs.readdirSync(home), fs.readdirSync(root), du(cacache)];
    const { code, operations } = await clear(home, ['npm/_cacache', '--yes']);
    expect(code).toBe(0);
    const done = the(operations);
    expect(done).toMatchObject({ state: 'done', kind: 'clear', path: cacache, left: [], errors: [], asidePath: null });
    expect(Math.abs(done.bytes.freed - held)).toBeLessThanOrEqual(held / 100);
    expect(fs.existsSync(cacache)).toBe(false);
    expect(fs.readdirSync(root)).toEqual(inRoot.filter((name) => name !== '_cacache'));
    expect(fs.readdirSync(home)).toEqual(inHome);
    expect(await history(home)).toEqual([done]);

    fs.rmSync(path.join(home, 'project', 'node_modules'), { recursive: true });
    const project = await npmInstall(home, null, registry.url, dozen);
    expect(fs.existsSync(path.join(project, 'node_modules', '@scope', 'thing', 'index.js'))).toBe(true);
    expect(unitOf(await listed(home), 'npm', '_cacache').bytes?.allocated).toBe(du(cacache));
  });
});
