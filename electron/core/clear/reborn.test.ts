import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprint, smallTree, write } from '../../../e2e/support/sandbox.ts';
import { look } from '../fs/identity.ts';
import { recover } from './recover.ts';
import { setAside } from './set-aside.ts';
import { carryOut, inHistory, newHome, planFor, value } from './testing/home.ts';
import { entryFor, newRig } from './testing/rig.ts';

const step = { step: 'intent', at: 1, note: null };

/** Some file systems (tmpfs before Linux 6) keep no time of birth: there only the inode number can tell. */
const keepsBirths = ((): boolean => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'born-'));
  const born = look(dir)?.born ?? null;
  fs.rmdirSync(dir);
  return born !== null;
})();

describe.skipIf(!keepsBirths)('a directory that was made anew', () => {
  it('is not what was planned, even when it got the same inode number', async () => {
    const { engine, assignment, box } = await newRig();
    const job = assignment('D');
    const at = path.join(box, 'D');
    fs.rmSync(at, { recursive: true });
    smallTree(at);
    const theirs = fingerprint(at);
    const identity = look(at)?.identity ?? job.identity;
    // Said to be the same inode, whether or not this file system gave it again.
    const record = await setAside(engine, { ...job, identity });
    expect(record).toMatchObject({ phase: 'refused', errors: [{ code: 'changed' }] });
    expect(fingerprint(at)).toBe(theirs);
  });

  it('is not taken by a recovery for the one that is gone', async () => {
    const { engine, box } = await newRig();
    const at = path.join(box, 'D');
    smallTree(at);
    const entry = entryFor(at, 'deleting', { born: '1000' });
    await engine.store.begin(entry, step);
    expect(await recover(engine, { now: true })).toMatchObject([{ phase: 'done', freed: 0 }]);
    expect(fs.existsSync(path.join(at, 'a/0'))).toBe(true);
  });
});

it('a delete that a closing door leaves is gone on with by the next one, unasked', async () => {
  const { unit, open } = newHome();
  for (let dir = 0; dir < 60; dir += 1) {
    write(unit, Object.fromEntries(Array.from({ length: 100 }, (_, file) => [`many/${dir}/${file}`, 'x'])));
  }
  const first = await open();
  const clearing = carryOut(first, await planFor(first), 0);
  await new Promise<void>((resolve) => {
    first.on('operation', ({ state }) => state === 'deleting' && resolve());
  });
  await first.close();
  const cut = await clearing.catch(() => null);
  const second = await open();
  await second.resume();
  const [operation] = value(await second.call('history', {})).operations;
  expect(operation?.state).toBe('done');
  expect(cut === null || cut.id === operation?.id).toBe(true);
  expect(operation && (await inHistory(second, operation.id))?.asidePath).toBeNull();
  expect(fs.readdirSync(path.dirname(unit))).toEqual([]);
});
