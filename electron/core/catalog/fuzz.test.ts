import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { fixtureNames } from '../../../e2e/fixtures/store.ts';
import type { Order, Report } from '../../../e2e/support/fuzz/child.ts';
import { run } from '../../../e2e/support/run.ts';

/**
 * Every decoder reads its committed cache after files in it were cut, filled with other bytes, made to unpack to very
 * much, renamed, and replaced by folders, links and pipes. It may not fail, not say what cannot be, and take at most
 * 200 ms and 64 MiB. `npm run test:fuzz` does so 10,000 times each; FUZZ_SEED and FUZZ_ONLY repeat what it found.
 */
const long = process.env['LONG'] !== undefined;
const only = process.env['FUZZ_ONLY']?.split(',');
const runs = Number(process.env['FUZZ_RUNS'] ?? (long ? 10_000 : 25));
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const child = fileURLToPath(new URL('../../../e2e/support/fuzz/child.ts', import.meta.url));
/** What is left free for a decoder is not much more than it may take. */
const limits = ['--expose-gc', '--max-semi-space-size=4', '--max-old-space-size=128'];

const fuzz = async (fixtures: readonly string[]): Promise<readonly Report[]> => {
  const order: Order = { fixtures, runs, seed, msEach: long ? 3_600_000 : 150 };
  const ran = await run(process.execPath, [...limits, child, JSON.stringify(order)]);
  expect(ran.code, `seed ${seed}: ${ran.stderr}`).toBe(0);
  return ran.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Report);
};

const names = fixtureNames().filter((name) => only?.includes(name) ?? true);
// Of two processes one takes the even ones.
const halves = [0, 1].map((half) => names.filter((_, index) => index % 2 === half)).filter((it) => it.length > 0);

test.skipIf(process.platform === 'win32')(
  'no decoder fails, says what cannot be, or takes long or much memory, whatever is in its files',
  { timeout: long ? 12 * 3_600_000 : 120_000 },
  async () => {
    const reports = (await Promise.all(halves.map(fuzz))).flat();
    expect(reports.map(({ fixture }) => fixture).toSorted()).toEqual(names.toSorted());
    for (const { fixture, runs: done } of reports) expect([fixture, done > 0]).toEqual([fixture, true]);
  },
);
