import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Leftover, Operation } from '../../shared/model.ts';
import { the } from '../support/answers.ts';
import { madeAgain } from './support/again.ts';
import { whileAsked } from './support/at-question.ts';
import type { Box } from './support/box.ts';
import { openDoor } from './support/door.ts';
import { command, fileSystem, namespaces } from './support/needs.ts';
import { row } from './support/row.ts';

// Row 47: the history damaged, emptied, removed, or its disk gone; at rest, and under a program that has it open.

const database = (box: Box): string => path.join(box.state, 'history.db');

const overwrite = (at: number, length: number) => (file: string) => {
  const fd = fs.openSync(file, 'r+');
  fs.writeSync(fd, Buffer.alloc(length, 0x5a), 0, length, at);
  fs.closeSync(fd);
};

const damages: readonly (readonly [string, (file: string) => void])[] = [
  ['is garbage', (file) => fs.writeFileSync(file, 'garbage '.repeat(5000))],
  ['is cut in the middle of a page', (file) => fs.truncateSync(file, 5000)],
  ['is cut at a page', (file) => fs.truncateSync(file, 8192)],
  ['has a bad first page', overwrite(16, 4000)],
  ['has a bad page', overwrite(8192, 4096)],
  ['has 0 bytes', (file) => fs.truncateSync(file, 0)],
  ['has 1 byte', (file) => fs.truncateSync(file, 1)],
];

/** What the program says beside its result names what happened and where the old one is. */
const isTold = (stderr: string, word: RegExp): void => {
  expect(stderr).toMatch(/warning/i);
  expect(stderr).toMatch(word);
};

const damagedFiles = (box: Box) =>
  fs.readdirSync(box.state).filter((name) => /\.damaged-[^-]*-[^-]*-[^-]*$/.test(name));

for (const [what, spoil] of damages) {
  row(47, `the history ${what}: it is kept, a new one is begun, and copies are found again`, {}, async (box) => {
    const aside = the((await box.clear(['--undo-window', '600'])).operations);
    expect(aside.state).toBe('set-aside');
    const whole = fs.readFileSync(database(box));
    spoil(database(box));
    const spoilt = fs.readFileSync(database(box));
    expect(spoilt.equals(whole)).toBe(false);

    const ran = await box.run(['leftovers', '--json']);
    expect(ran.code).toBe(0);
    isTold(ran.stderr, /damaged|empty/);
    const kept = the(damagedFiles(box));
    expect(ran.stderr).toContain(kept);
    expect(fs.readFileSync(path.join(box.state, kept)).equals(spoilt)).toBe(true);
    // What the lost history knew of is found by its name, and nobody takes it for rubbish unasked.
    const found = the(ran.json<{ leftovers: readonly Leftover[] }>().leftovers);
    expect(found).toMatchObject({ path: aside.asidePath, cleaning: 'ask', operation: null });
    expect(await box.wholeAs(found.path)).toBe(true);
    // Told once, and not again.
    expect((await box.run(['history', '--json'])).stderr).toBe('');

    const cleaned = await box.run(['leftovers', '--clean', found.id, '--json']);
    expect(the(cleaned.json<{ operations: readonly Operation[] }>().operations)).toMatchObject({ state: 'done' });
    await madeAgain(box);
    expect((await box.clear()).code).toBe(0);
    return { unit: 'absent', history: ['done', 'done'] };
  });
}

row(47, 'the history was removed: that is said, and a new one is begun', {}, async (box) => {
  expect((await box.clear()).code).toBe(0);
  for (const name of fs.readdirSync(box.state))
    if (name.startsWith('history.db')) fs.rmSync(path.join(box.state, name));
  await madeAgain(box);
  const cleared = await box.clear();
  expect(cleared.code).toBe(0);
  isTold(cleared.stderr, /not at .* any more/);
  return { unit: 'absent', history: ['done'] };
});

// ── while the program has it open ──────────────────────────────────────────────────────────────────────────────────

/** The clear that a person said yes to was stopped: they are told why, and it is whole. */
const wasStopped = async (box: Box, { code, screen }: { code: number | null; screen: string }): Promise<void> => {
  expect(code).toBe(1);
  expect(screen).toContain('Nothing is cleared');
  expect(screen).toContain(box.state);
  expect(await box.isWhole()).toBe(true);
  expect(box.ourNames()).toEqual([]);
};

const script = command('script');

