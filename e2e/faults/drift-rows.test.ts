import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Plan } from '../../shared/model.ts';
import { the } from '../support/answers.ts';
import { du } from '../support/sandbox.ts';
import { whileAsked } from './support/at-question.ts';
import type { Box } from './support/box.ts';
import { openDoor } from './support/door.ts';
import { command, namespaces } from './support/needs.ts';
import { row } from './support/row.ts';
import { withLibrary } from './support/ways.ts';

/*
 * What changes between the look and the act, and what is counted.
 *
 * What was agreed is the very thing that was shown, by its identity. Another thing in its place is refused, and has to be
 * looked at again. The same thing with more in it is still what was agreed: a cache grows while a person reads, each time
 * a tool runs, and whoever clears it wants that gone too. So it is not asked again; what is told at the end is what was
 * really freed, beside what was shown.
 */

const terminal = command('script');

const replaced = async (box: Box, script: string): Promise<void> => {
  const { code, screen } = await whileAsked(box, ['clear', box.target], async () => {
    await box.sh(script);
    await box.settled();
  });
  expect(code).toBe(3);
  expect(screen).toMatch(/replaced since|symbolic link|mount point|mounted inside/);
};

const replacements: readonly (readonly [string, string])[] = [
  ['another folder', 'mv "$UNIT" "$SCRATCH/before"; mkdir "$UNIT"; echo mine >"$UNIT/mine"'],
  ['a copy of it', 'mv "$UNIT" "$SCRATCH/before"; cp -a "$SCRATCH/before" "$UNIT"'],
  ['a link to it', 'mv "$UNIT" "$SCRATCH/before"; ln -s "$SCRATCH/before" "$UNIT"'],
];
for (const [what, script] of replacements) {
  row(72, `${what} stands there since it was shown`, { needs: [terminal] }, async (box) => {
    await replaced(box, script);
    expect(fs.readdirSync(path.join(box.scratch, 'before')).sort()).toEqual(['a', 'b', 'c']);
    return { unit: 'whole', history: ['refused'] };
  });
}

row(72, 'something was mounted there since it was shown', { needs: [terminal, namespaces] }, async (box) => {
  await box.mount(':');
  await replaced(box, 'mount --bind "$HOME/precious" "$UNIT"');
  await box.sh('test -e "$UNIT/photo"; umount "$UNIT"');
  await box.settled();
  return { unit: 'whole', history: ['refused'] };
});

const mb = 1024 * 1024;

/** A gigabyte by its length, and 8 MB that are really there. */
const grow = (unit: string): void => {
  fs.writeFileSync(path.join(unit, 'sparse'), '');
  fs.truncateSync(path.join(unit, 'sparse'), 1024 * mb);
  fs.mkdirSync(path.join(unit, 'd'));
  for (let file = 0; file < 8; file += 1) fs.writeFileSync(path.join(unit, 'd', String(file)), Buffer.alloc(mb, 7));
};

row(72, 'a gigabyte came to it since it was shown', { needs: [terminal] }, async (box) => {
  const shown = du(box.unit);
  let grown = 0;
  const { code, screen } = await whileAsked(box, ['clear', box.target], () => {
    grow(box.unit);
    grown = du(box.unit);
  });
  expect(code).toBe(0);
  expect(screen).toContain('Cleared pip-tools/pkgs');
  const operation = the(await box.history());
  // Both numbers are kept: what was shown, and what was freed.
  expect(operation).toMatchObject({ state: 'done', bytes: { planned: shown, freed: grown }, errors: [], left: [] });
  expect(grown).toBeGreaterThan(shown + 8 * mb - 1);
  expect(screen).toMatch(/Cleared pip-tools\/pkgs: 8\.\d+ M/);
  return { unit: 'absent', history: ['done'] };
});

row(72, 'the same behind a page: by identity, once, and not what is another by now', {}, async (box) => {
  await box.settled();
  const door = await openDoor(box);
  const planned = async (): Promise<Plan> => {
    const resolved = await door.call('resolve', { text: box.target });
    if (!resolved.ok) throw new Error(resolved.error.message);
    const plan = await door.call('plan', { targets: [...resolved.value.targets], measure: true });
    if (!plan.ok) throw new Error(plan.error.message);
    return plan.value;
  };
  const clear = async (plan: Plan) => {
    const cleared = await door.call('clear', { plan: plan.id, evenIfInUse: true, undoWindowMs: 0 });
    return cleared.ok ? the(cleared.value.operations) : cleared.error.code;
  };
  // At once, when the plan is as fresh as can be, it is the identity under the lock that tells.
  const [first, second] = [await planned(), await planned()];
  fs.renameSync(box.unit, path.join(box.scratch, 'before'));
  fs.mkdirSync(box.unit);
  fs.writeFileSync(path.join(box.unit, 'mine'), 'mine');
  await box.settled();
  expect(await clear(first)).toMatchObject({ state: 'refused', errors: [{ code: 'changed', path: box.unit }] });
  expect(await clear(first)).toBe('plan-expired');
  // And again when it is looked at anew because time has passed.
  await new Promise((resolve) => setTimeout(resolve, 1200));
  expect(await clear(second)).toMatchObject({ state: 'refused', errors: [{ code: 'changed', path: box.unit }] });
  expect(await box.isWhole()).toBe(true);
  const third = await planned();
  grow(box.unit);
  const grown = du(box.unit);
  const done = await clear(third);
  expect(done).toMatchObject({ state: 'done', bytes: { freed: grown } });
  expect(grown).toBeGreaterThan(third.bytes.reclaimable);
  await door.close();
  return { unit: 'absent', history: ['done', 'refused', 'refused'] };
});

