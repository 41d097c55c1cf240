import fs from 'node:fs';
import { expect } from 'vitest';
import { the } from '../support/answers.ts';
import { clearHeldAtRename } from './support/at-rename.ts';
import type { Box } from './support/box.ts';
import { command, fileSystem, namespaces, strace } from './support/needs.ts';
import { hasHeld, type Impossible, row } from './support/row.ts';

// File systems that do not rename as others do, or not at all.

/** The cache becomes an overlay whose lower layer has the unit, as in a container made from an image with a cache. */
const overlay = async (box: Box, options: string, impossible: Impossible): Promise<void> => {
  // On a tmpfs: an overlay upon an overlay, which a container's disk is, cannot be written to.
  await box.mount(
    `mount -t tmpfs none "$SCRATCH"; cd "$SCRATCH"; mkdir lower upper work
     cp -a "$CACHE/." lower`,
  );
  try {
    await box.sh(
      `cd "$SCRATCH"; mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work,${options} overlay "$CACHE"`,
    );
  } catch (thrown) {
    impossible(`an overlay cannot be mounted with ${options}: ${thrown}`);
  }
};
const overlays = { needs: [namespaces, fileSystem('overlay')] };

row(15, 'the unit stands in the lower layer of an overlay', overlays, async (box, impossible) => {
  await overlay(box, 'redirect_dir=off', impossible);
  const { code, operations } = await box.clear();
  expect(code).toBe(1);
  expect(the(operations)).toMatchObject({ state: 'failed', bytes: { freed: 0 }, asidePath: null, left: [] });
  const error = the(the(operations).errors);
  expect(error).toMatchObject({ step: 'set-aside', errno: 18, code: 'EXDEV', path: box.unit });
  expect(error.message).toMatch(/overlay|layer/);
  // Nothing has been copied up either.
  expect(fs.readdirSync(box.seen(`${box.scratch}/upper`))).toEqual([]);
  return { unit: 'whole', history: ['failed'] };
});

row(15, 'the unit was made in the upper layer of an overlay', overlays, async (box, impossible) => {
  await overlay(box, 'redirect_dir=off', impossible);
  await box.sh('rm -r "$UNIT"; mkdir -p "$UNIT/a/b"; echo 1 >"$UNIT/a/b/c"');
  const { code, operations } = await box.clear();
  expect({ code, state: the(operations).state, left: the(operations).left }).toEqual({
    code: 0,
    state: 'done',
    left: [],
  });
  return { unit: 'absent', history: ['done'] };
});

row(16, 'the unit stands in the lower layer of an overlay that redirects', overlays, async (box, impossible) => {
  await overlay(box, 'redirect_dir=on', impossible);
  const { code, operations } = await box.clear();
  expect(code).toBe(0);
  expect(the(operations)).toMatchObject({ state: 'done', left: [], errors: [] });
  // The image itself is as it was.
  expect(fs.readdirSync(box.seen(`${box.scratch}/lower/pkgs`)).sort()).toEqual(['a', 'b', 'c']);
  return { unit: 'absent', history: ['done'] };
});

/** The cache stands on a btrfs of its own, in a file of the row. */
const btrfs = async (box: Box, script: string, impossible: Impossible): Promise<void> => {
  await box.mount('cp -a "$CACHE" "$SCRATCH/copy"; truncate -s 256M "$SCRATCH/disk"; mkfs.btrfs -q "$SCRATCH/disk"');
  try {
    await box.sh('mount -o loop "$SCRATCH/disk" "$CACHE"');
  } catch (thrown) {
    impossible(`a file cannot be mounted as a disk: ${thrown}`);
  }
  await box.sh(`cd "$CACHE"; cp -a "$SCRATCH/copy/neighbour" .; ${script}`);
};
const subvolumes = { needs: [namespaces, fileSystem('btrfs'), command('mkfs.btrfs')] };

row(17, 'the unit is a btrfs subvolume', subvolumes, async (box, impossible) => {
  await btrfs(box, 'btrfs subvolume create pkgs; cp -a "$SCRATCH/copy/pkgs/." pkgs', impossible);
  const { code, operations } = await box.clear();
  expect({ code, operation: the(operations) }).toMatchObject({
    code: 0,
    operation: { state: 'done', left: [], errors: [], entriesDeleted: 13 },
  });
  return { unit: 'absent', history: ['done'] };
});

