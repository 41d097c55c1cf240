import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprint, onLinux, siblings, write } from '../../../e2e/support/sandbox.ts';
import { recover } from './recover.ts';
import { treeAside } from './testing/aside.ts';
import { clearUnit, inHistory, newHome, value } from './testing/home.ts';
import { present } from './testing/interrupted.ts';
import { holds, standsIn } from './testing/outsiders.ts';
import { deadOwner, engineOn } from './testing/rig.ts';
import { undo } from './undo.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a copy whose undo was refused', () => {
  it('belongs to the door that set it aside, as before: no recovery ends its window', async () => {
    const one = await treeAside();
    write(one.at, { new: 'new' });
    await expect(undo(one.engine, one.record.id)).rejects.toMatchObject({ code: 'recreated' });
    expect(await recover(one.engine, { now: true })).toEqual([]);
    expect(fingerprint(one.stale)).toBe(one.whole);
  });

  it('is still there when its window would have been over: somebody is reading the choices', async () => {
    const { unit, open } = newHome();
    const [door, other] = [await open(), await open()];
    const whole = fingerprint(unit);
    for (const from of [door, other]) {
      const { id, asidePath } = await clearUnit(door, 1200);
      write(unit, { new: 'new' });
      expect(await from.call('undo', { operation: id })).toMatchObject({ ok: false, error: { code: 'recreated' } });
      await pause(2500);
      expect(fingerprint(asidePath ?? '')).toBe(whole);
      expect(Date.parse((await inHistory(door, id)).undoUntil ?? '') - Date.now()).toBeGreaterThan(240_000);
      fs.rmSync(unit, { recursive: true });
      expect(value(await from.call('undo', { operation: id }))).toMatchObject({ state: 'undone' });
      expect([fingerprint(unit), siblings(unit)]).toEqual([whole, []]);
    }
  });
});

describe('an undo that finds nothing where it looks', () => {
  it('says that the folder is not there, and works when it is again, from the same door', async () => {
    const { unit, open } = newHome();
    const door = await open();
    const whole = fingerprint(unit);
    const { id } = await clearUnit(door, 3_600_000);
    const dir = path.dirname(unit);
    fs.renameSync(dir, `${dir}.away`);
    const refused = await door.call('undo', { operation: id });
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'io', message: expect.stringContaining('is not there') },
    });
    expect(await inHistory(door, id)).toMatchObject({ state: 'set-aside', errors: [{ step: 'undo', code: 'ENOENT' }] });
    fs.renameSync(`${dir}.away`, dir);
    expect(value(await door.call('undo', { operation: id }))).toMatchObject({ state: 'undone' });
    expect(fingerprint(unit)).toBe(whole);
  });
});

describe('an undo whose process ended half way', () => {
  it('is gone on with by the next one, and by one only', async () => {
    const one = await treeAside();
    await one.engine.store.advance(one.record.id, ['set-aside'], 'undoing', 1, { owner: deadOwner() });
    const engines = await Promise.all(Array.from({ length: 4 }, () => engineOn(one.engine.stateDir)));
    const results = await Promise.allSettled(engines.map((engine) => undo(engine, one.record.id)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(fingerprint(one.at)).toBe(one.whole);
    expect(present(one.box)).toEqual(['D']);
  });

  it('is left alone while that process lives', async () => {
    const one = await treeAside();
    await one.engine.store.advance(one.record.id, ['set-aside'], 'undoing', 1, { owner: one.engine.self });
    await expect(undo(one.engine, one.record.id)).rejects.toMatchObject({ code: 'not-undoable' });
    expect(present(one.box)).toEqual([path.basename(one.stale)]);
  });

  it('says where it is when it had been put beside already', async () => {
    const one = await treeAside();
    const restored = Buffer.from('D.restored-2026-01-01');
    await one.engine.store.advance(one.record.id, ['set-aside'], 'undoing', 1, { owner: deadOwner(), restored });
    fs.renameSync(one.stale, path.join(one.box, restored.toString()));
    expect(await undo(one.engine, one.record.id)).toMatchObject({ phase: 'undone', restored });
    expect(present(one.box)).toEqual([restored.toString()]);
  });
});

describe.skipIf(!onLinux)('an empty folder at the place', () => {
  it('is not taken from under somebody who stands in it; beside it the old one may go', async () => {
    const one = await treeAside();
    fs.mkdirSync(one.at);
    const { pid, leave } = await standsIn(one.at);
    await expect(undo(one.engine, one.record.id)).rejects.toMatchObject({
      code: 'recreated',
      message: expect.stringContaining(`process ${pid}`),
    });
    expect(fs.readlinkSync(`/proc/${pid}/cwd`)).toBe(one.at);
    expect(fingerprint(one.stale)).toBe(one.whole);
    expect(await undo(one.engine, one.record.id, { ifRecreated: 'beside' })).toMatchObject({ phase: 'undone' });
    await leave();
  });

  it('stays while its cache, or one around it, is held; an empty place needs no leave of whoever holds', async () => {
    const one = await treeAside();
    for (const root of [one.at, one.box]) {
      const holder = await holds(root, one.engine.stateDir);
      fs.mkdirSync(one.at);
      await expect(undo(one.engine, one.record.id)).rejects.toMatchObject({
        code: 'recreated',
        message: expect.stringContaining('in use by'),
      });
      expect(fs.readdirSync(one.at)).toEqual([]);
      fs.rmdirSync(one.at);
      if (root === one.box) expect(await undo(one.engine, one.record.id)).toMatchObject({ phase: 'undone' });
      await holder.leave();
    }
    expect(fingerprint(one.at)).toBe(one.whole);
  });
});
