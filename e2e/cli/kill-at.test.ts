import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { history, recovered } from '../support/answers.ts';
import { linux, writeNpmCache } from '../support/caches.ts';
import { killGroup } from '../support/processes.ts';
import { newHome, startProgram } from '../support/program.ts';
import { fingerprint } from '../support/sandbox.ts';

const namesIn = (home: string): readonly string[] => [
  ...fs.readdirSync(home),
  ...fs.readdirSync(path.join(home, '.npm')),
];

describe.skipIf(linux.skip)('a clear that is killed the very moment that', () => {
  test.each([
    ['its lock appears', /^\.cache-inspector-/],
    ['the cache is set aside', /\.stale-/],
    ['the copy is condemned', /\.deleting-/],
  ])('%s leaves nothing of ours after recover, and the cache whole or absent', async (_, sign) => {
    let hits = 0;
    for (let round = 0; round < 4; round += 1) {
      const home = newHome();
      const unit = writeNpmCache(home);
      const before = fingerprint(unit);
      const clearing = startProgram(home, ['clear', 'npm/_cacache', '--yes', '--json']);
      const until = performance.now() + 10_000;
      const waits = (names: readonly string[]): boolean =>
        !names.some((name) => sign.test(name)) && names.some((name) => name.startsWith('_cacache'));
      // Nothing else may run in between: the moment is over in milliseconds.
      while (waits(namesIn(home)) && performance.now() < until);
      await killGroup(clearing);
      if (namesIn(home).some((name) => sign.test(name))) hits += 1;
      await recovered(home);
      expect(await recovered(home)).toEqual([]);
      expect(namesIn(home).filter((name) => name !== '.npm' && name !== '_cacache')).toEqual([]);
      if (fs.existsSync(unit)) expect(fingerprint(unit)).toBe(before);
      else expect((await history(home))[0]).toMatchObject({ state: 'done', path: unit, left: [], errors: [] });
    }
    expect(hits).toBeGreaterThan(0);
  });
});
