import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { writePackages } from '../support/npm-index.ts';
import type { GoalRow } from './goals.ts';
import type { Block, LoopReport } from './loop-watch.ts';
import { serveHome } from './served.ts';
import { type SocketPage, visit } from './socket-page.ts';
import { makeTree } from './tree.ts';

/** A person sees a frame that comes late: the loop answers in between. */
const goalMs = 16;
const rowsAtOnce = 200;
const nodesAtOnce = 50_000;

/** What is done in the time that is measured, by its name. */
type Steps = Readonly<Record<string, () => Promise<void>>>;

/** Entries of a cache as the page reads them: opened, looked at all over, in another order, filtered. */
const readEntries = async (page: SocketPage, cache: Parameters<SocketPage['call']>[1] & object): Promise<void> => {
  const { cache: id } = cache as { readonly cache: never };
  const opened = await page.call('openEntries', { cache: id });
  if (!opened.done) await page.news('entries', ({ view, done }) => view === opened.view && done);
  const { view } = opened;
  const { all } = await page.call('arrangeEntries', { view });
  for (let look = 0; look < 200; look += 1)
    await page.call('entryRows', { view, from: (look * 7919) % Math.max(1, all - rowsAtOnce), count: rowsAtOnce });
  for (const by of ['name', 'lastUsed', 'bytes'] as const)
    await page.call('arrangeEntries', { view, order: { by, descending: true } });
  const { revision } = await page.call('arrangeEntries', { view, filter: '-1' });
  await page.call('entrySelection', { view, revision, ranges: [[0, 100]] });
  await page.call('closeView', { view });
};

const readTree = async (page: SocketPage, cache: never, by: 'folder' | 'entry'): Promise<void> => {
  const { view, nodes } = await page.call('openTree', { cache, by });
  for (let from = 0; from < nodes; from += nodesAtOnce)
    await page.call('treeNodes', { view, from, count: nodesAtOnce });
  await page.call('closeView', { view });
};

const clearAll = async (page: SocketPage, cache: never): Promise<void> => {
  const plan = await page.call('plan', { targets: [{ cache }], measure: true });
  const { operations } = await page.call('clear', { plan: plan.id, undoWindowMs: 0, evenIfInUse: true });
  if (operations.some(({ state }) => state !== 'done')) throw new Error(JSON.stringify(operations));
};

const stepsOf = (page: SocketPage, home: string): Steps => {
  let npm: never;
  return {
    start: async () => {
      const { caches } = await page.call('snapshot', {});
      npm = (caches.find(({ tool }) => tool === 'npm')?.id ?? '') as never;
    },
    scan: async () => void (await page.call('list', { measure: true })),
    rescan: async () => void (await page.call('list', { measure: true })),
    entries: () => readEntries(page, { cache: npm }),
    folders: () => readTree(page, npm, 'folder'),
    map: () => readTree(page, npm, 'entry'),
    leftover: async () => {
      const seen = page.news('leftovers', (leftovers) => leftovers.some(({ verdict }) => verdict === 'abandoned'));
      makeTree(join(home, '.cache', 'pip-tools', `pkgs.stale-${spawnSync('true').pid}`), 2_000);
      await seen;
      await page.call('clean', { which: 'safe' });
    },
    clear: () => clearAll(page, npm),
    history: async () => void (await page.call('history', {})),
  };
};

const longest = (blocks: readonly Block[]): Block =>
  blocks.reduce((most, block) => (block.ms > most.ms ? block : most), { at: 0, ms: 0, cpuMs: 0 });

const between = (from: number, to: number) => (block: { readonly at: number }) => block.at > from && block.at <= to;

/** Blocks of a stretch of time as rows: the longest, and what of it was garbage collection or waiting. */
const row = (name: string, report: LoopReport, from: number, to: number, goal: number | null): GoalRow => {
  const block = longest(report.blocks.filter(between(from, to)));
  const collected = report.collections.filter(between(block.at - block.ms - 1, block.at));
  const gcMs = collected.reduce((sum, { ms }) => sum + ms, 0);
  const note = `${block.cpuMs.toFixed(1)} of it computing${gcMs > 0.5 ? `, ${gcMs.toFixed(1)} collecting garbage` : ''}; ${((to - from) / 1000).toFixed(1)} s`;
  return { name, value: block.ms, unit: 'ms', goal, note };
};

/** Watches the event loop of a real `serve` while a page has it scan, read and delete a cache of `files` files. */
export const benchLoop = async (base: string, files: number): Promise<readonly GoalRow[]> => {
  const home = join(base, 'loop-home');
  mkdirSync(join(home, '.cache', 'pip-tools', 'pkgs'), { recursive: true });
  // Each has a file in the index and one with its content.
  writePackages(
    join(home, '.npm'),
    Array.from({ length: files / 2 }, (_, at) => ({ name: `package-${at % 5000}`, version: `1.${at}.0`, bytes: 64 })),
  );
  const served = await serveHome(home);
  const page = await visit(served.url);
  const spans: { readonly name: string; readonly from: number; readonly to: number }[] = [];
  for (const [name, step] of Object.entries(stepsOf(page, home))) {
    const from = Date.now();
    process.stderr.write(`${name}\n`);
    await step();
    spans.push({ name, from, to: Date.now() });
  }
  page.close();
  await setTimeout(1000);
  const [first] = spans;
  const last = spans.at(-1);
  const working = { from: first?.from ?? 0, to: last?.to ?? 0 };
  const idle = Date.now();
  await setTimeout(Math.min(60_000, working.to - working.from));
  const ended = Date.now();
  const report = await served.stop();
  return [
    row('at rest, the same process', report, idle, ended, null),
    ...spans.map(({ name, from, to }) => row(`  ${name}`, report, from, to, null)),
    row('longest block of the event loop', report, working.from, working.to, goalMs),
  ];
};
