import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { write } from '../../../e2e/support/sandbox.ts';
import { finish } from './finish.ts';
import { finishUnlessHeld } from './second-look.ts';
import { setAside } from './set-aside.ts';
import { hasOpen } from './testing/outsiders.ts';
import { atPlaces, inCopy, moved, partsRig, picture, rowsIn, staying } from './testing/parts-rig.ts';
import { undo } from './undo.ts';
import { viewOf } from './view.ts';

const nothing = moved.map(() => null);
const asides = (root: string): readonly string[] =>
  fs.readdirSync(root).filter((name) => /\.(stale|deleting|restored)-/.test(name));

describe('a clear in parts', () => {
  it('moves each piece by its number into one folder beside the unit, takes the row, and touches nothing else', async () => {
    const { root, book, engine, job } = await partsRig();
    const [before, places, stays] = [picture(root), atPlaces(root), staying.map((name) => path.join(root, name))];
    const record = await setAside(engine, job());
    expect(record).toMatchObject({
      phase: 'set-aside',
      errors: [],
      parts: { entries: 2, moves: 5, rows: 1, names: ['tree', 'entry'] },
    });
    expect(inCopy(root, record)).toEqual(places);
    expect(atPlaces(root)).toEqual(nothing);
    expect(fs.statSync(path.join(root, record.stale.toString())).mode & 0o777).toBe(0o700);
    expect(rowsIn(book)).toEqual([expect.stringContaining('"v2"')]);
    expect(stays.every((at) => fs.existsSync(at))).toBe(true);
    const gone = new Set(moved);
    const left = before.filter((line) => ![...gone].some((name) => new RegExp(`^${name}[ /]`).test(line)));
    const now = picture(root).filter((line) => !line.startsWith(record.stale.toString()));
    const name = (line: string) => line.split(' ')[0];
    expect(now.map(name)).toEqual(left.map(name));
    expect(viewOf(record)).toMatchObject({
      kind: 'clear',
      path: path.join(root, 'store'),
      asidePath: path.join(root, record.stale.toString()),
      parts: { names: ['tree', 'entry'] },
    });
  });

  it('is undone as one: everything is as it was, the row included, and nothing is left behind', async () => {
    const { root, book, engine, job } = await partsRig();
    const [before, rows] = [picture(root), rowsIn(book)];
    const { id } = await setAside(engine, job());
    expect(await undo(engine, id)).toMatchObject({ phase: 'undone', errors: [], restored: null });
    expect(picture(root)).toEqual(before);
    expect(rowsIn(book)).toEqual(rows);
    expect(await engine.store.pieces(id)).toEqual({ pieces: [], rows: [] });
    await expect(undo(engine, id)).rejects.toMatchObject({ code: 'not-undoable' });
  });

  it('is deleted as one, and says what came of it', async () => {
    const { root, book, engine, job } = await partsRig();
    const { id } = await setAside(engine, job());
    const stays = picture(root).filter((line) => !/^store\.stale/.test(line));
    const ended = await finish(engine, id, ['set-aside']);
    expect(ended).toMatchObject({ phase: 'done', leftCount: 0, errors: [] });
    // Five pieces, three folders and nine files in one, one file in another, and what held them.
    expect(ended?.entries).toBe(5 + 12 + 1 + 1);
    expect(picture(root)).toEqual(stays);
    expect(rowsIn(book)).toEqual([expect.stringContaining('"v2"')]);
    await expect(undo(engine, id)).rejects.toMatchObject({ code: 'not-undoable' });
  });

  it('is kept whole while somebody has a piece of it open', async () => {
    const { root, engine, job } = await partsRig();
    const user = await hasOpen(path.join(root, 'store/tree/a/1'));
    const before = picture(root);
    const { id } = await setAside(engine, job());
    expect(await finishUnlessHeld(engine, id, ['set-aside'])).toMatchObject({
      phase: 'set-aside',
      holders: [{ pid: user.pid }],
    });
    await undo(engine, id);
    expect(picture(root)).toEqual(before);
  });

  it('leaves out what is gone by now, and says so', async () => {
    const { root, engine, job } = await partsRig();
    const order = job();
    fs.rmSync(path.join(root, 'deep/er/down'), { recursive: true });
    fs.rmSync(path.join(root, 'store/link'));
    const before = picture(root);
    const record = await setAside(engine, order);
    expect(record).toMatchObject({ phase: 'set-aside', parts: { moves: 3 } });
    expect(record.steps[0]?.note).toBe('2 of what was planned were gone already');
    await undo(engine, record.id);
    expect(picture(root)).toEqual(before);
  });

  it('is nothing to do when all of it is gone', async () => {
    const { root, book, engine, job } = await partsRig();
    const order = job();
    for (const name of moved) fs.rmSync(path.join(root, name), { recursive: true });
    expect(await setAside(engine, order)).toMatchObject({ phase: 'nothing-to-do', parts: { entries: 2 } });
    expect(asides(root)).toEqual([]);
    expect(rowsIn(book)).toHaveLength(2);
  });

  it.each([
    ['another thing', (root: string) => write(root, { 'new/x': '' }), 'store/tree'],
    ['a link', (root: string) => fs.symlinkSync('mine', path.join(root, 'new')), 'store/tree'],
    [
      'a folder that is a link by now',
      (root: string) => fs.symlinkSync('../store', path.join(root, 'new')),
      'index/aa',
    ],
    ['a link above it, to where it is now', (root: string) => fs.symlinkSync('away', path.join(root, 'new')), 'deep'],
  ])('is refused when %s stands there, and touches nothing', async (_, make, name) => {
    const { root, book, engine, job } = await partsRig();
    const order = job();
    fs.renameSync(path.join(root, name), path.join(root, 'away'));
    make(root);
    fs.renameSync(path.join(root, 'new'), path.join(root, name));
    const before = picture(root);
    expect(await setAside(engine, order)).toMatchObject({ phase: 'refused', errors: [{ code: 'changed' }] });
    expect(picture(root)).toEqual(before);
    expect(rowsIn(book)).toHaveLength(2);
  });

  it('of two that overlap, the second takes what the first has left', async () => {
    const { root, engine, job } = await partsRig();
    const before = picture(root);
    const order = job();
    const pieces = order.pieces?.pieces ?? [];
    const half = (some: typeof pieces) =>
      setAside(engine, job({ pieces: { ...order.pieces, pieces: some } as typeof order.pieces & object }));
    const both = await Promise.all([half(pieces.slice(0, 3)), half(pieces.slice(1))]);
    expect(both.map(({ phase }) => phase)).toEqual(['set-aside', 'set-aside']);
    expect(both.map(({ parts }) => parts?.moves).reduce((sum = 0, it = 0) => sum + it)).toBe(5);
    expect(both.map(({ parts }) => parts?.rows).sort()).toEqual([0, 1]);
    for (const { id } of both) await undo(engine, id);
    expect(picture(root)).toEqual(before);
  });
});
