import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sandbox, smallTree } from '../../e2e/support/sandbox.ts';
import { CodedError } from '../../shared/errors.ts';
import { type KnownCache, knownCaches } from './caches.ts';
import type { Surroundings } from './catalog/tool.ts';
import { ProtectedPlaces } from './fs/protected.ts';
import { type Resolved, resolveText } from './resolve.ts';
import type { Folder } from './store/schema.ts';

interface Machine {
  readonly home: string;
  readonly caches: () => readonly KnownCache[];
  readonly resolve: (text: string) => Resolved;
  readonly codeOf: (text: string) => string;
}

const machine = (folders: (home: string) => readonly Folder[] = () => []): Machine => {
  const home = path.join(sandbox(), 'home');
  smallTree(path.join(home, '.cache/pip-tools/pkgs'));
  smallTree(path.join(home, '.npm/_cacache'));
  smallTree(path.join(home, '.npm/_npx/0123456789abcdef'));
  smallTree(path.join(home, '.npm/_npx/fedcba9876543210'));
  const own = { home, cwd: os.tmpdir(), stateDir: path.join(home, 'state'), appDir: path.join(home, 'app') };
  const protectedPlaces = new ProtectedPlaces(own);
  const surroundings: Surroundings = { platform: 'linux', env: {}, home, cwd: home, readText: () => null };
  const caches = () => knownCaches(surroundings, folders(home), protectedPlaces);
  const resolve = (text: string): Resolved => resolveText(text, caches(), protectedPlaces);
  const codeOf = (text: string): string => {
    try {
      return `resolved: ${JSON.stringify(resolve(text))}`;
    } catch (thrown) {
      return thrown instanceof CodedError ? thrown.code : String(thrown);
    }
  };
  return { home, caches, resolve, codeOf };
};

const cacheOf = ({ caches }: Machine, tool: string): KnownCache => {
  const found = caches().find((cache) => cache.tool.id === tool);
  if (found === undefined) throw new Error(`there is no ${tool}`);
  return found;
};

const unitOf = (cache: KnownCache, name: string) => {
  const found = cache.units.find(({ definition }) => definition.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
};

describe('what a person writes', () => {
  it('is a cache or a unit, by word, by id, by path', () => {
    const it = machine();
    const cache = cacheOf(it, 'pip-tools');
    const pkgs = unitOf(cache, 'pkgs');
    const whole = { cache: cache.id, targets: [{ cache: cache.id }] };
    const unit = { cache: cache.id, targets: [{ unit: pkgs.id }] };
    const root = path.join(it.home, '.cache/pip-tools');
    for (const text of ['pip-tools', cache.id, root, `${root}/`, `${root}/./`])
      expect(it.resolve(text), text).toEqual(whole);
    for (const text of ['pip-tools/pkgs', 'pip-tools/pkgs/', pkgs.id, `${root}/pkgs`, `${root}//pkgs/`]) {
      expect(it.resolve(text), text).toEqual(unit);
    }
  });

  it('is all units of that beginning', () => {
    const it = machine();
    const { targets } = it.resolve('npm/_npx');
    const npm = cacheOf(it, 'npm');
    const wanted = npm.units
      .filter(({ definition }) => definition.name.startsWith('_npx/'))
      .map(({ id }) => ({ unit: id }));
    expect(wanted).toHaveLength(2);
    expect(targets).toEqual(wanted);
    expect(it.codeOf('npm/_np')).toBe('unknown-target');
  });

  it.each([
    ['', 'unknown-target'],
    ['nothing', 'unknown-target'],
    ['__proto__', 'unknown-target'],
    ['pip-tools/..', 'unknown-target'],
    ['pip-tools/../../x', 'unknown-target'],
    ['/', 'protected-place'],
    ['/etc', 'protected-place'],
    ['/proc/self/root', 'protected-place'],
    ['/nowhere/at/all', 'unknown-cache'],
    ['/tmp/a\0b', 'unusable-path'],
  ])('%j is %s', (text, code) => {
    expect(machine().codeOf(text)).toBe(code);
  });

  it('is refused with the reason when it is a protected place, a link, or nothing that is known', () => {
    const it = machine();
    expect(it.codeOf(it.home)).toBe('protected-place');
    expect(it.codeOf(path.join(it.home, '.cache'))).toBe('protected-place');
    fs.mkdirSync(path.join(it.home, 'mine'));
    expect(it.codeOf(path.join(it.home, 'mine'))).toBe('unknown-cache');
    fs.symlinkSync(path.join(it.home, '.cache/pip-tools'), path.join(it.home, 'link'));
    expect(it.codeOf(path.join(it.home, 'link'))).toBe('symbolic-link');
  });

  it('means the same unit through a link above it', () => {
    const it = machine();
    fs.symlinkSync('.cache', path.join(it.home, 'way'));
    expect(it.resolve(path.join(it.home, 'way/pip-tools/pkgs'))).toEqual(it.resolve('pip-tools/pkgs'));
  });

  it('is ambiguous between two folders of one kind, and not beside a tool’s own cache', () => {
    const folder = (name: string, tool: string) => (home: string) => ({
      path: path.join(home, name),
      tool,
      because: 'added',
    });
    const two = machine((home) => [
      folder('one', 'folder')(home),
      folder('two', 'folder')(home),
      folder('three', 'npm')(home),
    ]);
    expect(two.codeOf('folder')).toBe('ambiguous');
    expect(two.resolve('npm').cache).toBe(cacheOf(two, 'npm').id);
    expect(cacheOf(two, 'npm').root).toBe(path.join(two.home, '.npm'));
  });
});
