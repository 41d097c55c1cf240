import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { canUnshare, missing, onLinux, sandbox } from '../../../e2e/support/sandbox.ts';
import { isMountPoint, mountIdOf, mountOf, mounts, mountsBelow, parseMountinfo } from './mounts.ts';
import { raw } from './raw.ts';

const line = (id: number, point: string, type = 'ext4', options = 'rw,relatime'): string =>
  `${id} 1 8:1 / ${point} ${options} shared:1 - ${type} /dev/sda1 rw`;

describe('the table of mounts', () => {
  it('writes spaces, tabs, new lines and backslashes in octal', () => {
    const [mount] = parseMountinfo(`${line(7, '/a\\040b\\011c\\012d\\134e', 'tmpfs', 'ro,noexec')}\n`);
    expect(mount).toEqual({ id: 7, point: '/a b\tc\nd\\e', type: 'tmpfs', options: ['ro', 'noexec'] });
  });

  it('has paths as bytes: those that are not ASCII are found by theirs', () => {
    const all = parseMountinfo([line(1, '/'), line(2, raw('/mnt/é界').toString('latin1'))].join('\n'));
    expect(mountOf('/mnt/é界/cache', all)?.id).toBe(2);
    expect(isMountPoint('/mnt/é界', all)).toBe(true);
    expect(mountsBelow(raw('/mnt'), all).map(({ id }) => id)).toEqual([2]);
  });

  it('takes no path for one below because it begins alike', () => {
    const all = parseMountinfo([line(1, '/'), line(2, '/mnt/a'), line(3, '/mnt/ab'), line(4, '/mnt/a/c')].join('\n'));
    expect(mountsBelow('/mnt/a', all).map(({ id }) => id)).toEqual([4]);
    expect(mountOf('/mnt/abc', all)?.id).toBe(1);
    expect(mountOf('/mnt/ab/x', all)?.id).toBe(3);
    expect(isMountPoint('/mnt', all)).toBe(false);
  });

  it('has the last of several mounts at one place on top', () => {
    expect(mountOf('/m/x', parseMountinfo([line(1, '/'), line(2, '/m'), line(3, '/m')].join('\n')))?.id).toBe(3);
  });

  it('survives lines that it does not understand', () => {
    expect(parseMountinfo('nonsense\n\n')).toHaveLength(1);
    expect(mountsBelow('/x', parseMountinfo('nonsense\n'))).toEqual([]);
  });

  // In a plain chroot the table does not hold what the root stands on (proc(5)).
  const knowsRoot = onLinux && mountOf('/', mounts() ?? []) !== null;
  it.runIf(knowsRoot)('is read for this process, and a descriptor tells which mount it stands on', () => {
    const all = mounts() ?? [];
    const dir = sandbox();
    const fd = fs.openSync(dir, 'r');
    expect(mountIdOf(fd)).toBe(mountOf(dir, all)?.id);
    fs.closeSync(fd);
    expect(mountIdOf(fd)).toBe(null);
  });
});

const lacks = !canUnshare;

describe.skipIf(missing(lacks))(`real mounts${lacks ? ' (SKIPPED: mounts need root on Linux)' : ''}`, () => {
  it('are seen, a bind mount of the same file system and odd names included', () => {
    const box = sandbox();
    const points = ['tmp fs', 'bind\nmount', 'zurück\\'].map((name) => path.join(box, 'D', name));
    for (const point of points) fs.mkdirSync(point, { recursive: true });
    fs.mkdirSync(path.join(box, 'from'));
    const module = new URL('./mounts.ts', import.meta.url).href;
    const program = `
      import { execFileSync } from 'node:child_process';
      import fs from 'node:fs';
      import { isMountPoint, mountIdOf, mountOf, mounts, mountsBelow } from ${JSON.stringify(module)};
      const [box, ...points] = process.argv.slice(1);
      execFileSync('mount', ['-t', 'tmpfs', 'none', points[0]]);
      for (const point of points.slice(1)) execFileSync('mount', ['--bind', box + '/from', point]);
      const all = mounts();
      const id = (place) => { const fd = fs.openSync(place, 'r'); try { return mountIdOf(fd); } finally { fs.closeSync(fd); } };
      console.log(JSON.stringify({
        below: mountsBelow(box + '/D', all).length,
        points: points.map((point) => isMountPoint(point, all)),
        ids: points.map((point) => id(point) === mountOf(point + '/x', all).id && id(point) !== id(box)),
        types: points.map((point) => mountOf(point, all).type),
        sameDevice: fs.lstatSync(points[1]).dev === fs.lstatSync(box).dev,
      }));`;
    const words = [
      '-m',
      '--propagation',
      'private',
      process.execPath,
      '--input-type=module',
      '-e',
      program,
      box,
      ...points,
    ];
    const answer = JSON.parse(execFileSync('unshare', words, { encoding: 'utf8' }));
    expect(answer).toMatchObject({ below: 3, points: [true, true, true], ids: [true, true, true], sameDevice: true });
    expect(answer.types[0]).toBe('tmpfs');
  });
});
