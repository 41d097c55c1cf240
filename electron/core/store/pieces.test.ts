import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { entryFor, newRig } from '../clear/testing/rig.ts';
import type { KeptPiece, KeptPieces } from './schema.ts';

const step = { step: 'intent', at: 1, note: null };
const about = { entries: 1, moves: 2, rows: 1, names: ['a'] };

const piece = (name: Buffer, more: Partial<KeptPiece> = {}): KeptPiece => ({
  parent: Buffer.from([0x2f, 0xff, 0x0a]),
  name,
  kind: 'file',
  identity: { dev: 1, ino: '18446744073709551615' },
  born: '1234567890123456789',
  mode: 0o100644,
  ...more,
});

const kept: KeptPieces = {
  pieces: [
    piece(Buffer.from([0x80, 0x41])),
    piece(Buffer.from('b'), { kind: 'directory', born: null, mode: 0o40555, identity: { dev: 7, ino: 8 } }),
  ],
  rows: [{ file: '/x/book.db', table: 'a "b"', row: { key: 'k', number: 1.5, none: null, whole: 3 } }],
};

describe('what a clear in parts took', () => {
  it('is written with its intent and comes back byte for byte, in its order', async () => {
    const { box, engine } = await newRig();
    const entry = entryFor(path.join(box, 'D'), 'intent', { parts: about });
    await engine.store.begin(entry, step, [], kept);
    expect(await engine.store.pieces(entry.id)).toEqual(kept);
    expect(await engine.store.pieces('o_other')).toEqual({ pieces: [], rows: [] });
    expect(await engine.store.get(entry.id)).toMatchObject({ parts: about });
  });

  it('is kept while anything can follow, and forgotten at the end', async () => {
    const { box, engine } = await newRig();
    const [one, other] = [0, 1].map((n) => entryFor(path.join(box, `D${n}`), 'intent', { parts: about }));
    if (one === undefined || other === undefined) throw new Error('two are needed');
    for (const entry of [one, other]) await engine.store.begin(entry, step, [], kept);
    let from: 'intent' | 'set-aside' | 'undoing' | 'deleting' | 'partial' = 'intent';
    for (const to of ['set-aside', 'undoing', 'set-aside', 'deleting', 'partial'] as const) {
      await engine.store.advance(one.id, [from], to, 1, {});
      expect((await engine.store.pieces(one.id)).pieces).toHaveLength(2);
      from = to;
    }
    await engine.store.advance(one.id, ['partial'], 'done', 1, {});
    expect(await engine.store.pieces(one.id)).toEqual({ pieces: [], rows: [] });
    expect(await engine.store.pieces(other.id)).toEqual(kept);
    expect(await engine.store.get(one.id)).toMatchObject({ parts: about });
  });

  it('is written as a whole or not at all', async () => {
    const { box, engine } = await newRig();
    const entry = entryFor(path.join(box, 'D'), 'intent', { parts: about });
    const broken = { ...kept, pieces: [...kept.pieces, piece(Buffer.from('c'), { mode: null as never })] };
    await expect(engine.store.begin(entry, step, [], broken)).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(await engine.store.get(entry.id)).toBe(null);
    const db = new DatabaseSync(path.join(engine.stateDir, 'history.db'), { readOnly: true });
    expect(db.prepare('SELECT count(*) AS count FROM pieces').get()).toEqual({ count: 0 });
    db.close();
  });
});
