import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { write } from '../../../e2e/support/sandbox.ts';
import { finish } from './finish.ts';
import { recover } from './recover.ts';
import { setAside } from './set-aside.ts';
import { atPlaces, inCopy, moved, partsRig, picture, rowsIn } from './testing/parts-rig.ts';
import { undo } from './undo.ts';

const refusal = (promise: Promise<unknown>) => promise.then(() => null).catch((thrown: unknown) => thrown);
const nothing = moved.map(() => null);

describe('an undo of a clear in parts', () => {
  it.each(['refuse', 'swap'] as const)('moves nothing when one place is taken: %s', async (ifRecreated) => {
    const { root, book, engine, job } = await partsRig();
    const places = atPlaces(root);
    const record = await setAside(engine, job());
    write(root, { 'index/aa/entry': 'new' });
    const before = picture(root);
    expect(await refusal(undo(engine, record.id, { ifRecreated }))).toMatchObject({
      code: 'recreated',
      path: path.join(root, 'index/aa/entry'),
      message: expect.stringContaining('1 thing cannot go back'),
    });
    expect(picture(root)).toEqual(before);
    expect(inCopy(root, record)).toEqual(places);
    expect(rowsIn(book)).toHaveLength(1);
    expect(await engine.store.get(record.id)).toMatchObject({
      phase: 'set-aside',
      errors: [{ step: 'undo', code: 'recreated' }],
    });
    // What was in the way is away.
    fs.rmSync(path.join(root, 'index/aa/entry'));
    expect(await undo(engine, record.id)).toMatchObject({ phase: 'undone' });
    expect(atPlaces(root)).toEqual(places);
    expect(rowsIn(book)).toHaveLength(2);
  });

  it('beside: puts back what has a free place, and the rest beside the unit under its own names', async () => {
    const { root, book, engine, job } = await partsRig();
    const places = atPlaces(root);
    const record = await setAside(engine, job());
    // An empty folder is not replaced either.
    fs.mkdirSync(path.join(root, 'store/tree'));
    write(root, { 'index/aa/entry': 'new' });
    const undone = await undo(engine, record.id, { ifRecreated: 'beside' });
    expect(undone).toMatchObject({ phase: 'undone', errors: [] });
    const beside = path.join(root, undone.restored?.toString() ?? '');
    expect(fs.readdirSync(beside).sort()).toEqual(['entry', 'tree']);
    expect(fs.readFileSync(path.join(beside, 'entry'), 'utf8')).toBe('one');
    expect(fs.readFileSync(path.join(root, 'index/aa/entry'), 'utf8')).toBe('new');
    expect(fs.readdirSync(path.join(root, 'store/tree'))).toEqual([]);
    const now = atPlaces(root);
    for (const n of [1, 3, 4]) expect(now[n]).toBe(places[n]);
    expect(rowsIn(book)).toHaveLength(2);
    expect(undone.steps.at(-1)?.note).toBe('2 of 5 stand beside, since their places are taken; the others are back');
    expect(fs.existsSync(path.join(root, record.stale.toString()))).toBe(false);
  });

  it('makes folders again that the tool tidied up, and sees a link in their place as taken', async () => {
    const { root, engine, job } = await partsRig();
    fs.chmodSync(path.join(root, 'deep'), 0o750);
    const before = picture(root).map((line) => line.split(' ').filter((_, at) => at !== 2));
    const { id } = await setAside(engine, job());
    fs.rmdirSync(path.join(root, 'deep/er/down'));
    fs.symlinkSync('../../store', path.join(root, 'deep/er/down'));
    expect(await refusal(undo(engine, id))).toMatchObject({ code: 'recreated' });
    fs.unlinkSync(path.join(root, 'deep/er/down'));
    expect(await undo(engine, id)).toMatchObject({ phase: 'undone' });
    expect(picture(root).map((line) => line.split(' ').filter((_, at) => at !== 2))).toEqual(before);
  });

  it('tells which row could not be put back, and replaces none', async () => {
    const { book, engine, job } = await partsRig();
    const { id } = await setAside(engine, job());
    const db = new DatabaseSync(book);
    db.exec("INSERT INTO repos VALUES ('https://host.example/hooks', 'v1', 'store/new', 2)");
    db.close();
    const undone = await undo(engine, id);
    expect(undone.steps.at(-1)?.note).toContain(`a row of ${book} could not be put back`);
    expect(rowsIn(book)[0]).toContain('store/new');
  });

  it('moves nothing while its book is being written, and can be asked for again', async () => {
    const { root, book, engine, job } = await partsRig();
    const [before, places] = [picture(root), atPlaces(root)];
    const record = await setAside(engine, job());
    const db = new DatabaseSync(book);
    db.exec('BEGIN EXCLUSIVE');
    expect(await refusal(undo(engine, record.id))).toMatchObject({ code: 'locked', path: book });
    expect(inCopy(root, record)).toEqual(places);
    expect(await engine.store.get(record.id)).toMatchObject({ phase: 'set-aside' });
    db.exec('ROLLBACK');
    db.close();
    expect(await undo(engine, record.id)).toMatchObject({ phase: 'undone' });
    expect(picture(root)).toEqual(before);
    expect(rowsIn(book)).toHaveLength(2);
  }, 30_000);

  it('says when somebody has taken a piece out of the copy, and leaves what somebody put in', async () => {
    const { root, engine, job } = await partsRig();
    const record = await setAside(engine, job());
    const copy = path.join(root, record.stale.toString());
    fs.rmSync(path.join(copy, '2'), { recursive: true });
    fs.writeFileSync(path.join(copy, 'strange'), 'mine');
    const undone = await undo(engine, record.id);
    expect(undone).toMatchObject({ phase: 'undone' });
    expect(undone.steps.at(-1)?.note).toMatch(/1 thing had been taken out.*holds something else as well/);
    expect(fs.readdirSync(copy)).toEqual(['strange']);
  });

  it('is refused when nothing is left, and never called back by another folder of that name', async () => {
    const { root, engine, job } = await partsRig();
    const record = await setAside(engine, job());
    fs.rmSync(path.join(root, record.stale.toString()), { recursive: true });
    write(root, { 'index/aa/entry': 'new' });
    expect(await refusal(undo(engine, record.id))).toMatchObject({ code: 'not-undoable' });
    expect(await recover(engine, { now: true })).toEqual([]);
  });

  it('does not happen after the commit', async () => {
    const { root, engine, job } = await partsRig();
    const { id } = await setAside(engine, job());
    await finish(engine, id, ['set-aside']);
    for (const ifRecreated of ['refuse', 'beside', 'swap'] as const) {
      expect(await refusal(undo(engine, id, { ifRecreated }))).toMatchObject({ code: 'not-undoable' });
    }
    expect(atPlaces(root)).toEqual(nothing);
  });
});
