import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { CacheId } from '../../shared/ids.ts';
import { writePackages } from '../support/npm-index.ts';
import type { GoalRow } from './goals.ts';
import { loopRows, type Span } from './loop-rows.ts';
import { makeManyFiles } from './many-files.ts';
import { doNothing, type ServedHere, serveHome } from './served.ts';
import { type SocketPage, visit } from './socket-page.ts';
import { makeTree } from './tree.ts';

const rowsAtOnce = 200;
const nodesAtOnce = 5_000;

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

/** Does all of it, then nothing for as long. */
const watchSteps = async (served: ServedHere, home: string): Promise<readonly GoalRow[]> => {
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
  const from = Date.now();
  await setTimeout(Math.min(60_000, from - (spans[0]?.from ?? from)));
  const rest = { name: 'then nothing', from, to: Date.now() };
  return loopRows(spans, rest, await served.stop(), beside);
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
  try {
    return await watchSteps(served, home);
  } finally {
    await served.stop();
  }
};
