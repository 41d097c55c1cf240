import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { OperationState } from '../../shared/model.ts';
import { the } from '../support/answers.ts';
import type { Box } from './support/box.ts';
import { command, fileSystem, namespaces } from './support/needs.ts';
import { cutsOf, Disks, diskTypes, type Layout, needsOf } from './support/power.ts';
import { row } from './support/row.ts';

// Row 45: the power is cut at each step of a clear.

/** Where the unit is found when the power is back. */
const whereabouts = (box: Box): string => {
  const names = fs.readdirSync(box.seen(box.cache));
  const has = (part: string) => names.some((name) => name.startsWith(`pkgs.${part}-`));
  if (names.includes('pkgs')) return 'at its place';
  return has('stale') ? 'set aside' : has('deleting') ? 'being deleted' : 'gone';
};

const allowed: Readonly<Record<'whole' | 'absent', readonly (OperationState | undefined)[]>> = {
  whole: [undefined, 'failed', 'undone'],
  absent: ['done'],
};

/** What must hold after one cut: before anybody recovers, and after two recoveries. */
const holdsAfter = async (box: Box, cut: string): Promise<string> => {
  const where = whereabouts(box);
  const about = `${cut}: ${where}`;
  if (where === 'at its place') expect(await box.isWhole(), about).toBe(true);
  for (const at of box.staleCopies()) expect(await box.wholeAs(at), about).toBe(true);
  const first = await box.recover();
  const second = await box.recover();
  expect({ ours: box.ourNames(), about, ...(box.ourNames().length > 0 && { first, second }) }).toEqual({
    ours: [],
    about,
  });
  const place = box.isAbsent() ? 'absent' : 'whole';
  if (place === 'whole') expect(await box.isWhole(), about).toBe(true);
  const [state, ...more] = (await box.history()).map((operation) => operation.state);
  expect(more, about).toEqual([]);
  expect(allowed[place], `${about}, then ${place}, and the history says ${state}`).toContain(state);
  return where;
};

const places = ['at its place', 'set aside', 'being deleted', 'gone'];

/** So many cuts are looked at, and as many more as it takes to have seen the unit at every place. */
const fewest = 8;

/** The first and the last, then always in the middle of the widest gap: each place is met early, however short it lasted. */
const spread = (cuts: readonly string[]): readonly string[] => {
  const order = [0, cuts.length - 1];
  const gaps: (readonly [number, number])[] = [[0, cuts.length - 1]];
  for (let gap = gaps.shift(); gap !== undefined; gap = gaps.shift()) {
    const [from, to] = gap;
    const middle = Math.floor((from + to) / 2);
    if (middle === from) continue;
    order.push(middle);
    gaps.push([from, middle], [middle, to]);
  }
  return [...new Set(order)].flatMap((at) => cuts[at] ?? []);
};

const cutPower = (layout: Layout, type: (typeof diskTypes)[number]): void => {
  row(45, `the power is cut, ${layout}, ${type.name}`, { needs: needsOf(type), timeoutMs: 900_000 }, async (box) => {
    const disks = new Disks(box, type, layout);
    await disks.make();
    await box.history();
    await disks.flush();
    await box.settled();
    const cuts = await cutsOf(box, disks);
    const seen = new Set<string>();
    let looks = 0;
    for (const cut of spread(cuts)) {
      if (looks > 0) await disks.unmount();
      await disks.mount(cut);
      seen.add(await holdsAfter(box, cut));
      looks += 1;
      if (looks >= fewest && seen.size === places.length) break;
    }
    expect(seen).toEqual(new Set(places));
    return { unit: 'absent', history: ['done'] };
  });
};

for (const type of diskTypes) cutPower('one disk', type);
cutPower('two disks', diskTypes[0] as (typeof diskTypes)[number]);

const loop = [namespaces, command('mkfs.ext4'), command('losetup'), fileSystem('ext4')];

/** The disk of the cache is taken out and put in again, and gets another number: in the same boot. */
const asAnotherDevice = async (box: Box): Promise<void> => {
  const device = () => fs.lstatSync(box.seen(box.cache)).dev;
  const before = device();
  await box.sh(`
    umount "$CACHE"
    truncate -s 1M "$SCRATCH/other"; losetup -f --show "$SCRATCH/other" > "$SCRATCH/taken"
    mount -o loop "$SCRATCH/disk" "$CACHE"`);
  try {
    expect(device()).not.toBe(before);
  } finally {
    await box.sh('losetup -d "$(cat "$SCRATCH/taken")"');
  }
};

const onDisk = async (box: Box): Promise<string> => {
  await box.mount(`
    truncate -s 24M "$SCRATCH/disk"; mkfs.ext4 -q "$SCRATCH/disk"
    mkdir "$SCRATCH/at"; mount -o loop "$SCRATCH/disk" "$SCRATCH/at"; cp -a "$CACHE/." "$SCRATCH/at"; umount "$SCRATCH/at"
    mount -o loop "$SCRATCH/disk" "$CACHE"`);
  const aside = the((await box.clear(['--undo-window', '600'])).operations);
  expect(aside.state).toBe('set-aside');
  await asAnotherDevice(box);
  return aside.id;
};

row(45, 'the disk is mounted again under another number: the copy is undone', { needs: loop }, async (box) => {
  const id = await onDisk(box);
  const undone = await box.run(['undo', id, '--json']);
  expect(undone.code).toBe(0);
  expect(fs.existsSync(path.join(box.seen(box.unit), 'a'))).toBe(true);
  return { unit: 'whole', history: ['undone'] };
});

row(45, 'the disk is mounted again under another number: the copy is recovered', { needs: loop }, async (box) => {
  await onDisk(box);
  expect(the(await box.recover())).toMatchObject({ state: 'done', left: [], entriesDeleted: 13 });
  return { unit: 'absent', history: ['done'] };
});