/** Bytes that the file system of the cache has free. */
const free = async (box: Box): Promise<number> => {
  const [blocks, size] = (await box.sh('stat -f -c "%f %S" "$CACHE"')).split(' ').map(Number);
  return (blocks ?? 0) * (size ?? 0);
};

row(73, 'files of the unit are hard links', { needs: [namespaces] }, async (box) => {
  // A file system of its own, where nobody else makes room: what stat -f counts is what was freed.
  await box.mount(`mount -t tmpfs none "$CACHE"; mkdir -p "$CACHE/neighbour" "$UNIT/a" "$UNIT/b"
    head -c 3000000 /dev/zero >"$UNIT/a/alone"
    head -c 5000000 /dev/zero >"$CACHE/neighbour/shared"; ln "$CACHE/neighbour/shared" "$UNIT/a/shared"
    head -c 2000000 /dev/zero >"$UNIT/a/twice"; ln "$UNIT/a/twice" "$UNIT/b/twice"; ln "$UNIT/a/twice" "$UNIT/b/thrice"`);
  await box.begun();
  const before = await free(box);
  const held = Number.parseInt(await box.sh('du -s -B1 "$UNIT"'), 10);
  // The links of what stands outside are fewer afterwards: that is what a clear does to it, and all.
  const inode = await box.sh('stat -c "%i %s %y" "$CACHE/neighbour/shared"');
  const { code, operations } = await box.clear();
  expect({ code, state: the(operations).state }).toEqual({ code: 0, state: 'done' });
  const freed = (await free(box)) - before;
  expect(the(operations).bytes.freed).toBe(freed);
  // 3 MB and 2 MB, and nothing for those 5 MB that somebody else still has: du counts them.
  expect(freed).toBeGreaterThan(5_000_000 - 1);
  expect(freed).toBeLessThan(5_100_000);
  expect(held).toBeGreaterThan(freed + 4_900_000);
  expect(await box.sh('stat -c "%i %s %y" "$CACHE/neighbour/shared"')).toBe(inode);
  await box.settled();
  return { unit: 'absent', history: ['done'] };
});

/**
 * At the very moment of the rename somebody without a lock (pip-tools' pull request is one) has taken the unit away, and
 * the tool has made the next one, which is what is renamed then. With `third` it has made one more before that is noticed.
 */
const swappedAtRename = (box: Box, third: boolean): readonly string[] => {
  fs.mkdirSync(path.join(box.scratch, 'second', 'new'), { recursive: true });
  fs.mkdirSync(path.join(box.scratch, 'third', 'newer'), { recursive: true });
  return withLibrary(
    box.scratch,
    `int renameat(int, const char *, int, const char *);
     char *strstr(const char *, const char *);
     static int swapped;
     int rename(const char *from, const char *to) {
       if (swapped || !strstr(to, ".stale-")) return renameat(-100, from, -100, to);
       swapped = 1;
       renameat(-100, from, -100, "${box.scratch}/first");
       renameat(-100, "${box.scratch}/second", -100, from);
       int result = renameat(-100, from, -100, to);
       ${third ? `renameat(-100, "${box.scratch}/third", -100, from);` : ''}
       return result;
     }`,
  );
};

row(72, 'another one is there at the very moment of the rename', { needs: [command('gcc')] }, async (box) => {
  await box.begun();
  const through = swappedAtRename(box, false);
  const { code, operations } = await box.clear([], { through });
  expect(code).toBe(1);
  expect(the(operations)).toMatchObject({ state: 'failed', asidePath: null, errors: [{ code: 'changed' }] });
  // It has been put back, and is what stands there now.
  expect(fs.readdirSync(box.unit)).toEqual(['new']);
  expect(await box.wholeAs(path.join(box.scratch, 'first'))).toBe(true);
  return { unit: 'new', history: ['failed'] };
});

row(
  72,
  'another one is there at that moment, and a third one right after',
  { needs: [command('gcc')] },
  async (box) => {
    await box.begun();
    const through = swappedAtRename(box, true);
    const { operations } = await box.clear([], { through });
    const operation = the(operations);
    // It cannot go back, and nobody agreed to its end: it is kept, whole, and is not deleted by this clear.
    expect(operation).toMatchObject({ state: 'set-aside', bytes: { freed: 0 }, errors: [{ code: 'changed' }] });
    expect(Date.parse(operation.undoUntil ?? '') - Date.parse(operation.startedAt)).toBeGreaterThan(3e11);
    expect(fs.readdirSync(operation.asidePath ?? '')).toEqual(['new']);
    expect(fs.readdirSync(box.unit)).toEqual(['newer']);
    const beside = await box.run(['undo', operation.id, '--beside', '--json']);
    expect(beside.code, beside.stdout).toBe(0);
    const { restoredTo } = the(await box.history());
    expect(fs.readdirSync(restoredTo ?? '')).toEqual(['new']);
    await box.settled();
    return { unit: 'whole', history: ['undone'] };
  },
);
