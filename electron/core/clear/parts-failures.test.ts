import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { canUnshare, has, isRoot, missing, sandbox, write } from '../../../e2e/support/sandbox.ts';
import type { Record } from '../store/schema.ts';
import type { Engine } from './engine.ts';
import { finish } from './finish.ts';
import { recover } from './recover.ts';
import { setAside } from './set-aside.ts';
import { answerOf, asOrdinaryUser, command, ordinaryUser, script, withOwnMounts } from './testing/children.ts';
import type { PartsOneAnswer, PartsOneOrder } from './testing/parts-one.ts';
import { atPlaces, inCopy, makeCache, partsRig, picture, rowsIn } from './testing/parts-rig.ts';
import { engineOn } from './testing/rig.ts';
import { undo } from './undo.ts';

const noUser = isRoot && !has('setpriv');
const run = (words: readonly string[], order: PartsOneOrder) => command([...words, ...script('parts-one', order)]);

/** A cache of somebody who is not root, since nothing but root ignores modes. */
const ofOrdinaryUser = () => {
  const box = sandbox();
  const root = path.join(box, 'cache');
  makeCache(root);
  fs.chmodSync(box, 0o755);
  if (isRoot) spawnSync('chown', ['-hR', `${ordinaryUser}:${ordinaryUser}`, box]);
  return { root, stateDir: path.join(box, 'state'), book: path.join(root, 'book.db') };
};

const name = (text: string): string => `${text}${noUser ? ' (SKIPPED: there is no setpriv here)' : ''}`;

describe.skipIf(missing(noUser))('an ordinary user', () => {
  it(name('gets everything back bit by bit when one folder in the middle may not be written'), async () => {
    const { root, stateDir, book } = ofOrdinaryUser();
    fs.chmodSync(path.join(root, 'store'), 0o555);
    const [before, rows] = [picture(root), rowsIn(book)];
    const answer = answerOf<PartsOneAnswer>(await run(asOrdinaryUser, { root, stateDir, do: 'clear' }));
    expect(answer).toMatchObject({
      phase: 'failed',
      errors: [{ step: 'set-aside', code: 'EACCES', path: path.join(root, 'store/closed') }],
    });
    expect(picture(root)).toEqual(before);
    expect(rowsIn(book)).toEqual(rows);
  });

  it(name('moves a folder that is read-only itself, and it is as it was after an undo'), async () => {
    const { root, stateDir, book } = ofOrdinaryUser();
    const [before, places] = [picture(root), atPlaces(root)];
    const { id, phase } = answerOf<PartsOneAnswer>(await run(asOrdinaryUser, { root, stateDir, do: 'clear' }));
    expect(phase).toBe('set-aside');
    const engine = await engineOn(stateDir);
    expect(inCopy(root, (await engine.store.get(id ?? '')) as Record)).toEqual(places);
    expect(places[1]).toContain(` ${0o40555} `);
    await engine.store.close();
    const undone = await run(asOrdinaryUser, { root, stateDir, do: 'undo', id: id ?? '' });
    expect(answerOf<PartsOneAnswer>(undone)).toMatchObject({ phase: 'undone' });
    expect(picture(root)).toEqual(before);
    expect(rowsIn(book)).toHaveLength(2);
  });

  it(name('keeps the rest whole when an undo stops half way, and the next one brings it back'), async () => {
    const { root, stateDir } = ofOrdinaryUser();
    const before = picture(root);
    const { id } = answerOf<PartsOneAnswer>(await run(asOrdinaryUser, { root, stateDir, do: 'clear' }));
    fs.chmodSync(path.join(root, 'index/aa'), 0o555);
    const order = { root, stateDir, do: 'undo', id: id ?? '' } as const;
    const at = path.join(root, 'index/aa/entry');
    expect(answerOf<PartsOneAnswer>(await run(asOrdinaryUser, order))).toMatchObject({
      phase: null,
      errors: [{ code: 'io', message: expect.stringContaining('you may not write') }],
    });
    expect(fs.existsSync(at)).toBe(false);
    expect(fs.existsSync(path.join(root, 'store/tree'))).toBe(true);
    fs.chmodSync(path.join(root, 'index/aa'), 0o755);
    expect(answerOf<PartsOneAnswer>(await run(asOrdinaryUser, order))).toMatchObject({ phase: 'undone' });
    expect(picture(root)).toEqual(before);
  });
});

