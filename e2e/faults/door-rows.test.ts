import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Operation } from '../../shared/model.ts';
import { the } from '../support/answers.ts';
import { du, smallTree } from '../support/sandbox.ts';
import type { Box } from './support/box.ts';
import { answerOf, carryOut, clearBy, planBy } from './support/clear-by.ts';
import { type OpenDoor, openDoor } from './support/door.ts';
import { command, strace } from './support/needs.ts';
import { startPython } from './support/other.ts';
import { row } from './support/row.ts';
import { stoppedAside } from './support/stopped.ts';
import { untilWithin } from './support/until-within.ts';

// Several that clear, or recover, the same at once.

const many = 6;
const long = Boolean(process.env['LONG']);
const several = <T>(make: (at: number) => Promise<T>, count = many): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => make(at)));

/** Of several clears of one unit exactly one was done; the others found nothing, or were told why not. */
const oneWasDone = (operations: readonly Operation[], held: number): void => {
  expect(operations).toHaveLength(many);
  expect(the(operations, ({ state }) => state === 'done')).toMatchObject({
    bytes: { freed: held },
    entriesDeleted: 13,
    left: [],
    errors: [],
  });
  for (const { state, errors, bytes } of operations) {
    if (state === 'done') continue;
    expect({ state, freed: bytes.freed }).toEqual({
      state: expect.stringMatching(/^(nothing-to-do|refused)$/),
      freed: 0,
    });
    for (const { code, message } of errors) {
      // Another of the clears, which has the unit open while it looks, is a user of it as well.
      if (code === 'in-use') expect(message).toMatch(/launch\.cjs|open-door|cache-inspector/);
      else expect(['locked', 'changed'], message).toContain(code);
    }
  }
};

const statesOf = async (box: Box) => (await box.history()).map(({ state }) => state);

row(55, `${many} programs clear the unit at once`, { timeoutMs: 300_000 }, async (box) => {
  await box.settled();
  const held = du(box.unit);
  const all = await several(() => box.clear());
  const operations = all.flatMap((it) => it.operations);
  oneWasDone(operations, held);
  for (const { code, operations: own } of all) {
    expect({ code, own }).toMatchObject({ code: the(own).state === 'refused' ? 3 : 0 });
  }
  const told = await box.history();
  expect(told.map(({ id }) => id).sort()).toEqual(operations.map(({ id }) => id).sort());
  return { unit: 'absent', history: told.map(({ state }) => state) };
});

const rounds = long ? 400 : 25;

row(55, `${many} open doors clear the unit at once, ${rounds} times`, { timeoutMs: 900_000 }, async (box) => {
  await box.begun();
  const doors = await several(() => openDoor(box));
  for (let round = 0; round < rounds; round += 1) {
    if (round > 0) smallTree(box.unit);
    const held = du(box.unit);
    const plans = await Promise.all(doors.map((door) => planBy(door, box.unit)));
    const operations = await Promise.all(doors.map((door, at) => carryOut(door, plans[at] ?? the(plans))));
    oneWasDone(operations, held);
    expect(box.isAbsent()).toBe(true);
    expect(box.ourNames()).toEqual([]);
  }
  await Promise.all(doors.map((door) => door.close()));
  const states = await statesOf(box);
  expect(states.filter((state) => state === 'done')).toHaveLength(rounds);
  expect(states).toHaveLength(rounds * many);
  return { unit: 'absent', history: states };
});

/** Each operation was deleted by one of them, once. */
const deletedOnce = (operation: Operation): void => {
  expect(operation).toMatchObject({ state: 'done', left: [], errors: [], entriesDeleted: 13 });
  expect(operation.steps.filter(({ step }) => step === 'deleting')).toHaveLength(1);
  expect(operation.steps.filter(({ step }) => step === 'done')).toHaveLength(1);
};

row(56, `${many} programs recover a clear that was killed`, { needs: [strace], timeoutMs: 300_000 }, async (box) => {
  await box.begun();
  const held = du(box.unit);
  const clear = await stoppedAside(box, ['clear', box.target, '--yes']);
  await clear.kill();
  expect(box.staleCopies()).toHaveLength(1);
  const answers = await several(() => box.recover());
  // Whoever goes on with it first may do that before it looks at what there is to recover.
  expect(answers.flat().filter(({ state }) => state === 'done').length).toBeLessThan(2);
  const operation = the(await box.history());
  deletedOnce(operation);
  expect(operation.bytes.freed).toBe(held);
  return { unit: 'absent', history: ['done'] };
});

const [batches, inBatch] = long ? [40, 10] : [4, 8];
const copies = batches * inBatch;

/** Sets the unit aside so many times, by a door that ends then. */
const setAside = async (box: Box, count: number): Promise<readonly string[]> => {
  const door = await openDoor(box);
  const ids: string[] = [];
  while (ids.length < count) {
    if (box.isAbsent()) smallTree(box.unit);
    const operation = await clearBy(door, box.unit, { undoWindowMs: 3_600_000 });
    expect(operation.state).toBe('set-aside');
    ids.push(operation.id);
  }
  await door.close();
  return ids;
};

