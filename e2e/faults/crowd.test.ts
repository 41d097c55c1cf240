import { expect, test } from 'vitest';
import { have } from '../support/have.ts';
import { has, onLinux } from '../support/sandbox.ts';
import { type CrowdReport, crowd } from './support/crowd/crowd.ts';

/*
 * Many at once, for long. `npm run test:crowd` runs ten thousand rounds of the first two (`CROWD_ROUNDS` says how many
 * else, `CROWD_SECONDS` after how long no more are begun); `npm run test:faults` some hundred.
 */

const { CROWD_ROUNDS: wanted, CROWD_SECONDS: most } = process.env;
const isLong = wanted !== undefined;
const rounds = Number(wanted ?? 200);
const seconds = Number(most ?? (isLong ? 7200 : 120));
const timeout = (seconds + 600) * 1000;

const many = { rounds, seconds, evenIfInUse: true, rival: false, reuseHelpers: isLong };

/** All rounds were done, or it was cut off by time: then no handful of them. */
const wasLong = (told: CrowdReport): void => {
  if (told.seconds < seconds) expect(told.rounds).toBe(rounds);
  else expect(told.rounds).toBeGreaterThan(10);
};

/** What holds of every crowd, however it went: nothing torn, nothing twice, nothing lost, nothing left. */
const addsUp = (told: CrowdReport, name: string): void => {
  const { torn, notExactlyOnce, ...numbers } = told;
  process.stdout.write(`${name}: ${JSON.stringify({ ...numbers, torn: torn.length })}\n`);
  expect(torn.slice(0, 5), 'looks that saw neither a whole tree nor none').toEqual([]);
  expect(notExactlyOnce, 'trees that were not cleared by exactly one').toEqual([]);
  expect(told.takenButNotDone, 'cleared, and not done in the history').toEqual([]);
  expect(told.doneButNotTaken, 'done in the history, and cleared by nobody').toEqual([]);
  expect(told.left, 'what is left').toEqual([]);
  expect(told.history['done'] ?? 0, 'done in the history').toBe(told.rounds - told.byRival);
  const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((all, one) => all + one, 0);
  expect(sum(told.history), 'as many operations as were answered').toBe(sum(told.ends));
  // It was a crowd: nobody had the place for themselves, and the readers saw something.
  expect(told.byWriter.every((count) => count > 0)).toBe(true);
  expect(told.byClearer.filter((count) => count > 0).length).toBeGreaterThan(1);
  expect(told.looks['whole']).toBeGreaterThan(told.rounds / 10);
};

/** What an attempt that came too late is told. */
const late = ['done', 'nothing-to-do', 'refused changed', 'refused locked'];

test.skipIf(!onLinux)(
  'eight that clear, two that fill and two that read: whole or none, each by exactly one',
  { timeout },
  async () => {
    const told = await crowd(many);
    addsUp(told, 'crowd');
    wasLong(told);
    expect(late).toEqual(expect.arrayContaining(Object.keys(told.ends)));
    expect(told.recovered).toEqual([]);
  },
);

const python = have('python3', has('python3'));
test.skipIf(!onLinux || python.skip)(
  `the same with one that clears as pip-tools' pull request does${python.note}`,
  { timeout },
  async () => {
    const told = await crowd({ ...many, rival: true });
    addsUp(told, 'crowd with a rival');
    wasLong(told);
    expect(told.byRival).toBeGreaterThan(0);
    // It takes what we were about to take. What we renamed in its place comes back, or is kept until somebody decides.
    const kept = Object.entries(told.ends).filter(([end]) => end.startsWith('set-aside '));
    expect([...late, 'failed ENOENT', 'failed changed', ...kept.map(([end]) => end)]).toEqual(
      expect.arrayContaining(Object.keys(told.ends)),
    );
    const count = kept.reduce((all, [, times]) => all + times, 0);
    expect(told.recovered).toEqual(Array.from({ length: count }, () => 'done'));
  },
);

test.skipIf(!onLinux)('the readers are respected when nobody says otherwise', { timeout: 600_000 }, async () => {
  const told = await crowd({ ...many, rounds: 20, seconds: 120, evenIfInUse: false });
  addsUp(told, 'crowd that respects its readers');
});
