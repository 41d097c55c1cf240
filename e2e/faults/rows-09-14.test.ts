import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { the } from '../support/answers.ts';
import { siblings } from '../support/sandbox.ts';
import { clearHeldAtRename } from './support/at-rename.ts';
import type { Box } from './support/box.ts';
import { namespaces, strace } from './support/needs.ts';
import { hasHeld, row } from './support/row.ts';

// What is mounted on the unit, in it, or elsewhere.

/** Refused before anything is touched, by every way to ask, with a sentence that names all of these. */
const refused = async (box: Box, code: string, names: readonly string[]): Promise<void> => {
  for (const flags of [[], ['--even-if-in-use'], ['--undo-window', '600']]) {
    const cleared = await box.clear(flags);
    const operation = the(cleared.operations);
    expect({ exit: cleared.code, state: operation.state }).toEqual({ exit: 3, state: 'refused' });
    const error = the(operation.errors);
    expect(error.code).toBe(code);
    for (const name of names) expect(error.message).toContain(name);
  }
};
const thrice = ['refused', 'refused', 'refused'] as const;

// Emptying what is mounted there instead of renaming it would break the first promise (whole or absent): the sentence
// says what to do.
row(9, 'the unit is a bind mount', { needs: [namespaces] }, async (box) => {
  await box.mount('mount --bind "$HOME/precious" "$UNIT"');
  await refused(box, 'mount-point', [box.unit, 'mount point', 'nmount']);
  expect(fs.readdirSync(box.seen(box.unit)).sort()).toEqual(['photo', 'sub']);
  return { unit: 'whole', history: thrice };
});

row(9, 'something is mounted on the unit just before the rename', { needs: [namespaces, strace] }, async (box) => {
  await box.begun();
  await box.mount(':');
  await box.settled();
  const { code, operations } = await clearHeldAtRename(box, () => box.sh('mount --bind "$HOME/precious" "$UNIT"'));
  expect(code).toBe(1);
  const operation = the(operations);
  expect(operation).toMatchObject({ state: 'failed', bytes: { freed: 0 }, asidePath: null });
  expect(the(operation.errors)).toMatchObject({ step: 'set-aside', errno: 16, code: 'EBUSY', path: box.unit });
  expect(the(operation.errors).message).toMatch(/mount/);
  await box.sh('test -e "$UNIT/photo"; umount "$UNIT"');
  return { unit: 'whole', history: ['failed'] };
});

row(10, 'the unit is a file system of its own', { needs: [namespaces] }, async (box) => {
  await box.mount('mount -t tmpfs none "$UNIT"; echo mine >"$UNIT/inside"');
  await refused(box, 'mount-point', [box.unit, 'mount point', 'nmount']);
  expect(fs.readFileSync(box.seen(path.join(box.unit, 'inside')), 'utf8')).toBe('mine\n');
  await box.sh('umount "$UNIT"');
  await box.settled();
  return { unit: 'whole', history: thrice };
});

row(11, 'something is mounted on the unit in another namespace only', { needs: [namespaces] }, async (box) => {
  const script = 'mount --bind "$1" "$2"; echo; exec sleep 600';
  const words = ['-m', '--propagation', 'private', 'sh', '-ec', script, 'sh', `${box.home}/precious`, box.unit];
  const other = spawn('unshare', words, { cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    other.kill('SIGKILL');
  });
  await new Promise((resolve, reject) => other.once('error', reject).stdout.once('data', resolve));
  await box.settled();
  const { code, operations } = await box.clear();
  expect(code).toBe(0);
  expect(the(operations)).toMatchObject({ state: 'done', left: [], errors: [] });
  // The other one's mount went with its place, and what was mounted is as it was.
  expect(fs.readdirSync(`${box.home}/precious`).sort()).toEqual(['photo', 'sub']);
  return { unit: 'absent', history: ['done'] };
});

row(12, 'another file system is mounted in the unit', { needs: [namespaces] }, async (box) => {
  fs.mkdirSync(`${box.unit}/b/mnt`);
  await box.mount('mount -t tmpfs none "$UNIT/b/mnt"; echo mine >"$UNIT/b/mnt/precious"');
  await refused(box, 'mount-inside', [box.unit, `${box.unit}/b/mnt`, 'nmount']);
  expect(fs.readFileSync(box.seen(`${box.unit}/b/mnt/precious`), 'utf8')).toBe('mine\n');
  return { unit: 'whole', history: thrice };
});

