import { followChance } from '../../electron/core/clear/testing/model/follow.ts';
import { row } from './support/row.ts';

// Row 80, for as long as a run of the suite may take: `npm run test:model` is the long one.

const budgetMs = 45_000;

row(80, 'random trees, steps, faults and kills against a model', { timeoutMs: 300_000 }, async (box) => {
  await box.settled();
  process.stdout.write(await followChance({ runs: 1000, budgetMs }));
  return { unit: 'whole', history: [] };
});