describe.skipIf(missing(!canUnshare))('what is mounted', () => {
  it.each([
    ['on a piece', 'store/tree', 'mount-inside'],
    ['below a piece', 'store/tree/a', 'mount-inside'],
    ['on the folder of a piece', 'deep/er', 'mount-inside'],
  ])(`%s refuses all of it${canUnshare ? '' : ' (SKIPPED: nothing can be mounted here)'}`, async (_, place, code) => {
    const box = sandbox();
    const root = path.join(box, 'cache');
    makeCache(root);
    const before = picture(root);
    const at = path.join(root, place);
    // A bind mount of the same file system has no device number of its own.
    const order: PartsOneOrder = {
      ...{ root, stateDir: path.join(box, 'state'), do: 'clear' },
      before: [['mount', '--bind', at, at]],
    };
    const answer = answerOf<PartsOneAnswer>(await run(withOwnMounts, order));
    expect(answer).toMatchObject({ phase: 'refused', errors: [{ code }] });
    expect(picture(root)).toEqual(before);
  });
});

describe('a book', () => {
  it('that is being written keeps everything at its place', async () => {
    const { root, book, engine, job } = await partsRig();
    const before = picture(root);
    const db = new DatabaseSync(book);
    db.exec('BEGIN IMMEDIATE');
    expect(await setAside(engine, job())).toMatchObject({
      phase: 'failed',
      errors: [{ step: 'set-aside', code: 'locked', path: book }],
    });
    db.exec('ROLLBACK');
    db.close();
    expect(picture(root)).toEqual(before);
    expect(rowsIn(book)).toHaveLength(2);
  }, 30_000);

  it.each([
    ['is not there', (book: string) => fs.rmSync(book)],
    [
      'is a link',
      (book: string) => {
        fs.renameSync(book, `${book}-real`);
        fs.symlinkSync(`${book}-real`, book);
      },
    ],
  ])('that %s loses no row, and none is made', async (_, make) => {
    const { root, book, engine, job } = await partsRig();
    make(book);
    const places = atPlaces(root);
    const record = await setAside(engine, job());
    expect(record).toMatchObject({ phase: 'set-aside', parts: { rows: 0 } });
    await undo(engine, record.id);
    expect(atPlaces(root)).toEqual(places);
    if (fs.existsSync(book)) expect(rowsIn(book)).toHaveLength(2);
  });

  it.each([
    ['has a column more', 'ALTER TABLE repos ADD COLUMN more'],
    ['does more than it is told', 'CREATE TRIGGER t AFTER DELETE ON repos BEGIN DELETE FROM repos; END'],
    ['is a view', 'ALTER TABLE repos RENAME TO other; CREATE VIEW repos AS SELECT * FROM other'],
  ])('of which the table %s: refused, since an undo could not bring the row back', async (_, sql) => {
    const { root, book, engine, job } = await partsRig();
    const db = new DatabaseSync(book);
    db.exec(sql);
    db.close();
    const before = picture(root);
    expect(await setAside(engine, job())).toMatchObject({
      phase: 'refused',
      errors: [{ step: 'preflight', code: 'changed', path: book }],
    });
    expect(picture(root)).toEqual(before);
    expect(rowsIn(book)).toHaveLength(2);
  });

  it('that is no database fails, and touches nothing', async () => {
    const { root, book, engine, job } = await partsRig();
    fs.writeFileSync(book, 'x'.repeat(8192));
    const before = picture(root);
    expect(await setAside(engine, job())).toMatchObject({ phase: 'failed', errors: [{ code: 'io', path: book }] });
    expect(picture(root)).toEqual(before);
    expect(fs.readFileSync(book, 'utf8')).toBe('x'.repeat(8192));
  });
});

