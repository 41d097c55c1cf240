import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { CDPSession, Page } from '@playwright/test';
import { findBrowser, launch } from '../support/browser.ts';
import { builtPage } from '../support/built.ts';
import { openCache } from '../support/on-page.ts';
import { type GoalRow, quantile } from './goals.ts';
import { makeManyFiles } from './many-files.ts';
import { inTerminal, serveHome } from './served.ts';
import { makeTree } from './tree.ts';

const MiB = 1024 * 1024;
const inPage = fileURLToPath(new URL('./in-page.js', import.meta.url));
const scrollMs = 6_000;
const patienceMs = 240_000;

/** Private memory of the largest process that shows a page; NaN where the system does not tell. */
const rendererMiB = (): number => {
  if (process.platform !== 'linux') return Number.NaN;
  const sizes = readdirSync('/proc').map((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('--type=renderer')) return 0;
      return Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1024;
    } catch {
      return 0;
    }
  });
  return Math.max(...sizes);
};

/** What in-page.js has noted. */
interface Noted {
  readonly tasks: readonly { readonly at: number; readonly ms: number }[];
  readonly frames: readonly number[];
  readonly firstRowsMs: number;
  readonly answers: readonly number[];
  readonly draws: readonly number[];
}

const notedIn = (page: Page): Promise<Noted> => page.evaluate('({ ...bench, draws: bench.draws() })');

/** Bytes of the page's own heap, as it is: nothing is collected for the occasion. */
const heapOf = async (session: CDPSession): Promise<number> => {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN;
};

/** The page allows no script that comes as text to wait in it: it is asked from here. */
const until = async (page: Page, holds: string): Promise<void> => {
  const end = Date.now() + patienceMs;
  while (!(await page.evaluate(holds))) {
    if (Date.now() > end) throw new Error(`in vain: ${holds}`);
    await setTimeout(200);
  }
};

interface Memory {
  heap: number;
  process: number;
}

const remember = async (session: CDPSession, memory: Memory): Promise<void> => {
  memory.heap = Math.max(memory.heap, (await heapOf(session)) / MiB);
  memory.process = Math.max(memory.process, rendererMiB());
};

const entries = (page: Page) => page.getByRole('grid', { name: 'Entries' });

/** Opens the million, reads it to its end, sorts, filters and scrolls it. */
const readMany = async (page: Page, count: number, look: () => Promise<void>): Promise<void> => {
  await page.evaluate('bench.noteFirstRows()');
  await openCache(page, 'many');
  await until(page, 'bench.firstRowsMs !== null');
  await page.evaluate(`bench.scrollFor(${scrollMs / 3})`);
  await until(page, `bench.hasRows(${count})`);
  await setTimeout(500);
  await look();
  for (const column of ['Name', 'Last used', 'Size', 'Size']) {
    await entries(page).getByRole('columnheader', { name: column }).getByRole('button').click();
    await setTimeout(1500);
  }
  await look();
  const search = page.getByRole('searchbox').first();
  await search.pressSequentially('package-77', { delay: 60 });
  await setTimeout(1500);
  await search.fill('');
  await setTimeout(1500);
  await page.evaluate(`bench.scrollFor(${scrollMs})`);
  await look();
  await entries(page).hover();
  for (let turn = 0; turn < 60; turn += 1) await page.mouse.wheel(0, turn % 20 === 0 ? 100_000 : 240);
};

