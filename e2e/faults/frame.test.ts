import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { onLinux } from '../support/sandbox.ts';
import { Box } from './support/box.ts';
import { hasHeld } from './support/row.ts';

// The frame must notice each way in which the invariant can break: else every row would pass.

const settled = async (): Promise<Box> => {
  const box = new Box();
  await box.settled();
  await hasHeld(box, 'whole');
  return box;
};

const copyOf = (box: Box, token = '0123456789abcdef'): string => `${box.unit}.stale-4242-${token}`;

describe.skipIf(!onLinux)('the frame of the fault suite notices', () => {
  test.each<[string, (box: Box) => void]>([
    ['a file of the unit that is gone', (box) => fs.rmSync(path.join(box.unit, 'b', '1'))],
    ['a file of the unit that was written to', (box) => fs.appendFileSync(path.join(box.unit, 'b', '1'), 'x')],
    ['a mode in the unit that was changed', (box) => fs.chmodSync(path.join(box.unit, 'b'), 0o700)],
    [
      'a unit that is a copy',
      (box) => {
        fs.cpSync(box.unit, `${box.unit}2`, { recursive: true, preserveTimestamps: true });
        fs.rmSync(box.unit, { recursive: true });
        fs.renameSync(`${box.unit}2`, box.unit);
      },
    ],
    ['a unit that is gone', (box) => fs.renameSync(box.unit, copyOf(box))],
    ['a neighbour that was written to', (box) => fs.appendFileSync(path.join(box.cache, 'neighbour', 'file'), 'x')],
    ['a neighbour that is gone', (box) => fs.rmSync(path.join(box.home, 'precious', 'sub', 'letter'))],
    ['something new beside the unit', (box) => fs.mkdirSync(path.join(box.cache, 'new'))],
    ['another unit of the cache that is gone', (box) => fs.rmSync(path.join(box.cache, 'depcache-cp3.11.json'))],
  ])('%s', async (_, breaks) => {
    const box = await settled();
    breaks(box);
    await expect(hasHeld(box, 'whole')).rejects.toThrow();
  });

  test('a set-aside copy that is not whole any more', async () => {
    const box = await settled();
    fs.renameSync(box.unit, copyOf(box));
    await hasHeld(box, 'absent');
    expect(box.ourNames()).toEqual([copyOf(box)]);
    fs.rmSync(path.join(copyOf(box), 'b', '1'));
    await expect(hasHeld(box, 'absent')).rejects.toThrow('is whole');
  });

  test('and lets the unit come and go, and its lock', async () => {
    const box = await settled();
    fs.writeFileSync(path.join(path.dirname(box.cache), '.cache-inspector-pip-tools.lock'), '');
    fs.writeFileSync(path.join(box.scratch, 'own'), '');
    fs.renameSync(box.unit, copyOf(box));
    await hasHeld(box, 'absent');
    fs.renameSync(copyOf(box), box.unit);
    await hasHeld(box, 'whole');
    expect(await box.isWhole()).toBe(true);
  });
});
