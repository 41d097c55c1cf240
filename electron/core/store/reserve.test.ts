import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { canUnshare, has, missing, sandbox } from '../../../e2e/support/sandbox.ts';
import { answerOf, command, withOwnMounts } from '../clear/testing/children.ts';
import { entryFor } from '../clear/testing/rig.ts';
import { usedReserve } from './reserve.ts';
import { openStore } from './store.ts';
import type { FullDiskAnswer, FullDiskOrder } from './testing/full-disk.ts';

const reserveBytes = 262_144;
const lacks = !canUnshare || !has('mount');
const note = lacks ? ' (SKIPPED: mounts need root on Linux)' : '';

const onFullDisk = async (more: Partial<FullDiskOrder>): Promise<FullDiskAnswer> => {
  const at = sandbox();
  const { id: _, token, parent, name, stale, deleting, ...entry } = entryFor(path.join(at, 'none'), 'intent');
  const order: FullDiskOrder = { at, size: '2m', withoutReserve: false, fill: 'while', entry, ...more };
  const script = new URL('./testing/full-disk.ts', import.meta.url).pathname;
  const words = [process.execPath, '--disable-warning=ExperimentalWarning', script, JSON.stringify(order)];
  return answerOf<FullDiskAnswer>(await command([...withOwnMounts, ...words]));
};

const all = Array.from({ length: 12 }, (_, turn) => `o_${11 - turn}`);

describe.skipIf(missing(lacks))(`a disk that is full to its last byte${note}`, () => {
  it.each(['while', 'before'] as const)(
    'that was filled %s the history was open: clears are written down all the same, and that is said',
    async (fill) => {
      const answer = await onFullDisk({ fill });
      expect(answer).toMatchObject({ reserveAtFirst: reserveBytes, reserveAfter: null, error: null, kept: all });
      expect(answer.notices).toEqual([usedReserve]);
      // There was room again.
      expect(answer.reserveInTheEnd).toBe(reserveBytes);
    },
  );

  it('and has no reserve left: nothing is begun, in a sentence, and what was acknowledged is kept', async () => {
    const { error, kept, notices } = await onFullDisk({ withoutReserve: true });
    expect(error).toMatchObject({ code: 'store-unavailable', message: expect.stringContaining('Nothing is cleared') });
    expect(kept.length).toBeLessThan(12);
    expect(notices).toEqual([]);
  });

  it('is not filled by the reserve itself where there is little room', async () => {
    const { reserveAtFirst } = await onFullDisk({ size: '640k' });
    expect(reserveAtFirst).toBe(null);
  });
});

describe('the reserve', () => {
  it('takes its room on the disk, and is made again when somebody removes it', async () => {
    const dir = path.join(sandbox(), 'state');
    const at = path.join(dir, 'reserve');
    await (await openStore(dir)).close();
    const { size, blocks, mode } = fs.statSync(at);
    expect({ size, mode: mode & 0o777 }).toEqual({ size: reserveBytes, mode: 0o600 });
    expect(blocks * 512).toBeGreaterThanOrEqual(reserveBytes);
    fs.rmSync(at);
    await (await openStore(dir)).close();
    expect(fs.statSync(at).size).toBe(reserveBytes);
  });
});
