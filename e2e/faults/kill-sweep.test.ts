import { afterAll, expect } from 'vitest';
import { newFolder, removeFolder } from '../support/temporary.ts';
import { choose } from './support/kill/choose.ts';
import { Lane } from './support/kill/lane.ts';
import { groups, type Phase, phases } from './support/kill/phases.ts';
import { type Point, Sweep } from './support/kill/sweep.ts';
import { report, type Swept } from './support/kill/tell.ts';
import { strace } from './support/needs.ts';
import { row } from './support/row.ts';

// Rows 43 and 44: a door is killed before every system call that changes anything. Which calls those are tells a trace
// of a run that is not killed, so that a call that is new is swept by itself. The short run takes some of each phase,
// `LONG=1` all.

const long = Boolean(process.env['LONG']);
const options = { needs: [strace], timeoutMs: long ? 4 * 3_600_000 : 1_800_000 };

/** Two at once: much of a run is waiting for processes to start and to end. */
const lanes = 2;

const inLanes = async <Item>(items: readonly Item[], work: (item: Item, lane: Lane) => Promise<Point>) => {
  const results: Point[] = [];
  let next = 0;
  const one = async (): Promise<void> => {
    const lane = new Lane();
    try {
      for (let item = items[next++]; item !== undefined; item = items[next++]) results.push(await work(item, lane));
    } finally {
      await lane.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, one));
  return results;
};

const all: Swept[] = [];
let shared: Promise<Sweep> | null = null;
const folder = newFolder();

/** One for all: a history to begin with, and the program compiled. */
const theSweep = (): Promise<Sweep> => {
  shared ??= Sweep.begin(folder);
  return shared;
};

afterAll(async () => {
  (await shared)?.close();
  removeFolder(folder);
});

/** Sweeps one phase. Resolves with what is wrong, as lines. */
const sweepPhase = async (sweep: Sweep, phase: Phase): Promise<readonly string[]> => {
  const lane = new Lane();
  const trace = await sweep.trace(phase, lane).finally(() => lane.close());
  const chosen = long ? trace.calls : choose(trace.calls, phase.short);
  const began = performance.now();
  const points = await inLanes(chosen, (call, mine) => sweep.kill(phase, call, mine));
  const swept = { phase, trace, chosen, points, ms: performance.now() - began };
  all.push(swept);
  process.stdout.write(report([swept]));
  const violations = [trace.point, ...points].filter(({ wrong }) => wrong.length > 0);
  return [
    ...violations.map(({ at, wrong }) => `${phase.name}, killed at ${at}: ${wrong.join('; ')}`),
    ...trace.unknown.map((name) => `${phase.name}: nobody knows whether ${name} changes something`),
    ...(points.some(({ hit }) => hit === 'there') ? [] : [`${phase.name}: nothing was killed where it was to be`]),
  ];
};

for (const group of groups) {
  row(group === 'recoveries' ? 44 : 43, `${group}, killed before every call`, options, async (box) => {
    await box.settled();
    const sweep = await theSweep();
    const wrong: string[] = [];
    for (const phase of phases.filter((it) => it.group === group)) wrong.push(...(await sweepPhase(sweep, phase)));
    expect(wrong).toEqual([]);
    return { unit: 'whole', history: [] };
  });
}

row(43, 'the door alone killed while its helper deletes, and recovered at once', options, async (box) => {
  await box.settled();
  const phase = phases.find(({ name }) => name === 'a clear without an undo window');
  if (phase === undefined) throw new Error('there is no such phase');
  const sweep = await theSweep();
  const files = long ? [3, 2, 1, 3, 2, 1, 3, 2, 1] : [3, 2, 1];
  const points = await inLanes(files, (left, lane) => sweep.orphan(phase, left, lane));
  process.stdout.write(`${points.map(({ at, hit, ends }) => `${at}: killed ${hit}, ${ends}`).join('\n')}\n`);
  expect(points.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
  expect(points.some(({ hit }) => hit === 'there')).toBe(true);
  return { unit: 'whole', history: [] };
});

row(43, 'two hundred calls and more, in all phases', options, async (box) => {
  await box.settled();
  if (all.length === phases.length) {
    process.stdout.write(report(all));
    const there = all.flatMap(({ points }) => points).filter(({ hit }) => hit === 'there');
    expect(there.length).toBeGreaterThanOrEqual(200);
  }
  return { unit: 'whole', history: [] };
});
