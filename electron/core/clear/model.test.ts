import { describe, it } from 'vitest';
import type { Command } from './testing/model/commands.ts';
import { follow, followChance } from './testing/model/follow.ts';
import type { Node } from './testing/model/tree.ts';

// `npm run test:model` makes thousands of runs; `RUNS=10000` and `SEED=1` choose how many and which. What it has found
// once is kept below as a test of its own, as it was printed.
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

const kept = (title: string, nodes: readonly Node[], sequence: readonly Command[]): void =>
  it(title, { timeout: 120_000 }, async () => void (await follow(nodes, sequence)));

describe('what was found once', () => {
  // The model looked for the folder when the undo had replaced it.
  kept(
    'an undo takes the place of an empty folder, and the unit is cleared twice after it',
    [{ kind: 'pipe', name: 'a' }],
    [
      { do: 'clear', door: 0, unit: 'pkgs', window: true, how: 'if idle', obstacle: 'file' },
      { do: 'make', unit: 'pkgs', nodes: [] },
      { do: 'undo', door: 0, which: 0, choice: 'refuse' },
      { do: 'recover', door: 0, now: true },
      { do: 'clear', door: 0, unit: 'pkgs', window: true, how: 'if idle', obstacle: 'none' },
      { do: 'clear', door: 0, unit: 'pkgs', window: true, how: 'if idle', obstacle: 'file' },
    ],
  );
});