row(17, 'there is a btrfs subvolume in the unit', subvolumes, async (box, impossible) => {
  const inside = 'btrfs subvolume create pkgs/b/sub; mkdir pkgs/b/sub/deep; echo 1 >pkgs/b/sub/deep/file';
  await btrfs(box, `cp -a "$SCRATCH/copy/pkgs" .; ${inside}`, impossible);
  expect(fs.statSync(box.seen(`${box.unit}/b/sub`)).dev).not.toBe(fs.statSync(box.seen(box.unit)).dev);
  const { code, operations } = await box.clear();
  expect({ code, operation: the(operations) }).toMatchObject({
    code: 0,
    operation: { state: 'done', left: [], errors: [], entriesDeleted: 16 },
  });
  return { unit: 'absent', history: ['done'] };
});

row(18, 'there is a read-only btrfs snapshot in the unit', subvolumes, async (box, impossible) => {
  const make = 'btrfs subvolume create origin; mkdir origin/d; echo 1 >origin/d/file';
  const snapshot = 'btrfs subvolume snapshot -r origin pkgs/b/snap';
  await btrfs(box, `cp -a "$SCRATCH/copy/pkgs" .; ${make}; ${snapshot}`, impossible);
  const { code, operations } = await box.clear();
  const operation = the(operations);
  expect({ code, state: operation.state }).toEqual({ code: 1, state: 'partial' });
  expect(operation.leftCount).toBeGreaterThan(0);
  for (const { path, errno, message } of operation.left) {
    expect(path).toContain(`${operation.asidePath}/b/snap`);
    expect({ errno, message }).toMatchObject({ errno: 30, message: expect.stringContaining('read-only') });
  }
  expect(operation.errors[0]).toMatchObject({ step: 'delete', errno: 30, code: 'EROFS' });
  // All else is gone.
  const aside = operation.asidePath ?? '';
  expect(fs.readdirSync(box.seen(aside), { recursive: true }).sort()).toEqual([
    'b',
    'b/snap',
    'b/snap/d',
    'b/snap/d/file',
  ]);
  await hasHeld(box, 'absent');
  // What the sentence is about can be changed, and then it goes on.
  await box.sh(`btrfs property set -ts '${aside}/b/snap' ro false`);
  return { unit: 'absent', history: ['partial'], recovered: ['done'] };
});

for (const [what, place] of [
  ['the cache', 'CACHE'],
  ['the whole home', 'HOME'],
] as const) {
  row(19, `${what} is on a read-only file system`, { needs: [namespaces] }, async (box) => {
    await box.mount(`mount --bind "$${place}" "$${place}"; mount -o remount,ro,bind "$${place}"`);
    const { code, operations } = await box.clear();
    const operation = the(operations);
    expect({ code, operation }).toMatchObject({
      code: 3,
      operation: { state: 'refused', bytes: { freed: 0 }, asidePath: null, entriesDeleted: 0 },
    });
    const error = the(operation.errors);
    expect(error).toMatchObject({ code: 'read-only', path: box.unit });
    for (const part of [box.unit, 'read-only', 'EROFS']) expect(error.message).toContain(part);
    return { unit: 'whole', history: ['refused'] };
  });
}

row(19, 'the file system becomes read-only just before the rename', { needs: [namespaces, strace] }, async (box) => {
  await box.begun();
  await box.mount('mount --bind "$CACHE" "$CACHE"');
  await box.settled();
  const { code, operations } = await clearHeldAtRename(box, () => box.sh('mount -o remount,ro,bind "$CACHE"'));
  expect({ code, operation: the(operations) }).toMatchObject({
    code: 1,
    operation: { state: 'failed', bytes: { freed: 0 }, asidePath: null, entriesDeleted: 0 },
  });
  const error = the(the(operations).errors);
  expect(error).toMatchObject({ step: 'set-aside', errno: 30, code: 'EROFS', path: box.unit });
  expect(error.message).toContain('read-only');
  return { unit: 'whole', history: ['failed'] };
});
