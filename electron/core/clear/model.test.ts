import { describe, it } from 'vitest';
import { followChance } from './testing/model/follow.ts';

// `npm run test:model` makes thousands of runs; `RUNS=10000` and `SEED=1` choose how many and which. What it has found
// once is kept below as a test of its own.
const long = Boolean(process.env['LONG']);
const number = (name: string): number | undefined =>
  process.env[name] === undefined ? undefined : Number(process.env[name]);

const runs = number('RUNS') ?? (long ? 3000 : 40);
const seed = number('SEED');

describe('two doors on one history, any trees, and anything done to them', () => {
  it(
    'leaves each unit whole or absent at every step, the history true, and nothing behind at the end',
    async () => {
      // The short run takes no longer, however slow the machine.
      const limit = long ? {} : { budgetMs: 20_000 };
      process.stdout.write(await followChance({ runs, ...limit, ...(seed !== undefined && { seed }) }));
    },
    long ? 24 * 3_600_000 : 300_000,
  );
});
