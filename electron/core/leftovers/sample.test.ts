import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { raw } from '../fs/raw.ts';
import { compareSamples, limitsAfter, sample, sampleLimits, sampleTwice } from './sample.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sample-'));
  mkdirSync(join(dir, 'a', 'b'), { recursive: true });
  for (let at = 0; at < 40; at += 1) writeFileSync(join(dir, 'a', 'b', String(at)), '');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('a sample of a tree', () => {
  it('counts everything below it once and follows no link', async () => {
    symlinkSync('/', join(dir, 'everything'));
    symlinkSync(dir, join(dir, 'a', 'itself'));
    expect(await sample(raw(dir))).toMatchObject({ entries: 44, complete: true, crossed: false, outOfTime: false });
  });

  it('tells a change deep inside', async () => {
    const pair = sampleTwice([raw(dir), raw(join(dir, 'a'))], 200);
    setTimeout(() => rmSync(join(dir, 'a', 'b', '7')), 100);
    for (const [first, second] of await pair) {
      expect(second.entries).toBe(first.entries - 1);
      expect(compareSamples(first, second)).toBe('changed');
    }
  });

  it('tells a file that was replaced under the same name', async () => {
    const pair = sampleTwice([raw(dir)], 200);
    setTimeout(() => {
      rmSync(join(dir, 'a', 'b', '7'));
      writeFileSync(join(dir, 'a', 'b', '7'), '');
    }, 100);
    expect((await pair).map((both) => compareSamples(...both))).toEqual(['changed']);
  });

  it('is the same when nothing happens, also when it ends at the limit', async () => {
    expect((await sampleTwice([raw(dir)], 50)).map((both) => compareSamples(...both))).toEqual(['same']);
    const first = await sample(raw(dir), { ...sampleLimits, entries: 10 });
    expect(first).toMatchObject({ entries: 10, complete: false, outOfTime: false });
    expect(compareSamples(first, await sample(raw(dir), { ...sampleLimits, entries: 10 }))).toBe('same');
  });

  it('that ran out of time is compared as far as it came', async () => {
    const first = await sample(raw(dir), { entries: 5000, ms: 0 });
    expect(first).toMatchObject({ complete: false, outOfTime: true });
    const second = await sample(raw(dir), limitsAfter(first));
    expect(second.entries).toBe(first.entries);
    expect(compareSamples(first, { ...second, outOfTime: true })).toBe('unclear');
  });

  it('of what is gone, or no directory, is empty and incomplete or empty', async () => {
    expect(await sample(raw(join(dir, 'gone')))).toMatchObject({ entries: 0, complete: false });
    expect(await sample(raw(join(dir, 'a', 'b', '1')))).toMatchObject({ entries: 0 });
    expect(await sampleTwice([])).toEqual([]);
  });

  it('reads names that are not text, and trees deeper than it goes', async () => {
    const odd = Buffer.concat([raw(`${dir}/`), Buffer.from([0xe9, 0xff])]);
    if (process.platform === 'linux') {
      mkdirSync(odd);
      writeFileSync(Buffer.concat([odd, raw('/x')]), '');
      expect(await sample(raw(dir))).toMatchObject({ entries: 44, complete: true });
    }
    mkdirSync(join(dir, ...Array.from({ length: 70 }, () => 'd')), { recursive: true });
    expect(await sample(raw(dir))).toMatchObject({ complete: false });
  });
});