row(56, `${many} open doors recover ${copies} copies at once`, { timeoutMs: 900_000 }, async (box) => {
  await box.begun();
  await box.settled();
  const doors = await several(() => openDoor(box));
  const wins = doors.map(() => 0);
  for (let batch = 0; batch < batches; batch += 1) {
    const ids = await setAside(box, inBatch);
    const answers = await Promise.all(doors.map(({ call }) => call('recover', { now: true })));
    const taken = answers.map((answer) => answerOf(answer).operations.map(({ id }) => id as string));
    // Each has one winner, and no loser says that it was there too.
    expect(taken.flat().sort()).toEqual([...ids].sort());
    taken.forEach((own, at) => {
      wins[at] = (wins[at] ?? 0) + own.length;
    });
    expect(box.ourNames()).toEqual([]);
  }
  await Promise.all(doors.map((door: OpenDoor) => door.close()));
  const told = await box.history();
  expect(told).toHaveLength(copies);
  for (const operation of told) deletedOnce(operation);
  process.stdout.write(`row 56: ${copies} copies, taken by ${wins.join(' + ')}\n`);
  return { unit: 'absent', history: told.map(({ state }) => state) };
});

/**
 * What jazzband/pip-tools#2384 does, over and over, on wheels that it makes before, in one rename. Every other time it
 * leaves them to somebody else. It says what it has made, what it has cleared, and what went wrong.
 */
const pipTools = `
import json, os, random, shutil, sys, time
pkgs, scratch, stop = sys.argv[1:4]
print('on', flush=True)
names = ['a.whl', 'b.whl', 'c.whl']
made, cleared, errors = 0, 0, []
while not os.path.exists(stop):
    if not os.path.lexists(pkgs):
        fresh = os.path.join(scratch, 'fresh')
        os.mkdir(fresh)
        for name in names:
            with open(os.path.join(fresh, name), 'w') as wheel:
                wheel.write(name * 1000)
        os.rename(fresh, pkgs)
        made += 1
    if made % 2 == 0:
        while os.path.exists(pkgs) and not os.path.exists(stop):
            time.sleep(0.002)
        continue
    time.sleep(random.random() * 0.03)
    stale = f'{pkgs}.stale-{os.getpid()}'
    try:
        os.replace(pkgs, stale)
    except FileNotFoundError:
        continue
    except OSError as error:
        errors.append(repr(error))
        continue
    found = sorted(os.listdir(stale))
    if found != names:
        errors.append(f'it cleared what was not whole: {found}')
    shutil.rmtree(stale, onerror=lambda *problem: errors.append(repr(problem)))
    cleared += 1
    with open(os.path.join(scratch, 'cleared'), 'w') as count:
        count.write(str(cleared))
print(json.dumps({'made': made, 'cleared': cleared, 'errors': errors, 'left': os.path.lexists(pkgs)}), flush=True)
`;

const wanted = long ? 200 : 12;
const against = `a tool that sets the same unit aside by itself, until each has cleared it ${wanted} times`;

row(57, against, { needs: [command('python3')], timeoutMs: 900_000 }, async (box) => {
  await box.begun();
  fs.rmSync(box.unit, { recursive: true });
  await box.settled();
  const [stop, count] = [path.join(box.scratch, 'stop'), path.join(box.scratch, 'cleared')];
  const tool = await startPython(pipTools, box.unit, box.scratch, stop);
  const door = await openDoor(box);
  const theirs = (): number => (fs.existsSync(count) ? Number(fs.readFileSync(count, 'utf8')) : 0);
  const operations: Operation[] = [];
  const ours = (): number => operations.filter(({ state }) => state === 'done').length;
  await untilWithin(
    600_000,
    async () => {
      operations.push(await clearBy(door, box.unit));
      return ours() >= wanted && theirs() >= wanted;
    },
    `${wanted} clears of each`,
  );
  fs.writeFileSync(stop, '');
  const said = JSON.parse(await tool.next()) as Record<'made' | 'cleared', number> & {
    errors: string[];
    left: boolean;
  };
  await door.close();
  expect(said.errors).toEqual([]);
  for (const { state, errors, entriesDeleted } of operations) {
    // It had gone at that very moment, or was another one: that is told, and nothing was touched.
    const told = errors.map(({ step, code }) => `${step} ${code}`).join();
    const seen = `${state} ${told}`.trim();
    expect(seen).toMatch(
      /^(done|nothing-to-do|set-aside set-aside changed|refused preflight changed|failed set-aside (ENOENT|changed))$/,
    );
    if (state === 'done') expect(entriesDeleted).toBe(4);
  }
  await box.recover();
  const told = await box.history();
  const done = told.filter(({ state }) => state === 'done').length;
  // Every one that was made was cleared by one of the two, or stands there still.
  expect(done + said.cleared + (said.left ? 1 : 0)).toBe(said.made);
  const others = operations.length - done;
  process.stdout.write(
    `row 57: ${said.made} made, ${said.cleared} cleared by the tool, ${done} by us, ${others} others\n`,
  );
  return { unit: said.left ? 'new' : 'absent', history: told.map(({ state }) => state) };
});
