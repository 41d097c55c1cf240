import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Cache, Doctor } from '../../shared/model.ts';
import { the } from '../support/answers.ts';
import { linux, writeNpmCache } from '../support/caches.ts';
import { inspect, newHome } from '../support/program.ts';
import { fingerprint } from '../support/sandbox.ts';

const warning = 'cannot be used';

/** Places where nothing can be kept: a file system that nobody writes to, and a file in the place of the folder. */
const unusable = [
  ['a system folder', () => '/proc/nothing/at/all'],
  [
    'a file',
    (home: string) => {
      fs.writeFileSync(path.join(home, 'a-file'), '');
      return path.join(home, 'a-file');
    },
  ],
  ['a folder in a file', (home: string) => path.join(home, '.npm/_cacache/index-v5/aa/bb/one', 'state')],
] as const;

describe.skipIf(linux.skip)('where the history cannot be kept', () => {
  test.each(unusable)('what only looks goes on and says so; nothing is cleared: %s', async (_, place) => {
    const home = newHome();
    const unit = writeNpmCache(home);
    const env = { CACHE_INSPECTOR_HOME: place(home) };
    const before = fingerprint(home);

    const list = await inspect(home, ['list', 'npm', '--json'], { env });
    expect(list.code).toBe(0);
    expect(list.stderr).toContain(warning);
    const npm = the(list.json<{ caches: Cache[] }>().caches);
    expect(npm.units.find(({ name }) => name === '_cacache')?.bytes?.allocated).toBeGreaterThan(0);

    const doctor = await inspect(home, ['doctor', '--json'], { env });
    expect(doctor.code).toBe(0);
    expect(the(doctor.json<Doctor>().notices)).toMatchObject({ level: 'warning' });

    const shown = await inspect(home, ['show', 'npm/_cacache'], { env });
    expect({ code: shown.code, stderr: shown.stderr }).toMatchObject({ code: 0 });

    // What happened cannot be told, and nothing can be written down: neither is answered with nothing.
    for (const words of [['history'], ['clear', 'npm/_cacache', '--yes'], ['leftovers', '--clean-safe']]) {
      const refused = await inspect(home, [...words, '--json'], { env });
      expect(refused.json<{ error: { code: string } }>().error.code).toBe('store-unavailable');
      expect(refused.code).not.toBe(0);
    }
    expect(fs.existsSync(unit)).toBe(true);
    expect(fingerprint(home)).toBe(before);
  });
});