row(13, 'a folder of the same file system is mounted in the unit', { needs: [namespaces] }, async (box) => {
  fs.mkdirSync(`${box.unit}/b/mnt`);
  await box.mount('mount --bind "$HOME/precious" "$UNIT/b/mnt"');
  // The device number is that of the unit: only the mount itself tells.
  expect(fs.statSync(box.seen(`${box.unit}/b/mnt`)).dev).toBe(fs.statSync(box.seen(box.unit)).dev);
  await refused(box, 'mount-inside', [box.unit, `${box.unit}/b/mnt`, 'nmount']);
  expect(fs.readdirSync(box.seen(`${box.unit}/b/mnt`)).sort()).toEqual(['photo', 'sub']);
  return { unit: 'whole', history: thrice };
});

/** Set aside with an undo window, whose process has ended: then somebody mounts something in the copy. */
const mountedInCopy = async (box: Box, script: string): Promise<string> => {
  await box.begun();
  await box.mount(':');
  await box.settled();
  const { code, operations } = await box.clear(['--undo-window', '3600']);
  expect({ code, state: the(operations).state }).toEqual({ code: 0, state: 'set-aside' });
  const stale = the(box.staleCopies());
  await hasHeld(box, 'absent');
  await box.sh(`cd '${stale}'; ${script}`);
  return stale;
};

const mountsInCopy = [
  ['a folder of the same file system', 'mount --bind "$HOME/precious" b'],
  ['another file system', 'mount -t tmpfs none b; mkdir b/sub; echo mine >b/photo; echo mine >b/sub/letter'],
] as const;

for (const [what, script] of mountsInCopy) {
  row(14, `${what} is mounted in the copy before it is deleted`, { needs: [namespaces] }, async (box) => {
    await mountedInCopy(box, script);
    const again = the(await box.recover());
    const left = `${again.asidePath}/b`;
    expect(again).toMatchObject({ state: 'partial', leftCount: 1, left: [{ path: left, errno: 18 }] });
    expect(the(again.left).message).toContain('mount');
    expect(the(again.errors)).toMatchObject({ step: 'delete', errno: 18, code: 'EXDEV', path: left });
    // All else is gone, and what is mounted is as it was.
    const seen = box.seen(left);
    expect(siblings(seen)).toEqual([]);
    expect(fs.readFileSync(`${seen}/photo`, 'utf8')).toMatch(/^mine/);
    expect(fs.readFileSync(`${seen}/sub/letter`, 'utf8')).toMatch(/^mine/);
    await box.sh(`umount '${left}'`);
    return { unit: 'absent', history: ['partial'], recovered: ['done'] };
  });
}

row(14, 'something is mounted on a file in the copy', { needs: [namespaces] }, async (box) => {
  await mountedInCopy(box, 'mount --bind "$HOME/precious/photo" b/0');
  const again = the(await box.recover());
  const left = `${again.asidePath}/b/0`;
  expect(again).toMatchObject({ state: 'partial', leftCount: 1, left: [{ path: left, errno: 16 }] });
  expect(fs.readFileSync(box.seen(left), 'utf8')).toBe('mine');
  await box.sh(`umount '${left}'`);
  return { unit: 'absent', history: ['partial'], recovered: ['done'] };
});

row(14, 'something is mounted on the copy itself', { needs: [namespaces] }, async (box) => {
  const stale = await mountedInCopy(box, 'mount --bind "$HOME/precious" .');
  // By its inode it is not the copy that stands there now: nothing is touched, and nothing is called done.
  const again = the(await box.recover());
  expect(again).toMatchObject({ state: 'partial', bytes: { freed: 0 }, errors: [{ code: 'changed', path: stale }] });
  expect(fs.readdirSync(box.seen(stale)).sort()).toEqual(['photo', 'sub']);
  await box.sh(`umount '${stale}'`);
  return { unit: 'absent', history: ['partial'], recovered: ['done'] };
});
