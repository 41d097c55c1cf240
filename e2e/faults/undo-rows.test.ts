import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { finish } from '../../electron/core/clear/finish.ts';
import { setAside } from '../../electron/core/clear/set-aside.ts';
import { engineOn, newRig } from '../../electron/core/clear/testing/rig.ts';
import { undo } from '../../electron/core/clear/undo.ts';
import { type ApiError, CodedError } from '../../shared/errors.ts';
import type { Operation } from '../../shared/model.ts';
import { the } from '../support/answers.ts';
import { fingerprint, has, write } from '../support/sandbox.ts';
import type { Box } from './support/box.ts';
import { strace } from './support/needs.ts';
import { row } from './support/row.ts';
import { until } from './support/until.ts';
import { underStrace } from './support/ways.ts';

// What has been set aside, and is wanted back.

const setAsideIn = async (box: Box): Promise<Operation> => {
  const operation = the((await box.clear(['--undo-window', '600'])).operations);
  expect(operation).toMatchObject({ state: 'set-aside' });
  expect(box.isAbsent()).toBe(true);
  return operation;
};

const undoIn = async (box: Box, { id }: Pick<Operation, 'id'>, ...flags: readonly string[]) => {
  const ran = await box.run(['undo', id, '--json', ...flags]);
  return { code: ran.code, ...ran.json<Partial<Operation> & { readonly error?: ApiError }>() };
};

/** A tool makes the unit anew, with content. How that is. */
const madeAnew = (box: Box): string => {
  write(box.unit, { 'new/wheel': 'new' });
  return fingerprint(box.unit);
};

row(50, 'an undo within the window', {}, async (box) => {
  write(box.unit, { sparse: 'x', 'closed/file': 'x', one: 'same' });
  fs.truncateSync(path.join(box.unit, 'sparse'), 10_000_000);
  fs.linkSync(path.join(box.unit, 'one'), path.join(box.unit, 'two'));
  fs.symlinkSync('../../precious', path.join(box.unit, 'link'));
  fs.chmodSync(path.join(box.unit, 'closed/file'), 0o4440);
  fs.chmodSync(path.join(box.unit, 'closed'), 0o500);
  fs.utimesSync(path.join(box.unit, 'a'), 1_600_000_000.123456, 1_600_000_000.123456);
  const xattrs = has('setfattr') && has('getfattr');
  if (xattrs) execFileSync('setfattr', ['-n', 'user.mark', '-v', 'kept', path.join(box.unit, 'a')]);
  const hashes = fingerprint(box.unit);
  expect(await undoIn(box, await setAsideIn(box))).toMatchObject({ code: 0, state: 'undone', restoredTo: null });
  expect(await box.isWhole()).toBe(true);
  expect(fingerprint(box.unit)).toBe(hashes);
  if (xattrs) {
    const told = execFileSync('getfattr', ['--absolute-names', '--only-values', '-n', 'user.mark', `${box.unit}/a`]);
    expect(told.toString()).toBe('kept');
  }
  return { unit: 'whole', history: ['undone'] };
});

row(51, 'the tool has made it anew with content: nothing is touched, and the choices are named', {}, async (box) => {
  const operation = await setAsideIn(box);
  const made = madeAnew(box);
  const refused = await undoIn(box, operation);
  expect(refused).toMatchObject({ code: 3, error: { code: 'recreated' } });
  for (const words of ['put the old one beside it', 'change places', 'keep the new one', '--beside', '--swap']) {
    expect(refused.error?.message).toContain(words);
  }
  expect(fingerprint(box.unit)).toBe(made);
  expect(await box.wholeAs(operation.asidePath ?? '')).toBe(true);
  return { unit: 'new', history: ['set-aside'], recovered: ['done'] };
});

row(51, 'the old one is put beside the new one', {}, async (box) => {
  const operation = await setAsideIn(box);
  const made = madeAnew(box);
  const { code, state, restoredTo } = await undoIn(box, operation, '--beside');
  expect({ code, state }).toEqual({ code: 0, state: 'undone' });
  expect(restoredTo).toMatch(/\/pkgs\.restored-\d{4}-\d\d-\d\d$/);
  expect(await box.wholeAs(restoredTo ?? '')).toBe(true);
  expect(fingerprint(box.unit)).toBe(made);
  expect(await box.leftovers()).toEqual([]);
  expect(await box.recover()).toEqual([]);
  expect(await box.wholeAs(restoredTo ?? '')).toBe(true);
  fs.rmSync(restoredTo ?? '', { recursive: true });
  return { unit: 'new', history: ['undone'] };
});

