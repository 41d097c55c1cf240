import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { write } from '../../../e2e/support/sandbox.ts';
import { findLeftovers } from '../leftovers/find.ts';
import type { Record } from '../store/schema.ts';
import { Clears, type Wanted } from './clears.ts';
import type { Engine } from './engine.ts';
import type { DrawnPlan } from './plan.ts';
import { recover } from './recover.ts';
import { setAside } from './set-aside.ts';
import { atPlaces, moved, type PartsRig, partsRig, picture, rowsIn } from './testing/parts-rig.ts';
import { deadOwner, engineOn } from './testing/rig.ts';
import { undo } from './undo.ts';
import { viewOf } from './view.ts';

/** A clear in parts whose process ended there: after all moves, and before it could say so. */
const cutOff = async (rig: PartsRig, phase: 'intent' | 'undoing'): Promise<Record> => {
  const { id } = await setAside(rig.engine, rig.job());
  const db = new DatabaseSync(path.join(rig.engine.stateDir, 'history.db'), { timeout: 5000 });
  db.prepare('UPDATE operations SET phase = ?, owner = ? WHERE id = ?').run(phase, JSON.stringify(deadOwner()), id);
  db.close();
  return (await rig.engine.store.get(id)) as Record;
};

const copyOf = ({ root }: PartsRig, { stale }: Record): string => path.join(root, stale.toString());

describe('recovery of a clear in parts', () => {
  it.each(['intent', 'undoing'] as const)('is done by one of two that are asked at once: %s', async (phase) => {
    const rig = await partsRig();
    const before = picture(rig.root);
    await cutOff(rig, phase);
    const other = await engineOn(rig.engine.stateDir);
    const both = await Promise.all([recover(rig.engine, { now: true }), recover(other, { now: true })]);
    expect(both.flat()).toMatchObject([{ phase: phase === 'intent' ? 'failed' : 'undone', owner: null, errors: [] }]);
    expect(picture(rig.root)).toEqual(before);
    expect(rowsIn(rig.book)).toHaveLength(2);
  });

  it('knows its things after a restart that gave their disk another number', async () => {
    const rig = await partsRig();
    const before = picture(rig.root);
    const { id } = await cutOff(rig, 'intent');
    const db = new DatabaseSync(path.join(rig.engine.stateDir, 'history.db'), { timeout: 5000 });
    db.prepare("UPDATE operations SET dev = '4095', boot = 'another' WHERE id = ?").run(id);
    db.prepare("UPDATE pieces SET dev = '4095' WHERE operation = ?").run(id);
    db.close();
    expect(await recover(rig.engine, { now: false })).toMatchObject([{ id, phase: 'failed' }]);
    expect(picture(rig.root)).toEqual(before);
  });

  it('keeps what cannot go back until somebody decides, and is not tried again and again', async () => {
    const rig = await partsRig();
    const record = await cutOff(rig, 'intent');
    write(rig.root, { 'index/aa/entry': 'new' });
    const [kept] = await recover(rig.engine, { now: false });
    expect(kept).toMatchObject({ phase: 'set-aside', owner: null, errors: [{ step: 'put back', code: 'recreated' }] });
    expect((kept?.undoUntil ?? 0) - Date.now()).toBeGreaterThan(3_000_000);
    expect(await recover(rig.engine, { now: false })).toEqual([]);
    expect(fs.readdirSync(copyOf(rig, record))).toEqual(['0']);
    expect(
      atPlaces(rig.root)
        .slice(1)
        .every((it) => it !== null),
    ).toBe(true);
    const undone = await undo(rig.engine, record.id, { ifRecreated: 'beside' });
    expect(fs.readdirSync(path.join(rig.root, undone.restored?.toString() ?? ''))).toEqual(['entry']);
  });

  it('makes a folder read-only again that was made writable for its move, and no other one', async () => {
    for (const where of ['in the copy', 'at its place', 'another at its place'] as const) {
      const rig = await partsRig();
      const record = await cutOff(rig, 'intent');
      const [copy, place] = [path.join(copyOf(rig, record), '1'), path.join(rig.root, 'store/closed')];
      fs.chmodSync(copy, 0o755);
      if (where === 'at its place') fs.renameSync(copy, place);
      if (where === 'another at its place') {
        fs.renameSync(copy, path.join(rig.root, 'away'));
        fs.mkdirSync(place, { mode: 0o755 });
      }
      await recover(rig.engine, { now: false });
      expect([where, fs.statSync(place).mode & 0o777]).toEqual([where, where.startsWith('another') ? 0o755 : 0o555]);
    }
  });

  it('says what is not there any more, when somebody has removed the copy', async () => {
    const rig = await partsRig();
    fs.rmSync(copyOf(rig, await cutOff(rig, 'intent')), { recursive: true });
    const [record] = await recover(rig.engine, { now: false });
    expect(record?.phase).toBe('failed');
    expect(record?.steps.at(-1)?.note).toBe(
      'interrupted; 5 of 5 are not at their places any more, and not by this program',
    );
  });

  it('touches nothing where another folder has the name of the copy', async () => {
    const rig = await partsRig();
    const copy = copyOf(rig, await cutOff(rig, 'intent'));
    fs.renameSync(copy, path.join(rig.root, 'elsewhere'));
    write(copy, { 0: 'mine' });
    expect(await recover(rig.engine, { now: true })).toMatchObject([
      { phase: 'intent', errors: [{ code: 'changed' }] },
    ]);
    expect(fs.readdirSync(copy)).toEqual(['0']);
    expect(atPlaces(rig.root)).toEqual(moved.map(() => null));
    // The copy is back under its name.
    fs.renameSync(copy, path.join(rig.root, 'mine'));
    fs.renameSync(path.join(rig.root, 'elsewhere'), copy);
    expect(await recover(rig.engine, { now: true })).toMatchObject([{ phase: 'failed' }]);
    expect(atPlaces(rig.root).every((it) => it !== null)).toBe(true);
  });

  it('ends the window of one whose process has ended: the copy is deleted as one', async () => {
    const rig = await partsRig();
    const { id } = await setAside(rig.engine, rig.job({ undoWindowMs: 1 }));
    await rig.engine.store.advance(id, ['set-aside'], 'set-aside', Date.now(), { owner: null });
    expect(await recover(rig.engine, { now: true })).toMatchObject([{ id, phase: 'done', errors: [] }]);
    expect(fs.readdirSync(rig.root).filter((name) => name.includes('stale') || name.includes('deleting'))).toEqual([]);
    expect(await rig.engine.store.pieces(id)).toEqual({ pieces: [], rows: [] });
  });
});

