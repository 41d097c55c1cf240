import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { CacheId } from '../../shared/ids.ts';
import { writePackages } from '../support/npm-index.ts';
import type { GoalRow } from './goals.ts';
import type { Block, LoopReport } from './loop-watch.ts';
import { makeManyFiles } from './many-files.ts';
import { doNothing, serveHome } from './served.ts';
import { type SocketPage, visit } from './socket-page.ts';
import { makeTree } from './tree.ts';

/** A person sees a frame that comes late: the loop answers in between. */
const goalMs = 16;
const rowsAtOnce = 200;
const nodesAtOnce = 10_000;

/** What is done in the time that is measured, by its name. */
type Steps = Readonly<Record<string, () => Promise<void>>>;

/** Entries of a cache as the page reads them: opened, looked at all over, in another order, filtered. */
const readEntries = async (page: SocketPage, cache: CacheId): Promise<void> => {
  const opened = await page.call('openEntries', { cache });
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

const readTree = async (page: SocketPage, cache: CacheId, by: 'folder' | 'entry'): Promise<void> => {
  const { view, nodes } = await page.call('openTree', { cache, by });
  for (let from = 0; from < nodes; from += nodesAtOnce)
    await page.call('treeNodes', { view, from, count: nodesAtOnce });
  await page.call('closeView', { view });
};

const clearAll = async (page: SocketPage, cache: CacheId): Promise<void> => {
  const plan = await page.call('plan', { targets: [{ cache }], measure: true });
  const { operations } = await page.call('clear', { plan: plan.id, undoWindowMs: 0, evenIfInUse: true });
  if (operations.some(({ state }) => state !== 'done')) throw new Error(JSON.stringify(operations));
};

const stepsOf = (page: SocketPage, home: string): Steps => {
  let npm = '' as CacheId;
  let folder = '' as CacheId;
  return {
    start: async () => {
      const { caches } = await page.call('snapshot', {});
      npm = caches.find(({ tool }) => tool === 'npm')?.id ?? npm;
    },
    'add a folder': async () => {
      ({ id: folder } = await page.call('add', { path: join(home, 'many'), isCache: true }));
    },
    scan: async () => void (await page.call('list', { measure: true })),
    rescan: async () => void (await page.call('list', { measure: true })),
    entries: () => readEntries(page, npm),
    'entries of the folder': () => readEntries(page, folder),
    folders: () => readTree(page, npm, 'folder'),
    map: () => readTree(page, npm, 'entry'),
    'map of the folder': () => readTree(page, folder, 'entry'),
    leftover: async () => {
      const seen = page.news('leftovers', (leftovers) => leftovers.some(({ verdict }) => verdict === 'abandoned'));
      // At once: in what still grows, somebody is at work.
      makeTree(join(home, 'leftover'), 2_000);
      renameSync(join(home, 'leftover'), join(home, '.cache', 'pip-tools', `pkgs.stale-${spawnSync('true').pid}`));
      await seen;
      await page.call('clean', { which: 'safe' });
    },
    clear: () => clearAll(page, npm),
    'clear the folder': () => clearAll(page, folder),
    history: async () => void (await page.call('history', {})),
  };
};

const between = (from: number, to: number) => (one: { readonly at: number }) => one.at > from && one.at <= to;
const most = (blocks: readonly Block[], of: 'ms' | 'cpuMs' | 'lateMs'): number =>
  Math.max(0, ...blocks.map((block) => block[of]));

interface Span {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** The longest block of a stretch of time by the clock, and the longest computing, which no busy machine lengthens. */
const row = ({ name, from, to }: Span, { blocks, collections }: LoopReport): GoalRow => {
  const here = blocks.filter(between(from, to));
  const collecting = Math.max(0, ...collections.filter(between(from, to)).map(({ ms }) => ms));
  const note = `computing ${most(here, 'cpuMs').toFixed(1)}, collecting garbage ${collecting.toFixed(1)}; in ${((to - from) / 1000).toFixed(1)} s`;
  return { name: `  ${name}`, value: most(here, 'ms'), unit: 'ms', goal: null, note };
};

/** Timers of an idle process are this late (ms) only where the machine has no core for it. */
const machineLateMs = 4;

/** Without those that fall into a time in which even a process that does nothing had to wait. */
const whileOnTime = (blocks: readonly Block[], beside: readonly Block[]): readonly Block[] => {
  const waits = beside.filter(({ lateMs }) => lateMs > machineLateMs);
  return blocks.filter(({ at, lateMs }) => !waits.some((wait) => wait.at > at - lateMs && wait.at - wait.lateMs < at));
};

/** Watches the event loop of a real `serve` while a page has it scan, read and delete caches of `files` files each. */
export const benchLoop = async (base: string, files: number): Promise<readonly GoalRow[]> => {
  const home = join(base, 'loop-home');
  mkdirSync(join(home, '.cache', 'pip-tools', 'pkgs'), { recursive: true });
  // Each has a file in the index and one with its content.
  writePackages(
    join(home, '.npm'),
    Array.from({ length: files / 2 }, (_, at) => ({ name: `package-${at % 5000}`, version: `1.${at}.0`, bytes: 64 })),
  );
  makeManyFiles(join(home, 'many'), join(base, 'aside'), files);
  const served = await serveHome(home);
  const nothing = await doNothing(home);
  const page = await visit(served.url);
  const spans: Span[] = [];
  for (const [name, step] of Object.entries(stepsOf(page, home))) {
    const from = Date.now();
    await step();
    spans.push({ name, from, to: Date.now() });
  }
  const beside = await nothing();
  page.close();
  await setTimeout(1000);
  const [from, to] = [spans[0]?.from ?? 0, spans.at(-1)?.to ?? 0];
  const rest = Date.now();
  await setTimeout(Math.min(60_000, to - from));
  const resting = { name: 'then nothing', from: rest, to: Date.now() };
  const report = await served.stop();
  const working = report.blocks.filter(between(from, to));
  const late = most(beside.blocks.filter(between(from, to)), 'lateMs');
  return [
    ...[...spans, resting].map((span) => row(span, report)),
    {
      name: 'longest block of the event loop',
      value: most(working, 'ms'),
      unit: 'ms',
      goal: goalMs,
      note: `by the clock; the timers of a process beside it that does nothing were ${late.toFixed(1)} late`,
    },
    {
      name: 'while that one was on time',
      value: most(whileOnTime(working, beside.blocks), 'ms'),
      unit: 'ms',
      goal: goalMs,
    },
    { name: 'longest computing in one', value: most(working, 'cpuMs'), unit: 'ms', goal: goalMs },
  ];
};
