import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { benchDelete, benchFolder, benchFree, printClear, removeBench } from './clear.bench.ts';
import { benchScan, printScan } from './scan.bench.ts';
import { makeTree } from './tree.ts';

/**
 * `npm run bench [-- FILES [RUNS]]`: scans and deletes of a generated tree, side by side with `du` and `rm` in one run,
 * as medians and ratios. Machines differ and are noisy: only the ratios mean something.
 */
const [files = 300_000, runs = 5] = process.argv.slice(2).map(Number);
const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const base = benchFolder();
try {
  say(`A tree of ${files.toLocaleString('en-US')} files, ${runs} runs each, in turn; medians.\n`);
  const tree = join(base, 'tree');
  makeTree(tree, files);
  // What has only just changed is never taken from memory.
  await setTimeout(11_000);
  say(`Scan\n${printScan(benchScan({ tree, runs }))}\n`);
  say(`Clear\n${printClear(await benchFree(base, files, runs))}\n`);
  const deletes = Math.min(3, runs);
  say(`Delete (${deletes} runs)\n${printClear(await benchDelete(base, files, deletes))}`);
} finally {
  removeBench(base);
}
