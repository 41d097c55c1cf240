import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprint, smallTree } from '../../e2e/support/sandbox.ts';
import { carryOut, inHistory, newHome, planFor, value } from './clear/testing/home.ts';
import type { Inspector } from './inspector.ts';

const protect = async (inspector: Inspector, at: string) =>
  value(await inspector.call('protect', { path: at })).protectedFolders;

describe('protecting a folder', () => {
  it('keeps its canonical path, once, and lets go of it again', async () => {
    const { home, open } = newHome();
    const inspector = await open();
    fs.symlinkSync('.cache', path.join(home, 'way'));
    const told: unknown[] = [];
    inspector.on('settings', ({ protectedFolders }) => told.push(protectedFolders));
    const real = path.join(home, '.cache/pip-tools');
    expect(await protect(inspector, path.join(home, 'way/pip-tools/'))).toEqual([real]);
    expect(await protect(inspector, real)).toEqual([real]);
    fs.symlinkSync(real, path.join(home, 'link'));
    expect(await protect(inspector, path.join(home, 'link'))).toEqual([real]);
    const free = value(await inspector.call('unprotect', { path: path.join(home, 'link') }));
    expect(free.protectedFolders).toEqual([]);
    expect(told).toEqual([[real], []]);
  });

  it.each([
    ['nothing that is there', (home: string) => path.join(home, 'nowhere'), 'unusable-path'],
    ['a relative path', () => 'pip-tools', 'unusable-path'],
    ['a NUL', (home: string) => `${home}/a\0b`, 'unusable-path'],
    ['a file', (home: string) => path.join(home, 'file'), 'not-a-directory'],
    ['a link that leads nowhere', (home: string) => path.join(home, 'broken'), 'unusable-path'],
    ['the kernel’s files', () => '/proc/self', 'protected-place'],
  ])('refuses %s', async (_, place, code) => {
    const { home, open } = newHome();
    fs.writeFileSync(path.join(home, 'file'), '');
    fs.symlinkSync('nowhere', path.join(home, 'broken'));
    const inspector = await open();
    expect(await inspector.call('protect', { path: place(home) })).toMatchObject({ ok: false, error: { code } });
    expect(value(await inspector.call('settings', {})).protectedFolders).toEqual([]);
  });

  it('loses none of two that are protected by two doors at once', async () => {
    const { home, open } = newHome();
    const names = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => path.join(home, name));
    for (const name of names) fs.mkdirSync(name);
    const doors = [await open(), await open()] as const;
    await Promise.all(names.map((name, turn) => protect(doors[turn % 2 === 0 ? 0 : 1], name)));
    expect(value(await doors[0].call('settings', {})).protectedFolders).toEqual(names);
  });

  it('can be taken back when the folder is gone, and says so when it never was', async () => {
    const { home, open } = newHome();
    const inspector = await open();
    const at = path.join(home, 'away');
    fs.mkdirSync(at);
    await protect(inspector, at);
    fs.rmdirSync(at);
    expect(value(await inspector.call('unprotect', { path: at })).protectedFolders).toEqual([]);
    expect(await inspector.call('unprotect', { path: at })).toMatchObject({
      ok: false,
      error: { code: 'unknown-target' },
    });
  });
});