const takenAway: readonly (readonly [string, (box: Box) => void])[] = [
  ['is emptied', (box) => fs.truncateSync(database(box), 0)],
  ['is removed', (box) => fs.rmSync(database(box))],
  ['is removed with its folder', (box) => fs.rmSync(box.state, { recursive: true })],
  ['is moved away with its folder', (box) => fs.renameSync(box.state, path.join(box.scratch, 'moved'))],
  [
    'is replaced by another',
    (box) => {
      fs.copyFileSync(database(box), path.join(box.scratch, 'other'));
      fs.renameSync(path.join(box.scratch, 'other'), database(box));
    },
  ],
];

for (const [what, take] of takenAway) {
  row(47, `the history ${what} while a person is asked: the clear is stopped`, { needs: [script] }, async (box) => {
    await box.history();
    await wasStopped(box, await whileAsked(box, ['clear', box.target], () => take(box)));
    return { unit: 'whole', history: [] };
  });
}

row(47, 'the history is removed during an undo window: the copy stays whole, and is found again', {}, async (box) => {
  await box.settled();
  const door = await openDoor(box);
  const resolved = await door.call('resolve', { text: box.target });
  if (!resolved.ok) throw new Error(resolved.error.message);
  const plan = await door.call('plan', { targets: [...resolved.value.targets], measure: false });
  if (!plan.ok) throw new Error(plan.error.message);
  const cleared = await door.call('clear', { plan: plan.value.id, undoWindowMs: 1500, evenIfInUse: true });
  if (!cleared.ok) throw new Error(cleared.error.message);
  const { asidePath } = the(cleared.value.operations);
  fs.rmSync(box.state, { recursive: true });
  // The window ends, and nothing may happen, for as long as that door is open.
  await new Promise((resolve) => setTimeout(resolve, 4000));
  expect(await box.wholeAs(asidePath ?? '')).toBe(true);
  await door.close();
  expect(await box.wholeAs(asidePath ?? '')).toBe(true);
  const found = the(await box.leftovers());
  expect(found).toMatchObject({ path: asidePath, cleaning: 'ask' });
  await box.run(['leftovers', '--clean', found.id]);
  return { unit: 'absent', history: ['done'] };
});

const loopDisk = `
  truncate -s 16M "$SCRATCH/image"; mkfs.ext4 -q -E root_owner=0:0 "$SCRATCH/image"
  mkdir -p "$STATE"; mount -o loop "$SCRATCH/image" "$STATE"; chmod 700 "$STATE"`;
const loopNeeds = [namespaces, script, command('mkfs.ext4'), fileSystem('ext4')];

row(47, 'the disk of the history is taken out while a person is asked', { needs: loopNeeds }, async (box) => {
  await box.mount(loopDisk);
  await box.history();
  await wasStopped(
    box,
    await whileAsked(box, ['clear', box.target], async () => void (await box.sh('umount -l "$STATE"'))),
  );
  // It is put in again: the history is as it was.
  await box.sh('mount -o loop "$SCRATCH/image" "$STATE"');
  expect((await box.clear()).code).toBe(0);
  return { unit: 'absent', history: ['done'] };
});

row(47, 'the disk of the history fails and is read-only while a person is asked', { needs: loopNeeds }, async (box) => {
  await box.mount(loopDisk);
  await box.history();
  // What ext4 does by itself when its disk reports an error (errors=remount-ro).
  const fails = async () =>
    void (await box.sh('mount -o remount,abort "$STATE" || true; ! touch "$STATE/x" 2>/dev/null'));
  await wasStopped(box, await whileAsked(box, ['clear', box.target], fails));
  const stopped = await box.clear();
  expect({ code: stopped.code, error: stopped.error?.code }).toEqual({ code: 1, error: 'store-unavailable' });
  expect(stopped.error?.message).toContain('CACHE_INSPECTOR_HOME');
  expect(await box.isWhole()).toBe(true);
  await box.sh('umount "$STATE"; mount -o loop "$SCRATCH/image" "$STATE"');
  expect((await box.clear()).code).toBe(0);
  return { unit: 'absent', history: ['done'] };
});

row(47, 'the disk of the history is read-only from the start', { needs: [namespaces] }, async (box) => {
  await box.mount('mkdir -p "$STATE"; mount -t tmpfs -o size=4m tmpfs "$STATE"');
  await box.history();
  await box.sh('mount -o remount,ro "$STATE"');
  const stopped = await box.clear();
  expect({ code: stopped.code, error: stopped.error?.code }).toEqual({ code: 1, error: 'store-unavailable' });
  expect(stopped.error?.message).toContain('CACHE_INSPECTOR_HOME');
  expect(await box.isWhole()).toBe(true);
  expect(box.ourNames()).toEqual([]);
  await box.sh('mount -o remount,rw "$STATE"');
  expect((await box.clear()).code).toBe(0);
  return { unit: 'absent', history: ['done'] };
});
