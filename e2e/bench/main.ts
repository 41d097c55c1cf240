import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { benchDelete, benchFolder, benchFree, printClear, removeBench } from './clear.bench.ts';
import { benchContents } from './contents.bench.ts';
import { printGoals } from './goals.ts';
import { benchLoop } from './loop.bench.ts';
import { benchPage } from './page.bench.ts';
import { benchScan, printScan } from './scan.bench.ts';
import { makeTree } from './tree.ts';

/*
 * npm run bench                          all of it
 * npm run bench -- disk [FILES [RUNS]]   scans and deletes of a generated tree, in turn with `du` and `rm`: machines
 *                                        differ and are noisy, so only the ratios of their medians mean something
 * npm run bench -- page [ENTRIES FILES]  the page in a real browser, against goals that hold on any machine
 * npm run bench -- loop [FILES]          how long the event loop of a real `serve` is not free, the same
 * npm run bench -- contents [RECORDS MODULES]  how soon the contents of large caches are there, the same
 */

const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const number = (count: number): string => count.toLocaleString('en-US');

const disk = async (base: string, files = 300_000, runs = 5): Promise<void> => {
  say(`A tree of ${number(files)} files, ${runs} runs each, in turn; medians.\n`);
  const tree = join(base, 'tree');
  makeTree(tree, files);
  // What has only just changed is never taken from memory.
  await setTimeout(11_000);
  say(`Scan\n${printScan(benchScan({ tree, runs }))}\n`);
  say(`Clear\n${printClear(await benchFree(base, files, runs))}\n`);
  const deletes = Math.min(3, runs);
  say(`Delete (${deletes} runs)\n${printClear(await benchDelete(base, files, deletes))}\n`);
};

const page = async (base: string, entries = 1_000_000, files = 300_000): Promise<void> => {
  const { browser, rows } = await benchPage(base, { entries, files });
  say(`Page: a folder of ${number(entries)} files (hard links), a tree of ${number(files)}; ${browser}`);
  say(`${printGoals(rows)}\n`);
};

const loop = async (base: string, files = 100_000): Promise<void> => {
  say(`Event loop of serve: npm's cache of ${number(files)} files, and a folder with as many side by side`);
  say(`${printGoals(await benchLoop(base, files))}\n`);
};

const contents = async (base: string, records = 50_000, modules = 2_000): Promise<void> => {
  say(`Contents: npm's index of ${number(records)} records, and ${number(modules)} of Go's modules`);
  say(`${printGoals(await benchContents(base, records, modules))}\n`);
};

const parts = { disk, page, loop, contents } as const;
const isPart = (word: string): word is keyof typeof parts => Object.hasOwn(parts, word);

const words = process.argv.slice(2);
const named = words.filter(isPart);
const numbers = words.filter((word) => !isPart(word)).map(Number);
// The first part was alone once: numbers without a name are its.
const wanted =
  named.length > 0 ? named : numbers.length > 0 ? (['disk'] as const) : (['disk', 'page', 'loop', 'contents'] as const);
for (const part of wanted) {
  const base = benchFolder();
  try {
    await parts[part](base, ...numbers);
  } finally {
    removeBench(base);
  }
}
