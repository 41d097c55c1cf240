import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { OperationState } from '../../shared/model.ts';
import type { Box } from './support/box.ts';
import { killGroup } from './support/door.ts';
import { strace } from './support/needs.ts';
import { childPaths, onlyAbout } from './support/only-about.ts';
import { type Outcome, row } from './support/row.ts';
import { until } from './support/until.ts';
import { underStrace } from './support/ways.ts';

// Rows 43 and 44: one kill in each phase of a clear, and of a recovery. The sweep over every system call is elsewhere.

const allowed: Readonly<Record<'whole' | 'absent', readonly (OperationState | undefined)[]>> = {
  whole: [undefined, 'failed', 'undone'],
  absent: ['done'],
};

/** Recovered twice: it is whole or absent, the history has one word for it, and nothing of ours is left. */
const outcome = async (box: Box): Promise<Outcome> => {
  for (const at of box.staleCopies()) expect(await box.wholeAs(at), at).toBe(true);
  if (!box.isAbsent()) expect(await box.isWhole()).toBe(true);
  await box.recover();
  await box.recover();
  const unit = box.isAbsent() ? 'absent' : 'whole';
  const history = (await box.history()).map(({ state }) => state);
  expect(history.length).toBeLessThan(2);
  expect(allowed[unit], `${unit}, and the history says ${history[0]}`).toContain(history[0]);
  return { unit, history };
};

/** The names by which the deleter speaks of the files of the unit, and of its folders. */
const files = childPaths('0', '1', '2');
const folders = childPaths('a', 'b', 'c');
/** How strace writes down the call at which it killed. */
const neverReturned = / = \?$/m;
const wal = (box: Box): string => path.join(box.state, 'history.db-wal');

type Kill = readonly [
  what: string,
  injection: string,
  about: (box: Box) => readonly string[],
  unit?: 'whole' | 'absent',
];

const kills: readonly Kill[] = [
  ['P2, at the first fsync of the journal', 'fsync:signal=KILL:when=1', (box) => [wal(box)], 'whole'],
  ['P3, at the rename', 'rename:signal=KILL:when=1', () => [], 'whole'],
  ['P3, between the rename and its fsync', 'fsync:signal=KILL:when=1', (box) => [box.cache], 'absent'],
  ['P3 or P4, at the second fsync of the journal', 'fsync:signal=KILL:when=2', (box) => [wal(box)]],
  ['P3 or P4, at the third fsync of the journal', 'fsync:signal=KILL:when=3', (box) => [wal(box)]],
  ['P4, at the second rename', 'rename:signal=KILL:when=2', () => [], 'absent'],
  ['P4, between the second rename and its fsync', 'fsync:signal=KILL:when=2', (box) => [box.cache], 'absent'],
  ['P5, the helper at an unlink', 'unlink:signal=KILL:when=4', () => files, 'absent'],
  ['P5, the helper at a rmdir', 'rmdir:signal=KILL:when=2', () => folders, 'absent'],
  ['P6, at the fourth fsync of the journal', 'fsync:signal=KILL:when=4', (box) => [wal(box)]],
];

for (const [what, injection, about, unit] of kills) {
  row(43, `killed in ${what}`, { needs: [strace] }, async (box) => {
    await box.history();
    const log = path.join(box.scratch, 'calls');
    const through = [...underStrace(injection), ...onlyAbout(...about(box)), '-o', log];
    const ran = await box.run(['clear', box.target, '--yes', '--json'], { through });
    expect(ran.code).not.toBe(0);
    expect(fs.readFileSync(log, 'utf8')).toMatch(neverReturned);
    const ended = await outcome(box);
    if (unit !== undefined) expect(ended.unit).toBe(unit);
    return ended;
  });
}

/** A clear whose door and helper are killed in the middle of its delete: some files are gone, and some are not. */
const cutInDelete = async (box: Box): Promise<string> => {
  await box.history();
  const through = [...underStrace('unlink:delay_enter=300000'), ...onlyAbout(...files)];
  const { child, ended } = await box.start(['clear', box.target, '--yes', '--json'], { through });
  const left = (): number => {
    const [at] = box.ourNames().filter((name) => name.includes('.deleting-'));
    if (at === undefined) return 9;
    const names = fs.readdirSync(at, { recursive: true, withFileTypes: true });
    return names.filter((entry) => entry.isFile()).length;
  };
  await until(() => left() < 8, 'the delete');
  killGroup(child);
  expect((await ended).code).not.toBe(0);
  expect(left()).toBeGreaterThan(0);
  return box.ourNames().find((name) => name.includes('.deleting-')) ?? '';
};

row(43, 'killed in P5, door and helper at once', { needs: [strace] }, async (box) => {
  await cutInDelete(box);
  const ended = await outcome(box);
  expect(ended).toMatchObject({ unit: 'absent', history: ['done'] });
  return ended;
});

/** A clear that was killed with its copy set aside. */
const cutAside = async (box: Box): Promise<void> => {
  await box.history();
  await box.run(['clear', box.target, '--yes'], { through: underStrace('rename:signal=KILL:when=2') });
  expect(box.staleCopies().length).toBe(1);
};

type Recovery = readonly [what: string, injection: string, about: (box: Box) => readonly string[]];

const ofDelete: readonly Recovery[] = [
  ['an fsync of the journal', 'fsync:signal=KILL:when=1', (box) => [wal(box)]],
  ['the second fsync of the journal', 'fsync:signal=KILL:when=2', (box) => [wal(box)]],
  ['the first unlink', 'unlink:signal=KILL:when=1', () => files],
  ['the third unlink', 'unlink:signal=KILL:when=3', () => files],
  ['a rmdir', 'rmdir:signal=KILL:when=1', () => folders],
];
const ofAside: readonly Recovery[] = [
  ['an fsync of the journal', 'fsync:signal=KILL:when=1', (box) => [wal(box)]],
  ['the rename', 'rename:signal=KILL:when=1', () => []],
  ['the fsync of the rename', 'fsync:signal=KILL:when=1', (box) => [box.cache]],
  ['an unlink', 'unlink:signal=KILL:when=5', () => files],
];

/** A recovery that is killed there, and another one that is killed there. */
const killedTwice = async (box: Box, injection: string, about: readonly string[]): Promise<void> => {
  const log = path.join(box.scratch, 'calls');
  for (let times = 0; times < 2; times += 1) {
    const through = [...underStrace(injection), ...onlyAbout(...about), '-o', log];
    await box.run(['recover', '--json'], { through });
    if (times === 0) expect(fs.readFileSync(log, 'utf8')).toMatch(neverReturned);
  }
};

for (const [what, injection, about] of ofDelete) {
  row(44, `the recovery of a delete is killed at ${what}, and the next one too`, { needs: [strace] }, async (box) => {
    await cutInDelete(box);
    await killedTwice(box, injection, about(box));
    const ended = await outcome(box);
    expect(ended).toMatchObject({ unit: 'absent', history: ['done'] });
    return ended;
  });
}

for (const [what, injection, about] of ofAside) {
  row(
    44,
    `the recovery of a set-aside copy is killed at ${what}, and the next one too`,
    { needs: [strace] },
    async (box) => {
      await cutAside(box);
      await killedTwice(box, injection, about(box));
      const ended = await outcome(box);
      expect(ended).toMatchObject({ unit: 'absent', history: ['done'] });
      return ended;
    },
  );
}
