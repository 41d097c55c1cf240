import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sandbox, smallTree } from '../../e2e/support/sandbox.ts';
import { type KnownCache, knownCaches } from './caches.ts';
import type { Surroundings } from './catalog/tool.ts';
import { ProtectedPlaces } from './fs/protected.ts';
import type { Folder } from './store/schema.ts';

const newHome = (): string => {
  const home = path.join(sandbox(), 'home');
  smallTree(path.join(home, '.cache/pip-tools/pkgs'));
  return home;
};

const cachesOf = (
  home: string,
  env: Surroundings['env'] = {},
  folders: readonly Folder[] = [],
): readonly KnownCache[] => {
  const own = { home, cwd: os.tmpdir(), stateDir: path.join(home, 'state'), appDir: path.join(home, 'app') };
  const surroundings: Surroundings = { platform: 'linux', env, home, cwd: home, readText: () => null };
  return knownCaches(surroundings, folders, new ProtectedPlaces(own));
};

const pipTools = (caches: readonly KnownCache[]): KnownCache => {
  const found = caches.find(({ tool }) => tool.id === 'pip-tools');
  if (found === undefined) throw new Error('pip-tools is always listed');
  return found;
};

describe('the caches of a machine', () => {
  it('have the same ids every time, and after being cleared', () => {
    const home = newHome();
    const ids = (): readonly string[] =>
      cachesOf(home).flatMap(({ id, units }) => [id, ...units.map((unit) => unit.id)]);
    const before = ids();
    expect(new Set(before).size).toBe(before.length);
    expect(ids()).toEqual(before);
    fs.rmSync(path.join(home, '.cache/pip-tools/pkgs'), { recursive: true });
    expect(ids()).toEqual(before);
  });

  it('have ids that belong to their place: another place, another id', () => {
    const home = newHome();
    const other = path.join(home, 'other');
    smallTree(path.join(other, 'pkgs'));
    const [here, there] = [pipTools(cachesOf(home)), pipTools(cachesOf(home, { PIP_TOOLS_CACHE_DIR: other }))];
    expect(there.root).toBe(other);
    expect(there.id).not.toBe(here.id);
    expect([here.isDefault, there.isDefault]).toEqual([true, false]);
    expect(there.units.map(({ id }) => id)).not.toEqual(here.units.map(({ id }) => id));
  });

  it('are listed once when two name the same place, by whatever spelling', () => {
    const home = newHome();
    const root = path.join(home, '.cache/pip-tools');
    fs.symlinkSync('.cache', path.join(home, 'way'));
    const folders = [root, path.join(home, 'way/pip-tools')].map((at) => ({
      path: at,
      tool: 'pip-tools',
      because: 'added',
    }));
    const caches = cachesOf(home, { PIP_TOOLS_CACHE_DIR: `${root}/` }, folders);
    expect(caches.filter((cache) => cache.root === root)).toHaveLength(1);
    expect(pipTools(caches)).toMatchObject({ isDefault: true, added: false });
  });

  it('tell of a place that is not there, without a problem', () => {
    const home = newHome();
    fs.rmSync(path.join(home, '.cache/pip-tools'), { recursive: true });
    expect(pipTools(cachesOf(home))).toMatchObject({ facts: null, problem: null });
  });

  it('have a problem and no units when the place is a link', () => {
    const home = newHome();
    fs.renameSync(path.join(home, '.cache/pip-tools'), path.join(home, 'big-disk'));
    fs.symlinkSync(path.join(home, 'big-disk'), path.join(home, '.cache/pip-tools'));
    expect(pipTools(cachesOf(home))).toMatchObject({ problem: { code: 'symbolic-link' }, units: [] });
  });

  it.each([
    ['the home folder', (home: string) => home, 'protected-place'],
    ['what holds it', (home: string) => path.dirname(home), 'protected-place'],
    ['a folder that many share', (home: string) => path.join(home, '.cache'), 'protected-place'],
    ['the root', () => '/', 'protected-place'],
    ['the kernel’s own files', () => '/proc/self/root', 'protected-place'],
    ['a relative path', () => 'cache', 'unusable-path'],
    ['a file', (home: string) => path.join(home, 'file'), 'not-a-directory'],
  ])('have a problem and no units when a setting leads to %s', (_, place, code) => {
    const home = newHome();
    fs.writeFileSync(path.join(home, 'file'), '');
    const cache = pipTools(cachesOf(home, { PIP_TOOLS_CACHE_DIR: place(home) }));
    expect(cache).toMatchObject({ problem: { code }, units: [], isDefault: false });
  });
});