/** Draws the map of very many files and moves the pointer over it. */
const readMap = async (page: Page, look: () => Promise<void>): Promise<void> => {
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Caches' }).click();
  await openCache(page, 'files');
  await page.getByRole('tab', { name: 'Map' }).click();
  await page.getByRole('application', { name: 'Map of files by entries' }).waitFor({ timeout: patienceMs });
  await page.getByRole('button', { name: 'Folders', exact: true }).click();
  const map = page.getByRole('application', { name: 'Map of files by folders' });
  await map.waitFor({ timeout: patienceMs });
  await setTimeout(1000);
  await look();
  await page.evaluate('bench.notePointer()');
  const box = await map.boundingBox();
  if (box === null) throw new Error('the map is not shown');
  for (let move = 0; move < 80; move += 1) {
    await page.mouse.move(box.x + ((move * 7919) % box.width), box.y + ((move * 104_729) % box.height));
    await setTimeout(60);
  }
  // Drawn anew: further in, out again, with what is looked for marked.
  await map.click();
  await map.press('Backspace');
  await page.getByRole('searchbox').first().fill('f');
  await setTimeout(1500);
  await look();
};

export interface PageWish {
  readonly entries: number;
  readonly files: number;
}

/** The page in a real browser, on a real `serve`, with a folder of `entries` files and a tree of `files`. */
export const benchPage = async (
  base: string,
  wish: PageWish,
): Promise<{ readonly browser: string; readonly rows: readonly GoalRow[] }> => {
  const found = await findBrowser();
  if (found === null) throw new Error('there is no browser: npm ci brings one for Linux');
  await builtPage();
  const home = join(base, 'page-home');
  mkdirSync(home);
  makeManyFiles(join(base, 'many'), join(base, 'aside'), wish.entries);
  makeTree(join(base, 'files'), wish.files);
  for (const name of ['many', 'files']) await inTerminal(home, 'add', join(base, name), '--this-is-a-cache');
  // Measured once before: the page measures anew at its start, and finds most of it remembered.
  await inTerminal(home, 'list');
  const served = await serveHome(home);
  const browser = await launch(found);
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 760 } });
    page.setDefaultTimeout(60_000);
    await page.addInitScript({ path: inPage });
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const memory: Memory = { heap: 0, process: 0 };
    const look = (): Promise<void> => remember(session, memory);
    await page.goto(served.url.href);
    await page.getByRole('treegrid', { name: 'Caches' }).waitFor();
    await setTimeout(5_000);
    await readMany(page, wish.entries, look);
    await readMap(page, look);
    const { tasks, frames, firstRowsMs, answers, draws } = await notedIn(page);
    await browser.close();
    const { blocks } = await served.stop();
    const seconds = frames.reduce((sum, ms) => sum + ms, 0) / 1000;
    const worst = quantile(frames, 0.9).toFixed(1);
    const longest = tasks.reduce((most, task) => (task.ms > most.ms ? task : most), { at: 0, ms: 0 });
    return {
      browser: found.name,
      rows: [
        { name: 'click to first rows', value: firstRowsMs, unit: 'ms', goal: 300 },
        {
          name: 'scrolling',
          value: frames.length / seconds,
          unit: '/s',
          goal: 55,
          note: `one frame in ten later than ${worst} ms, longest ${Math.max(...frames).toFixed(0)} ms`,
        },
        {
          name: "longest task on the page's thread",
          value: longest.ms,
          unit: 'ms',
          goal: 100,
          note: `${(longest.at / 1000).toFixed(1)} s after its start; ${tasks.length} of 50 ms and more`,
        },
        { name: "the page's heap at most", value: memory.heap, unit: 'MiB', goal: 300 },
        { name: "its process's own memory at most", value: memory.process, unit: 'MiB', goal: 300 },
        { name: 'map drawn', value: Math.max(...draws), unit: 'ms', goal: 500, note: `${draws.length} draws` },
        {
          name: 'pointer answered',
          value: quantile(answers, 0.95),
          unit: 'ms',
          goal: 50,
          note: `19 of 20 moves; ${answers.length} answers, longest ${Math.max(...answers).toFixed(0)} ms`,
        },
        {
          name: "serve's loop meanwhile, computing",
          value: Math.max(0, ...blocks.map(({ cpuMs }) => cpuMs)),
          unit: 'ms',
          goal: 16,
        },
      ],
    };
  } finally {
    await browser.close();
    await served.stop().catch(() => undefined);
  }
};