describe('the copy of a clear in parts', () => {
  it('is found among the leftovers as what can be undone', async () => {
    const rig = await partsRig();
    const record = await setAside(rig.engine, rig.job());
    await rig.engine.store.advance(record.id, ['set-aside'], 'set-aside', Date.now(), { owner: null });
    const { id: operation, phase, identity, born, boot, undoUntil } = record;
    const { findings } = await findLeftovers({
      places: [{ dir: rig.root, tool: 'made', units: ['store'], isToolRoot: true }],
      journal: (token) =>
        token === record.token ? { operation, phase, identity, born, owner: null, boot, undoUntilMs: undoUntil } : null,
    });
    expect(findings).toMatchObject([
      { path: copyOf(rig, record), verdict: 'undoable', cleaning: 'ask', operation: record.id, tool: 'made' },
    ]);
    expect(viewOf(record)).toMatchObject({ asidePath: copyOf(rig, record), state: 'set-aside' });
  });
});

describe('a clear in parts of what is in use', () => {
  it('does not wait: it is refused at once, and says what to do', async () => {
    const rig = await partsRig();
    const before = picture(rig.root);
    const engine: Engine = rig.engine;
    const clears = new Clears(engine, { draw: () => Promise.reject(new Error('no')), failed: () => undefined });
    const assignment = rig.job();
    const part = {
      outcome: { path: path.join(rig.root, 'store') },
      refusals: [{ code: 'in-use', message: 'in use' }],
      assignment,
    };
    const wanted: Wanted = { undoWindowMs: 60_000, evenIfInUse: false, waitMs: 60_000 };
    const records = await clears.execute({ parts: [part] } as unknown as DrawnPlan, wanted);
    expect(records).toMatchObject([
      {
        phase: 'refused',
        parts: { entries: 2 },
        errors: [{ code: 'in-use', message: expect.stringContaining('wait') }],
      },
    ]);
    expect(picture(rig.root)).toEqual(before);
    await clears.close();
  });
});
