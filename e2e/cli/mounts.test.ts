import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { clear, history, the } from '../support/answers.ts';
import { linux, needs, writeNpmCache } from '../support/caches.ts';
import { canMount, withMounts } from '../support/processes.ts';
import { newHome } from '../support/program.ts';
import { fingerprint, write } from '../support/sandbox.ts';

const mounts = needs('namespace to mount things in', !linux.skip && canMount());

describe.skipIf(linux.skip || mounts.skip)(`a clear stops at what is mounted${mounts.note}`, () => {
  const world = () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    write(home, { 'precious/photo': 'mine' });
    fs.mkdirSync(path.join(unit, 'tmp', 'inner'));
    return { home, unit, inner: path.join(unit, 'tmp', 'inner'), precious: path.join(home, 'precious') };
  };

  const refused = async (home: string, through: readonly string[], code: string, says: readonly string[]) => {
    const before = fingerprint(home);
    for (const flags of [['--yes'], ['--yes', '--even-if-in-use'], ['--undo-window', '600']]) {
      const cleared = await clear(home, ['npm/_cacache', ...flags], { through });
      const operation = the(cleared.operations);
      expect({ exit: cleared.code, state: operation.state }).toEqual({ exit: 3, state: 'refused' });
      const error = the(operation.errors);
      expect(error.code).toBe(code);
      for (const part of says) expect(error.message).toContain(part);
      expect((await history(home))[0]).toEqual(operation);
    }
    expect(fingerprint(home)).toBe(before);
  };

  test('another file system inside the unit', async () => {
    const { home, unit, inner } = world();
    await refused(home, withMounts('mount -t tmpfs none "$1"; touch "$1/x"', inner), 'mount-inside', [unit, inner]);
  });

  test('a bind mount of the same file system inside the unit', async () => {
    const { home, unit, inner, precious } = world();
    await refused(home, withMounts('mount --bind "$1" "$2"', precious, inner), 'mount-inside', [unit, inner]);
  });

  test('a bind mount of a single file inside the unit', async () => {
    const { home, unit, precious } = world();
    const [from, to] = [path.join(precious, 'photo'), path.join(unit, 'tmp', 'left')];
    await refused(home, withMounts('mount --bind "$1" "$2"', from, to), 'mount-inside', [unit, to]);
  });

  test('a unit that is a mount itself, of another file system or of the same', async () => {
    const { home, unit, precious } = world();
    await refused(home, withMounts('mount -t tmpfs none "$1"', unit), 'mount-point', [unit]);
    await refused(home, withMounts('mount --bind "$1" "$2"', precious, unit), 'mount-point', [unit]);
    await refused(home, withMounts('mount --bind "$1" "$1"', unit), 'mount-point', [unit]);
  });

  test('while a cache that stands in a mounted home is cleared', async () => {
    const { home, unit } = world();
    const { code, operations } = await clear(home, ['npm/_cacache', '--yes'], {
      through: withMounts('mount --bind "$1" "$1"', home),
    });
    expect({ code, state: the(operations).state }).toEqual({ code: 0, state: 'done' });
    expect(fs.existsSync(unit)).toBe(false);
  });
});
