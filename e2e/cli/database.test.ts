import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { clear, history, listed, the } from '../support/answers.ts';
import { linux, needs, writeNpmCache } from '../support/caches.ts';
import { canMount, withMounts } from '../support/processes.ts';
import { inspect, newHome, stateOf } from '../support/program.ts';
import { fingerprint } from '../support/sandbox.ts';

const mounts = needs('namespace to mount things in', !linux.skip && canMount());

describe.skipIf(linux.skip)('a history that was damaged', () => {
  test.each([
    ['emptied', (file: string) => fs.truncateSync(file)],
    ['overwritten', (file: string) => fs.writeFileSync(file, 'not a database\n'.repeat(1000))],
    ['cut short', (file: string) => fs.truncateSync(file, 5000)],
  ])('(%s) is said once, kept beside, and begun anew', async (_, damage) => {
    const home = newHome();
    writeNpmCache(home);
    expect((await clear(home, ['npm', '--yes'])).code).toBe(0);
    const file = path.join(stateOf(home), 'history.db');
    damage(file);
    const damaged = fs.readFileSync(file);
    const first = await inspect(home, ['history', '--json']);
    expect({ code: first.code, ...first.json<object>() }).toEqual({ code: 0, operations: [] });
    expect(first.stderr).toMatch(/^Warning: The history was damaged .*\n$/);
    const kept = fs.readdirSync(stateOf(home)).filter((name) => /^history\.db\.damaged-[^.]+\.?\w*$/.test(name));
    expect(fs.readFileSync(path.join(stateOf(home), the(kept)))).toEqual(damaged);
    expect(first.stderr).toContain(the(kept));
    expect(await inspect(home, ['history'])).toMatchObject({ code: 0, stderr: '' });
    writeNpmCache(home);
    expect((await clear(home, ['npm/_cacache', '--yes'])).code).toBe(0);
    expect(await history(home)).toHaveLength(1);
  });

  test('(removed) is said once', async () => {
    const home = newHome();
    await listed(home);
    for (const name of fs.readdirSync(stateOf(home))) {
      if (name.startsWith('history.db')) fs.rmSync(path.join(stateOf(home), name));
    }
    expect(await inspect(home, ['list'])).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Warning: .*\n$/) });
    expect(await inspect(home, ['list'])).toMatchObject({ code: 0, stderr: '' });
  });
});

describe.skipIf(linux.skip || mounts.skip)(`a history that cannot be written${mounts.note}`, () => {
  const refused = async (home: string, script: string) => {
    const before = fingerprint(home);
    fs.mkdirSync(stateOf(home), { recursive: true });
    const through = withMounts(script, stateOf(home));
    const cleared = await clear(home, ['npm/_cacache', '--yes'], { through });
    expect(cleared).toMatchObject({ code: 1, error: { code: 'store-unavailable' }, operations: [] });
    expect(cleared.error?.message).toContain(stateOf(home));
    expect(fingerprint(home)).toBe(before);
  };

  /** The state folder on a disk of its own that is full to the last byte. */
  const onSmallDisk =
    'mkdir "$1/../made"; cp -a "$1/." "$1/../made"; mount -t tmpfs -o size=640k none "$1"; ' +
    'cp -a "$1/../made/." "$1"; cat /dev/zero > "$1/fill" 2>/dev/null || true';

  test('keeps every clear from beginning: a full disk from the start', async () => {
    const home = newHome();
    writeNpmCache(home);
    await refused(home, 'mount -t tmpfs -o size=64k none "$1"; cat /dev/zero > "$1/fill" 2>/dev/null || true');
  });

  test('keeps every clear from beginning: a disk that became full', async () => {
    const home = newHome();
    writeNpmCache(home);
    await listed(home);
    // Nor does it have the room any more that is kept for that.
    await refused(home, `${onSmallDisk}; rm "$1/reserve"; cat /dev/zero >> "$1/fill" 2>/dev/null || true`);
  });

  test('is written all the same with the room that is kept for a full disk, and that is said', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    await listed(home);
    const through = withMounts(onSmallDisk, stateOf(home));
    const cleared = await inspect(home, ['clear', 'npm/_cacache', '--yes'], { through });
    expect(cleared).toMatchObject({ code: 0, stdout: expect.stringContaining('Cleared npm/_cacache') });
    expect(cleared.stderr).toMatch(/^Warning: The disk that holds the history is full\. .*\n$/);
    expect(fs.existsSync(unit)).toBe(false);
  });

  test('keeps every clear from beginning: a place that is read only, empty or not', async () => {
    const home = newHome();
    writeNpmCache(home);
    await refused(home, 'mount -t tmpfs -o ro none "$1"');
    await listed(home);
    await refused(home, 'mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"');
  });
});
