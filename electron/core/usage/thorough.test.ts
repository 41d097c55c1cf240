import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folder } from '../catalog/index.ts';
import type { Tool } from '../catalog/tool.ts';
import { npm } from '../catalog/tools/npm.ts';
import { pass } from './pass.ts';
import { questionOf, type UsePlace } from './question.ts';
import { inSlices } from './slices.ts';
import { askAbout, outsider } from './test-outsiders.ts';
import { freshlyWritten } from './writing.ts';

const linux = process.platform === 'linux';
let root = '';
let unit = '';
const place = (tool: Tool = npm): UsePlace => ({ path: unit, root, tool });
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'thorough-')));
  unit = join(root, '_cacache');
  mkdirSync(join(unit, 'tmp'), { recursive: true });
  writeFileSync(join(unit, 'file'), '');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

/** Opens a file of the unit for 20 ms, 80 ms after it was started, as often as npm does or less. */
const sometimes = (): Promise<number> =>
  outsider(`(echo $(exec sh -c 'echo $PPID'); while :; do sleep 0.08; sleep 0.02 < '${unit}/file'; done) &`);

describe.skipIf(!linux)('looking for users of a tool that locks nothing and holds nothing for long', () => {
  it('is done three times for a plan, once for a page, and says so', async () => {
    const once = await askAbout(place());
    expect(once.evidence[0]).toMatch(/^none of (your|the) \d+ process(es)?( that could be looked into)? has it open/);
    expect(once.evidence[0]).not.toContain('looks');
    const often = await askAbout(place(), { thorough: true });
    expect(often).toMatchObject({ verdict: 'idle' });
    expect(often.evidence[0]).toMatch(/, at none of [23] looks within \d\.\d s/);
  });

  it('is done once for tools that lock, and for places that no tool is known of', async () => {
    const locking: Tool = { ...npm, locks: { kind: 'flock', files: () => [], taken: [] } };
    for (const tool of [locking, folder]) {
      const usage = await askAbout(place(tool), { thorough: true });
      expect(usage.evidence[0]).not.toContain('looks');
    }
    expect((await askAbout({ path: unit, root: null, tool: null }, { thorough: true })).evidence[0]).not.toContain(
      'looks',
    );
  });

  it('finds more often who holds something now and then, and ends with the first hit', async () => {
    await sometimes();
    const hits = { once: 0, often: 0 };
    for (let round = 0; round < 20; round += 1) {
      // Not in step with it.
      await sleep(Math.random() * 100);
      if ((await askAbout(place())).verdict === 'in-use') hits.once += 1;
      const usage = await askAbout(place(), { thorough: true });
      if (usage.verdict === 'in-use') hits.often += 1;
    }
    process.stdout.write(`found by one look ${hits.once} of 20 times, by three looks ${hits.often} of 20 times\n`);
    expect(hits.often).toBeGreaterThanOrEqual(hits.once);
    expect(hits.often).toBeGreaterThan(0);
    await outsider(`sleep 60 < '${unit}/file' & echo $!`);
    expect((await askAbout(place(), { thorough: true })).evidence[0]).not.toContain('looks');
  });

  it('takes no longer than a moment, and is never long without a pause', async () => {
    await askAbout(place());
    const times: number[] = [];
    for (let round = 0; round < 10; round += 1) times.push(await timed(() => askAbout(place())));
    const processes = Number(/\d+/.exec((await askAbout(place())).evidence[0] ?? '')?.[0]);
    // The longest time between two steps is the longest time that the event loop can be held up beyond a slice.
    let longest = 0;
    let before = performance.now();
    const steps = pass([questionOf(place())]);
    await inSlices(
      (function* () {
        for (let step = steps.next(); ; step = steps.next()) {
          longest = Math.max(longest, performance.now() - before);
          if (step.done === true) return step.value;
          yield;
          before = performance.now();
        }
      })(),
    );
    const median = times.sort((a, b) => a - b)[5] ?? Number.NaN;
    const often = await timed(() => askAbout(place(), { thorough: true }));
    process.stdout.write(
      `one look at ${processes} processes: ${median.toFixed(1)} ms (median of 10), longest step ${longest.toFixed(1)} ms; three looks: ${often.toFixed(0)} ms\n`,
    );
    expect(processes).toBeGreaterThan(0);
  });
});

describe('a temporary file of the tool that nobody has open', () => {
  const id = '0b1e2f3a-0123-4567-89ab-0123456789ab';

  it('makes it cannot-tell while it is younger than five seconds, and says which', async () => {
    const file = join(unit, 'tmp', id);
    writeFileSync(file, 'x');
    if (linux) {
      const usage = await askAbout(place());
      expect(usage).toMatchObject({ verdict: 'cannot-tell', holders: [] });
      expect(usage.evidence.join('\n')).toContain(`tmp/${id} was written`);
    }
    const now = Date.now();
    expect(freshlyWritten(place(), now + 1000)).toMatch(
      /^tmp\/.* was written 1\.\d s ago and is not finished: npm may/,
    );
    expect(freshlyWritten(place(), now + 6000)).toBeNull();
  });

  it('has a name that the tool gives such files, old and new, and stands in that place', () => {
    for (const name of ['left', 'same', 'readme.txt', 'abc']) writeFileSync(join(unit, 'tmp', name), '');
    expect(freshlyWritten(place())).toBeNull();
    writeFileSync(join(unit, 'tmp', '0a1b2c3d'), '');
    expect(freshlyWritten(place())).toContain('tmp/0a1b2c3d');
    expect(freshlyWritten({ ...place(), path: root })).toContain('_cacache/tmp/0a1b2c3d');
    expect(freshlyWritten({ ...place(), path: join(root, '_logs') })).toBeNull();
    expect(freshlyWritten({ path: unit, root: null, tool: null })).toBeNull();
  });

  it('is nothing when the clock was set back, so that it seems to be of tomorrow', () => {
    writeFileSync(join(unit, 'tmp', id), 'x');
    expect(freshlyWritten(place(), Date.now() - 86_400_000)).toBeNull();
  });
});
