import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, vi } from 'vitest';
import { fingerprint, siblings, write } from '../../../e2e/support/sandbox.ts';
import { CodedError } from '../../../shared/errors.ts';
import { DirectoryHandle } from '../fs/handle.ts';
import type { Phase } from '../store/schema.ts';
import type { Engine } from './engine.ts';
import { recover } from './recover.ts';
import { setAside } from './set-aside.ts';
import { treeAside } from './testing/aside.ts';
import { clearUnit, inHistory, newHome } from './testing/home.ts';
import { present } from './testing/interrupted.ts';
import { newRig } from './testing/rig.ts';
import { orderFor } from './testing/swap.ts';
import { undo } from './undo.ts';

/** An engine whose journal takes no step any more from the first that leads to `phase` on, until it is healed. */
const failing = (engine: Engine, phase: Phase) => {
  let state: 'sound' | 'broken' | 'healed' = 'sound';
  const advance: typeof engine.store.advance = async (id, from, to, ...rest) => {
    if (state === 'sound' && to === phase) state = 'broken';
    if (state === 'broken') throw new CodedError({ code: 'store-unavailable', message: 'the disk is full' });
    return engine.store.advance(id, from, to, ...rest);
  };
  return {
    engine: { ...engine, store: { ...engine.store, advance } },
    heal: () => {
      state = 'healed';
    },
  };
};

describe('a journal that fails for a while under a door that goes on', () => {
  it('after the rename: it is put back, and the door itself closes the operation later', async () => {
    const { engine, assignment, box } = await newRig();
    const broken = failing(engine, 'set-aside');
    const job = assignment('D');
    const whole = fingerprint(path.join(box, 'D'));
    await expect(setAside(broken.engine, job)).rejects.toMatchObject({ code: 'store-unavailable' });
    broken.heal();
    expect(await recover(broken.engine, { now: false })).toMatchObject([{ phase: 'failed' }]);
    expect([fingerprint(path.join(box, 'D')), present(box)]).toEqual([whole, ['D']]);
  });

  it('after a swap: each is found where it is, and the new one can be undone', async () => {
    const one = await treeAside();
    write(one.at, { new: 'new' });
    const made = fingerprint(one.at);
    const broken = failing(one.engine, 'set-aside');
    const swap = undo(broken.engine, one.record.id, { ifRecreated: 'swap', orderFor });
    await expect(swap).rejects.toMatchObject({ code: 'store-unavailable' });
    expect([fingerprint(one.at), fingerprint(one.stale)]).toEqual([one.whole, made]);
    broken.heal();
    await recover(broken.engine, { now: false });
    const [other, ...more] = await one.engine.store.open();
    expect([other?.phase, more]).toEqual(['set-aside', []]);
    expect(await one.engine.store.get(one.record.id)).toMatchObject({ phase: 'undone' });
    expect([fingerprint(one.at), fingerprint(one.stale)]).toEqual([one.whole, made]);
  });

  it('when the undo has happened: asked once more, it says so', async () => {
    const one = await treeAside();
    const broken = failing(one.engine, 'undone');
    await expect(undo(broken.engine, one.record.id)).rejects.toMatchObject({ code: 'store-unavailable' });
    broken.heal();
    expect(await undo(broken.engine, one.record.id)).toMatchObject({ phase: 'undone', restored: null });
    expect(fingerprint(one.at)).toBe(one.whole);
  });

  it('at the end of an undo window: that is told, and tried again', async () => {
    const { unit, open, stateDir } = newHome();
    const door = await open();
    const told: string[] = [];
    door.on('notice', ({ message }) => told.push(message));
    const { id } = await clearUnit(door, 500);
    const other = new DatabaseSync(path.join(stateDir, 'history.db'));
    other.exec('BEGIN IMMEDIATE');
    await vi.waitFor(() => expect(told.join()).toContain('Another process keeps it locked'), { timeout: 30_000 });
    other.close();
    await vi.waitFor(async () => expect(await inHistory(door, id)).toMatchObject({ state: 'done' }), {
      timeout: 30_000,
      interval: 200,
    });
    expect(siblings(unit)).toEqual([]);
  });

  it('for good: the door closes all the same', async () => {
    const { stateDir, open } = newHome();
    const door = await open();
    const { asidePath } = await clearUnit(door, 3_600_000);
    for (const part of ['', '-wal', '-shm']) fs.rmSync(path.join(stateDir, `history.db${part}`), { force: true });
    await expect(door.close()).resolves.toBeUndefined();
    expect(fs.existsSync(asidePath ?? '')).toBe(true);
  });
});

describe('a disk that answers nothing after the rename (a stand-in: no real one fails at that very call)', () => {
  it('does not make it a failure: it stays open, and is found set aside when the disk answers', async () => {
    const { engine, assignment, box } = await newRig();
    const job = assignment('D');
    const whole = fingerprint(path.join(box, 'D'));
    const { rename, look } = DirectoryHandle.prototype;
    let isGone = false;
    vi.spyOn(DirectoryHandle.prototype, 'rename').mockImplementation(async function (this: DirectoryHandle, from, to) {
      await rename.call(this, from, to);
      isGone = true;
    });
    vi.spyOn(DirectoryHandle.prototype, 'look').mockImplementation(async function (this: DirectoryHandle, name) {
      if (isGone) throw Object.assign(new Error('EIO'), { errno: -5, code: 'EIO' });
      return look.call(this, name);
    });
    const left = await setAside(engine, job);
    vi.restoreAllMocks();
    expect(left).toMatchObject({ phase: 'intent', owner: null, errors: [{ step: 'set-aside', code: 'EIO' }] });
    await recover(engine, { now: false });
    expect(await engine.store.get(left.id)).toMatchObject({ phase: 'set-aside' });
    expect(fingerprint(path.join(box, left.stale.toString()))).toBe(whole);
    expect(await undo(engine, left.id)).toMatchObject({ phase: 'undone' });
  });
});
