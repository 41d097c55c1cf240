import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { canUnshare, missing, onLinux, sandbox } from '../../../e2e/support/sandbox.ts';
import { look } from './identity.ts';
import { type Own, ProtectedPlaces } from './protected.ts';

const places = (box: string, more: Partial<Own> = {}): ProtectedPlaces =>
  new ProtectedPlaces({
    home: path.join(box, 'home/me'),
    cwd: path.join(box, 'home/me/project'),
    stateDir: path.join(box, 'home/me/.local/state/cache-inspector'),
    appDir: path.join(box, 'home/me/app/node_modules/cache-inspector'),
    ...more,
  });

const newBox = (): string => {
  const box = sandbox();
  const names = [
    '.cache/pip',
    '.config',
    '.ssh',
    '.local/state/cache-inspector',
    'Documents',
    'project',
    'app/node_modules/cache-inspector',
  ];
  for (const name of names) fs.mkdirSync(path.join(box, 'home/me', name), { recursive: true });
  return box;
};

const reason = (protectedPlaces: ProtectedPlaces, at: string): string | null => {
  const facts = look(at);
  if (facts === null) throw new Error(`${at} is not there`);
  return protectedPlaces.reasonFor(at, facts);
};

describe('a protected place', () => {
  it('is the root, the home folder, everything above it, and what many programs share in it', () => {
    const box = newBox();
    const home = path.join(box, 'home/me');
    const own = places(box);
    for (const at of ['/', home, path.dirname(home), box, path.dirname(box)])
      expect(reason(own, at), at).not.toBe(null);
    for (const name of ['.cache', '.config', '.ssh', '.local', '.local/state', 'Documents']) {
      expect(reason(own, path.join(home, name)), name).toMatch(/share|your own/);
    }
    expect(reason(own, path.join(home, '.cache/pip'))).toBe(null);
    expect(reason(own, path.join(home, 'project'))).toBe(null);
  });

  it.runIf(onLinux)('is what belongs to the system', () => {
    const own = places(newBox());
    for (const at of ['/etc', '/usr', '/usr/lib', '/var', '/tmp', '/var/tmp', '/var/cache', '/home', '/proc', '/dev']) {
      if (fs.existsSync(at) && !fs.lstatSync(at).isSymbolicLink()) expect(reason(own, at), at).not.toBe(null);
    }
  });

  it('is the same by whatever way it is reached', () => {
    const box = newBox();
    const home = path.join(box, 'home/me');
    fs.symlinkSync('home/me', path.join(box, 'way'));
    expect(reason(places(box, { home: path.join(box, 'way') }), home)).toMatch(/home folder/);
    expect(reason(places(box, { home: path.join(box, 'way') }), path.join(home, '.cache'))).not.toBe(null);
    // Spelled in another way, it has the same inode.
    expect(reason(places(box), `${box}//home/./me`)).toMatch(/home folder/);
  });

  it('does not depend on where a home folder is that is not there', () => {
    expect(reason(places(newBox(), { home: '/nowhere/at/all' }), '/')).toMatch(/root/);
  });
});

describe('what this program must not lose', () => {
  it('is found in every folder above it and in itself, not in those beside it', () => {
    const box = newBox();
    const own = places(box);
    const home = path.join(box, 'home/me');
    for (const name of [
      'project',
      '.local/state/cache-inspector',
      '.local',
      'app',
      'app/node_modules/cache-inspector',
      '',
    ]) {
      expect(own.holds(path.join(home, name)), name).not.toBe(null);
    }
    for (const name of [
      '.cache',
      '.cache/pip',
      'project2',
      'app/node_modules/other',
      '.local/state/cache-inspector-2',
    ]) {
      expect(own.holds(path.join(home, name)), name).toBe(null);
    }
  });

  it('is found by its real place when it is named by a link', () => {
    const box = newBox();
    fs.symlinkSync('home/me/.cache/pip', path.join(box, 'state'));
    expect(places(box, { stateDir: path.join(box, 'state') }).holds(path.join(box, 'home/me/.cache'))).not.toBe(null);
  });

  it('is found by how it is written when it is not there yet', () => {
    const box = newBox();
    const own = places(box, { stateDir: path.join(box, 'home/me/.cache/pip/not/there/yet') });
    expect(own.holds(path.join(box, 'home/me/.cache/pip'))).not.toBe(null);
  });
});

const lacks = !canUnshare;

describe.skipIf(missing(lacks))(
  `reached by a bind mount${lacks ? ' (SKIPPED: mounts need root on Linux)' : ''}`,
  () => {
    it('is as protected as at its own place', () => {
      const box = newBox();
      fs.mkdirSync(path.join(box, 'mnt'));
      const url = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);
      const program = `
      import { execFileSync } from 'node:child_process';
      import { look } from ${url('./identity.ts')};
      import { ProtectedPlaces } from ${url('./protected.ts')};
      const [box] = process.argv.slice(1);
      execFileSync('mount', ['--bind', box + '/home', box + '/mnt']);
      const home = box + '/home/me';
      const own = new ProtectedPlaces({ home, cwd: home + '/project', stateDir: home + '/.local/state/cache-inspector', appDir: home + '/app' });
      const reason = (at) => own.reasonFor(at, look(at));
      console.log(JSON.stringify([
        reason(box + '/mnt/me'), reason(box + '/mnt/me/.cache'), own.holds(box + '/mnt/me/.local'), own.holds(box + '/mnt/me/project'),
        own.holds(box + '/mnt/me/.cache/pip'),
      ]));`;
      const words = ['-m', '--propagation', 'private', process.execPath, '--input-type=module', '-e', program, box];
      const answers: unknown = JSON.parse(execFileSync('unshare', words, { encoding: 'utf8' }));
      const words_ = expect.any(String);
      expect(answers).toEqual([words_, words_, words_, words_, null]);
    });
  },
);
