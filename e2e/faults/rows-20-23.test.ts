import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { the } from '../support/answers.ts';
import type { Box } from './support/box.ts';
import { command, root } from './support/needs.ts';
import { hasHeld, row } from './support/row.ts';
import { ordinaryUser } from './support/ways.ts';

// What flags and rights forbid.

const flags = { needs: [root, command('chattr')] };

/** Sets a flag (`i`) while `work` goes on. Wherever its bearer is by then, without it nothing could tidy up. */
const flagged = async (box: Box, at: string, flag: string, work: () => Promise<void>): Promise<void> => {
  const { status, stderr } = spawnSync('chattr', [`+${flag}`, at]);
  if (status !== 0) throw new Error(stderr.toString());
  try {
    await work();
  } finally {
    spawnSync('chattr', ['-R', '-f', `-${flag}`, box.home]);
  }
};

/** A clear that fails at its first rename, so that nothing is touched; with the number and words of why. */
const fails = async (box: Box, expected: { errno: number; code: string }, words: RegExp): Promise<void> => {
  const { code, operations } = await box.clear();
  const operation = the(operations);
  expect({ exit: code, state: operation.state }).toEqual({ exit: 1, state: 'failed' });
  expect(operation).toMatchObject({ bytes: { freed: 0 }, entriesDeleted: 0, asidePath: null, left: [] });
  const error = the(operation.errors);
  expect(error).toMatchObject({ step: 'set-aside', path: box.unit, ...expected });
  expect(error.message).toMatch(words);
  await hasHeld(box, 'whole');
};

row(20, 'the unit carries the immutable flag', flags, async (box) => {
  await flagged(box, box.unit, 'i', () => fails(box, { errno: 1, code: 'EPERM' }, /immutable/));
  return { unit: 'whole', history: ['failed'] };
});

row(20, 'the folder above the unit carries the append-only flag', flags, async (box) => {
  await flagged(box, box.cache, 'a', () => fails(box, { errno: 1, code: 'EPERM' }, /append-only|immutable/));
  return { unit: 'whole', history: ['failed'] };
});

row(20, 'a file in the unit carries the immutable flag', flags, async (box) => {
  await flagged(box, path.join(box.unit, 'b', '1'), 'i', async () => {
    const { code, operations } = await box.clear();
    const operation = the(operations);
    expect({ exit: code, state: operation.state }).toEqual({ exit: 1, state: 'partial' });
    const left = `${operation.asidePath}/b/1`;
    expect(operation).toMatchObject({ leftCount: 1, left: [{ path: left, errno: 1 }] });
    expect(the(operation.left).message).toContain('immutable');
    expect(the(operation.errors)).toMatchObject({ step: 'delete', errno: 1, code: 'EPERM', path: left });
    const aside = operation.asidePath ?? '';
    expect(fs.readdirSync(aside, { recursive: true }).sort()).toEqual(['b', 'b/1']);
    await hasHeld(box, 'absent');
    // Asked to go on while nothing has changed, it says the same again.
    expect(the(await box.recover())).toMatchObject({ id: operation.id, state: 'partial', leftCount: 1 });
  });
  expect(the(await box.recover())).toMatchObject({ state: 'done', left: [], errors: [] });
  return { unit: 'absent', history: ['done'] };
});

const ordinary = { needs: [root, ordinaryUser] };

row(21, 'the folder above the unit may not be written to', ordinary, async (box) => {
  box.become();
  fs.chmodSync(box.cache, 0o555);
  await fails(box, { errno: 13, code: 'EACCES' }, /denied|rights|not allowed|may not/);
  return { unit: 'whole', history: ['failed'] };
});

row(21, 'the folder above the unit belongs to root', ordinary, async (box) => {
  box.become();
  fs.chownSync(box.cache, 0, 0);
  fs.chmodSync(box.cache, 0o755);
  await fails(box, { errno: 13, code: 'EACCES' }, /denied|rights|root/);
  return { unit: 'whole', history: ['failed'] };
});

row(21, 'the unit is of another user, in a folder where only owners rename', ordinary, async (box) => {
  box.become();
  fs.chownSync(box.unit, 0, 0);
  fs.chownSync(box.cache, 0, 0);
  fs.chmodSync(box.cache, 0o1777);
  const { code, operations } = await box.clear();
  expect({ code, state: the(operations).state }).toEqual({ code: 3, state: 'refused' });
  const error = the(the(operations).errors);
  expect(error.code).toBe('foreign-owner');
  for (const part of [box.unit, 'root']) expect(error.message).toContain(part);
  return { unit: 'whole', history: ['refused'] };
});

/** Cleared with an undo window first: until the copy is condemned, not one mode in it may change. */
const clearedLater = async (box: Box): Promise<void> => {
  await box.settled();
  const { code, operations } = await box.clear(['--undo-window', '3600']);
  expect({ code, state: the(operations).state }).toEqual({ code: 0, state: 'set-aside' });
  expect(box.staleCopies()).toHaveLength(1);
  await hasHeld(box, 'absent');
  expect(the(await box.recover())).toMatchObject({ state: 'done', left: [], leftCount: 0, errors: [] });
};

row(22, 'there are folders in the unit that may not be written to', ordinary, async (box) => {
  await box.sh('mkdir -p "$UNIT/mod/sub"; echo 1 >"$UNIT/mod/file"; echo 1 >"$UNIT/mod/sub/file"');
  box.become();
  await box.sh('chmod -R a-w "$UNIT"; chmod u+w "$UNIT"');
  await clearedLater(box);
  return { unit: 'absent', history: ['done'] };
});

row(22, 'the unit itself may not be written to', ordinary, async (box) => {
  box.become();
  await box.sh('chmod -R a-w "$UNIT"');
  await clearedLater(box);
  return { unit: 'absent', history: ['done'] };
});

for (const mode of [0o000, 0o100, 0o400]) {
  row(23, `there is a folder of mode ${mode.toString(8).padStart(4, '0')} in the unit`, ordinary, async (box) => {
    await box.sh('mkdir -p "$UNIT/shut/deep"; echo 1 >"$UNIT/shut/file"; echo 1 >"$UNIT/shut/deep/file"');
    box.become();
    fs.chmodSync(path.join(box.unit, 'shut', 'deep'), mode);
    fs.chmodSync(path.join(box.unit, 'shut'), mode);
    await clearedLater(box);
    return { unit: 'absent', history: ['done'] };
  });
}

row(23, 'the unit itself is of mode 0000', ordinary, async (box) => {
  box.become();
  fs.chmodSync(box.unit, 0);
  await clearedLater(box);
  return { unit: 'absent', history: ['done'] };
});