describe('what happens at the same moment', () => {
  /** Somebody acts between the intent and the first move. */
  const acting = (engine: Engine, act: () => void): Engine => {
    const begin: typeof engine.store.begin = async (...words) => {
      await engine.store.begin(...words);
      act();
    };
    return { ...engine, store: { ...engine.store, begin } };
  };

  it('another thing in the place of a piece: all goes back, that one too', async () => {
    const { root, book, engine, job } = await partsRig();
    const order = job();
    const swapped = acting(engine, () => {
      fs.renameSync(path.join(root, 'store/tree'), path.join(root, 'away'));
      write(root, { 'store/tree/new': 'new' });
    });
    const record = await setAside(swapped, order);
    expect(record).toMatchObject({
      phase: 'failed',
      errors: [{ code: 'changed', path: path.join(root, 'store/tree') }],
    });
    expect(fs.readdirSync(path.join(root, 'store/tree'))).toEqual(['new']);
    expect(fs.existsSync(path.join(root, record.stale.toString()))).toBe(false);
    expect(fs.readFileSync(path.join(root, 'index/aa/entry'), 'utf8')).toBe('one');
    expect(rowsIn(book)).toHaveLength(2);
  });

  it('a new one where a piece has to go back: it is kept whole, undoable, and nobody deletes it unasked', async () => {
    const { root, engine, job } = await partsRig();
    const order = job({ undoWindowMs: 0 });
    const { rename } = fs.promises;
    const swapped = acting(engine, () => {
      // The third has gone; the tool makes the first anew at once.
      fs.renameSync(path.join(root, 'store/tree'), path.join(root, 'away'));
      fs.promises.rename = async (...words) => {
        await rename(...words);
        fs.promises.rename = rename;
        write(root, { 'index/aa/entry': 'new' });
      };
    });
    const record = await setAside(swapped, order).finally(() => {
      fs.promises.rename = rename;
    });
    expect(record).toMatchObject({
      phase: 'set-aside',
      errors: [
        { step: 'set-aside', code: 'ENOENT' },
        { step: 'put back', code: 'recreated' },
      ],
    });
    expect((record.undoUntil ?? 0) - Date.now()).toBeGreaterThan(3_000_000);
    const copy = path.join(root, record.stale.toString());
    expect(fs.readdirSync(copy)).toEqual(['0']);
    expect(fs.readFileSync(path.join(copy, '0'), 'utf8')).toBe('one');
    expect(fs.existsSync(path.join(root, 'store/closed/in'))).toBe(true);
    expect(await recover(engine, { now: false })).toEqual([]);
    const undone = await undo(engine, record.id, { ifRecreated: 'beside' });
    expect(fs.readFileSync(path.join(root, undone.restored?.toString() ?? '', 'entry'), 'utf8')).toBe('one');
    expect(fs.readFileSync(path.join(root, 'index/aa/entry'), 'utf8')).toBe('new');
  });

  it('a history that cannot be written any more: everything goes back', async () => {
    const { root, book, engine, job } = await partsRig();
    const before = picture(root);
    const advance = () => Promise.reject(new Error('no room'));
    await expect(setAside({ ...engine, store: { ...engine.store, advance } }, job())).rejects.toThrow('no room');
    expect(picture(root)).toEqual(before);
    expect(rowsIn(book)).toHaveLength(2);
    expect(await recover(engine, { now: false })).toMatchObject([{ phase: 'failed' }]);
    const begin = () => Promise.reject(new Error('no room'));
    await setAside({ ...engine, store: { ...engine.store, begin } }, job()).catch(() => undefined);
    expect(picture(root)).toEqual(before);
  });

  it('an undo and a delete: exactly one of them happens', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { root, engine, job } = await partsRig();
      const before = picture(root);
      const { id } = await setAside(engine, job());
      const other = await engineOn(engine.stateDir);
      const asUndo = () => undo(engine, id).catch(() => null);
      const asDelete = () => other.store.get(id).then(() => finish(other, id, ['set-aside']));
      await Promise.all(round % 2 === 0 ? [asUndo(), asDelete()] : [asDelete(), asUndo()]);
      const { phase } = (await engine.store.get(id)) as Record;
      expect(['undone', 'done']).toContain(phase);
      if (phase === 'undone') expect(picture(root)).toEqual(before);
      else expect(atPlaces(root).every((it) => it === null)).toBe(true);
    }
  });
});