describe('a protected folder', () => {
  const around = [
    ['is the unit itself', 'home/.cache/pip-tools/pkgs'],
    ['holds the cache', 'home/.cache/pip-tools'],
    ['is far above it', 'home'],
    ['stands inside it', 'home/.cache/pip-tools/pkgs/a'],
  ] as const;

  it.each(around)('that %s: nothing is cleared, and it says how to change that', async (_, name) => {
    const { box, unit, open } = newHome();
    const other = await open();
    const inspector = await open();
    const before = fingerprint(unit);
    // By another door: what counts is how it is when the plan is made.
    await protect(other, path.join(box, name));
    const plan = await planFor(inspector);
    expect(plan.steps).toEqual([]);
    expect(plan.refusals).toMatchObject([
      { code: 'protected-place', message: expect.stringMatching(/folder that you protected.*Settings/) },
    ]);
    const { id } = await carryOut(inspector, plan, 0);
    expect(await inHistory(inspector, id)).toMatchObject({ state: 'refused', errors: [{ code: 'protected-place' }] });
    expect(fingerprint(unit)).toBe(before);
    await other.call('unprotect', { path: path.join(box, name) });
    expect((await planFor(inspector)).refusals).toEqual([]);
  });

  it('is honoured by a plan that was made a moment before', async () => {
    const { unit, open } = newHome();
    const [inspector, other] = [await open(), await open()];
    const plan = await planFor(inspector);
    await protect(other, unit);
    expect(await carryOut(inspector, plan, 0)).toMatchObject({ state: 'refused' });
    expect(fs.existsSync(unit)).toBe(true);
  });

  it('is whatever its path leads to now, by its inode', async () => {
    const { home, unit, open } = newHome();
    const inspector = await open();
    const at = path.join(home, 'precious');
    fs.mkdirSync(at);
    await protect(inspector, at);
    fs.rmdirSync(at);
    fs.symlinkSync(path.dirname(unit), at);
    expect((await planFor(inspector)).refusals).toMatchObject([{ code: 'protected-place' }]);
  });

  it('leaves its neighbours alone: those of a like name, and those beside it', async () => {
    const { home, open } = newHome();
    const inspector = await open();
    for (const name of ['.cache/pip-tools/pkg', '.cache/pip-tools/pkgs2', '.cache/pip']) {
      fs.mkdirSync(path.join(home, name));
      await protect(inspector, path.join(home, name));
    }
    expect((await planFor(inspector)).refusals).toEqual([]);
  });

  it('is shown with its sizes and the reason, and can be looked into', async () => {
    const { home, open } = newHome();
    const inspector = await open();
    const told: unknown[] = [];
    inspector.on('caches', (caches) => told.push(caches.find(({ tool }) => tool === 'pip-tools')?.problem?.code));
    await protect(inspector, path.join(home, '.cache'));
    const { caches } = value(await inspector.call('list', { measure: true }));
    const cache = caches.find(({ tool }) => tool === 'pip-tools');
    expect(cache).toMatchObject({ problem: { code: 'protected-place' } });
    expect(cache?.units.find(({ name }) => name === 'pkgs')).toMatchObject({ files: 9 });
    expect(told).toEqual(['protected-place']);
    if (cache === undefined) throw new Error('it is listed');
    expect(await inspector.call('show', { cache: cache.id })).toMatchObject({ ok: true });
    expect(await inspector.call('plan', { targets: [{ cache: cache.id }], measure: false })).toMatchObject({
      ok: false,
      error: { code: 'protected-place' },
    });
  });

  it('keeps what others left behind in it, and cannot be added as a cache', async () => {
    const { home, unit, open } = newHome();
    const inspector = await open();
    const stale = `${unit}.stale-4194303`;
    smallTree(stale);
    const safe = async () => value(await inspector.call('leftovers', { measure: false })).leftovers;
    await protect(inspector, path.dirname(unit));
    expect(await safe()).toMatchObject([
      { path: stale, cleaning: 'never', evidence: expect.arrayContaining([expect.stringMatching(/you protected/)]) },
    ]);
    const [leftover] = await safe();
    if (leftover === undefined) throw new Error('it is found');
    expect(await inspector.call('clean', { which: [leftover.id] })).toMatchObject({
      ok: false,
      error: { code: 'look-first' },
    });
    expect(value(await inspector.call('clean', { which: 'safe' })).operations).toEqual([]);
    expect(fs.existsSync(stale)).toBe(true);
    fs.mkdirSync(path.join(home, '.cache/pip-tools/mine'));
    expect(
      await inspector.call('add', { path: path.join(home, '.cache/pip-tools/mine'), isCache: true }),
    ).toMatchObject({ ok: false, error: { code: 'protected-place' } });
  });
});