row(51, 'the old one and the new one change places, in one step', {}, async (box) => {
  const operation = await setAsideIn(box);
  const made = madeAnew(box);
  expect(await undoIn(box, operation, '--swap')).toMatchObject({ code: 0, state: 'undone', asidePath: null });
  expect(await box.isWhole()).toBe(true);
  const [other] = await box.history();
  if (other === undefined) throw new Error('there is no history');
  expect(other).toMatchObject({ state: 'set-aside', asidePath: operation.asidePath });
  expect(fingerprint(other.asidePath ?? '')).toBe(made);
  // The new one can be had back as well, and then the old one goes the way it was to go.
  expect(await undoIn(box, other, '--swap')).toMatchObject({ code: 0, state: 'undone' });
  expect(fingerprint(box.unit)).toBe(made);
  expect(await box.wholeAs(operation.asidePath ?? '')).toBe(true);
  return { unit: 'new', history: ['set-aside', 'undone', 'undone'], recovered: ['done', 'undone', 'undone'] };
});

row(52, 'the tool has made it anew, and empty: it is replaced in one step, and that is logged', {}, async (box) => {
  const operation = await setAsideIn(box);
  fs.mkdirSync(box.unit);
  expect(await undoIn(box, operation)).toMatchObject({ code: 0, state: 'undone' });
  expect(await box.isWhole()).toBe(true);
  const { steps } = the(await box.history());
  expect(steps.at(-1)).toMatchObject({ step: 'undone', note: expect.stringContaining('empty folder') });
  return { unit: 'whole', history: ['undone'] };
});

const slowly = { needs: [strace], timeoutMs: 300_000 };
row(53, 'an undo while it is deleted: refused, and the new one is not touched', slowly, async (box) => {
  await box.begun();
  await box.settled();
  // Every file takes a second and a half: there is time for an undo, also on a slow machine.
  const slow = underStrace('unlink,unlinkat:delay_enter=1500000');
  const { ended } = await box.start(['clear', box.target, '--yes', '--json'], { through: slow });
  await until(() => box.ourNames().some((name) => name.includes('.deleting-')), 'the delete to begin');
  const made = madeAnew(box);
  const operation = the(await box.history());
  expect(operation.state).toBe('deleting');
  for (const flags of [[], ['--beside'], ['--swap']]) {
    expect(await undoIn(box, operation, ...flags)).toMatchObject({ code: 3, error: { code: 'not-undoable' } });
  }
  expect((await ended).code).toBe(0);
  expect(await undoIn(box, operation)).toMatchObject({ code: 3, error: { code: 'not-undoable' } });
  expect(fingerprint(box.unit)).toBe(made);
  return { unit: 'new', history: ['done'] };
});

const rounds = 1000;
const atOnce = 8;

row(54, `an undo and a commit at the same moment, ${rounds} times`, { timeoutMs: 900_000 }, async (box) => {
  await box.settled();
  const { box: dir, engine, assignment } = await newRig();
  // A journal of its own, as another process has it.
  const other = await engineOn(engine.stateDir);
  let undone = 0;
  const race = async (round: number): Promise<void> => {
    const order = assignment(`D${round}`);
    const at = path.join(dir, `D${round}`);
    const whole = fingerprint(at);
    const { id } = await setAside(engine, order);
    const asUndo = (): Promise<string> =>
      undo(engine, id).then(
        ({ phase }) => phase,
        (thrown: unknown) => (thrown instanceof CodedError ? thrown.code : String(thrown)),
      );
    const asCommit = async (): Promise<string | null> => {
      // An undo looks before it takes: so does this, or it would always be first.
      await other.store.get(id);
      return (await finish(other, id, ['set-aside']))?.phase ?? null;
    };
    const both = round % 2 === 0 ? [asUndo(), asCommit()] : [asCommit(), asUndo()];
    const results = await Promise.all(both);
    const [undoing, committing] = round % 2 === 0 ? results : results.reverse();
    const phase = (await engine.store.get(id))?.phase;
    if (undoing === 'undone') {
      undone += 1;
      expect([committing, phase, fingerprint(at)]).toEqual([null, 'undone', whole]);
    } else {
      expect([undoing, committing, phase, fs.existsSync(at)]).toEqual(['not-undoable', 'done', 'done', false]);
    }
  };
  for (let round = 0; round < rounds; round += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, (_, more) => race(round + more)));
  }
  expect(fs.readdirSync(dir).filter((name) => /stale|deleting|lock/.test(name))).toEqual([]);
  expect(undone).toBeGreaterThan(0);
  expect(undone).toBeLessThan(rounds);
  process.stdout.write(`row 54: ${undone} of ${rounds} were undone, the others deleted\n`);
  return { unit: 'whole', history: [] };
});
