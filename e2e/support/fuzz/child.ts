import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { sizeOf } from '../../../electron/core/catalog/decode/walk.ts';
import { tools } from '../../../electron/core/catalog/index.ts';
import type { RawEntry, Tool } from '../../../electron/core/catalog/tool.ts';
import { reader } from '../../../electron/core/fs/reader.ts';
import { madeBy, unpackFixture } from '../../fixtures/store.ts';
import { newFolder, removeFolder } from '../temporary.ts';
import { EditedCopy } from './copy.ts';
import { someEdits } from './edits.ts';

/*
 * child.ts ORDER   ORDER is JSON, see Order. A process of its own, so that what a decoder takes can be told from what tests
 *                  take. Prints a Report for each fixture as a line of JSON; the first failure ends it, with code 1.
 */

export interface Order {
  readonly fixtures: readonly string[];
  /** Of a counterexample: only that one is tried. */
  readonly path?: string;
  readonly runs: number;
  readonly seed: number;
  /** Goes on to the next fixture after so long. */
  readonly msEach: number;
}
export interface Report {
  readonly fixture: string;
  readonly runs: number;
  readonly longestMs: number;
  readonly mostMiB: number;
}

const mostMs = 200;
const mostMiB = 64;

/** KiB of this process's memory now (VmRSS), or the most it has had since `forgetPeak` (VmHWM). */
const memory = (what: 'VmRSS' | 'VmHWM'): number =>
  process.platform === 'linux'
    ? Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1])
    : process.memoryUsage.rss() / 1024;
/** See proc(5), clear_refs. */
const forgetPeak = (): void => {
  if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5');
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unshowable = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const check = (entry: RawEntry, keys: Set<string>, mostBytes: number): void => {
  const { key, kind, name, version, url, bytes, created, lastUsed, usedBy, damaged } = entry;
  const wrong = (what: string): never => {
    throw new Error(`${what}: ${JSON.stringify(entry).slice(0, 1000)}`);
  };
  if (bytes !== null && !(Number.isSafeInteger(bytes) && bytes >= 0)) wrong('its bytes are no number of bytes');
  if (bytes !== null && bytes > mostBytes) wrong(`more bytes than ${mostBytes}`);
  for (const text of [kind, name, version, url, damaged, ...(usedBy ?? [])])
    if (text != null && (text.length > 2048 || unshowable.test(text))) wrong('a text that cannot be shown');
  for (const time of [created, lastUsed])
    if (time != null && Number.isNaN(Date.parse(time))) wrong('a time that is none');
  if (keys.has(key)) wrong('two entries with one key');
  keys.add(key);
};

/** Everything of a tool that reads its cache. Throws where an entry is not what it may be. */
const readAll = async (tool: Tool, root: string, mostBytes: number): Promise<number> => {
  tool.recognise(root, reader);
  tool.keeps(root, reader);
  tool.locks?.files(root, reader);
  tool.temporaries?.(root, reader);
  let count = 0;
  for (const unit of tool.units(root, reader)) {
    tool.contradiction(root, unit, reader);
    const keys = new Set<string>();
    for await (const entry of tool.entries(root, unit, reader)) {
      check(entry, keys, mostBytes);
      count += 1;
    }
  }
  return count;
};

interface Took {
  readonly ms: number;
  readonly mib: number;
}

const took = async (tool: Tool, root: string, mostBytes: number): Promise<Took> => {
  forgetPeak();
  const before = memory('VmRSS');
  const [began, worked] = [performance.now(), process.cpuUsage()];
  await readAll(tool, root, mostBytes);
  const { user, system } = process.cpuUsage(worked);
  // On a busy machine most of the time is that of others.
  return { ms: Math.min(performance.now() - began, (user + system) / 1000), mib: (memory('VmHWM') - before) / 1024 };
};

const isTooMuch = ({ ms, mib }: Took): boolean => ms > mostMs || mib > mostMiB;

/** The least that it takes in three tries: a machine that is busy, and garbage of before, are not the decoder's. */
const tookAtLeast = async (tool: Tool, root: string, mostBytes: number): Promise<Took> => {
  let least = await took(tool, root, mostBytes);
  for (let more = 0; more < 3 && isTooMuch(least); more += 1) {
    globalThis.gc?.();
    const next = await took(tool, root, mostBytes);
    least = { ms: Math.min(least.ms, next.ms), mib: Math.min(least.mib, next.mib) };
  }
  return least;
};

const fuzz = async (fixture: string, { runs, seed, msEach, path }: Order): Promise<Report> => {
  const tool = tools.find(({ id }) => id === madeBy(fixture).tool);
  if (tool === undefined) throw new Error(`the catalogue has no ${fixture}`);
  const folder = newFolder();
  const report = { fixture, runs: 0, longestMs: 0, mostMiB: 0 };
  try {
    const root = unpackFixture(fixture, folder);
    const whole = (sizeOf(reader, root) ?? 0) + 1024 * 1024;
    if ((await readAll(tool, root, whole)) === 0) throw new Error(`nothing is in ${fixture}`);
    const copy = new EditedCopy(root);
    await fc.assert(
      fc
        .asyncProperty(someEdits, async (edits) => {
          // No archive unpacks to more than a thousand times its size.
          const mostBytes = (whole + copy.edit(edits)) * 1100;
          const { ms, mib } = await tookAtLeast(tool, root, mostBytes);
          if (ms > mostMs) throw new Error(`it took ${Math.round(ms)} ms`);
          if (mib > mostMiB) throw new Error(`it took ${Math.round(mib)} MiB`);
          report.runs += 1;
          report.longestMs = Math.max(report.longestMs, ms);
          report.mostMiB = Math.max(report.mostMiB, mib);
        })
        .afterEach(() => copy.restore()),
      { numRuns: runs, seed, interruptAfterTimeLimit: msEach, ...(path !== undefined && { path }) },
    );
  } catch (thrown) {
    const cause = thrown instanceof Error && thrown.cause instanceof Error ? `\n${thrown.cause.stack}` : '';
    throw new Error(`${fixture}: ${thrown instanceof Error ? thrown.message : String(thrown)}${cause}`);
  } finally {
    removeFolder(folder);
  }
  return report;
};

const order = JSON.parse(process.argv[2] ?? '{}') as Order;
for (const fixture of order.fixtures) process.stdout.write(`${JSON.stringify(await fuzz(fixture, order))}\n`);
