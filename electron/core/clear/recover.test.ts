import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprint, smallTree } from '../../../e2e/support/sandbox.ts';
import type { Phase } from '../store/schema.ts';
import { recover } from './recover.ts';
import { interrupted, present, type Where } from './testing/interrupted.ts';
import { engineOn, entryFor, newRig } from './testing/rig.ts';

const step = { step: 'intent', at: 1, note: null };

/** What a phase and a place end as; `kept`: the tree stands whole at its own name. */
const table: readonly (readonly [Phase, Where, Phase, boolean])[] = [
  ['intent', 'name', 'failed', true],
  ['intent', 'stale', 'done', false],
  ['intent', 'deleting', 'done', false],
  ['intent', 'nowhere', 'failed', false],
  ['set-aside', 'name', 'undone', true],
  ['set-aside', 'stale', 'done', false],
  ['set-aside', 'deleting', 'done', false],
  ['set-aside', 'nowhere', 'done', false],
  ['undoing', 'name', 'undone', true],
  ['undoing', 'stale', 'undone', true],
  ['undoing', 'deleting', 'done', false],
  ['undoing', 'nowhere', 'done', false],
  ['deleting', 'name', 'undone', true],
  ['deleting', 'stale', 'done', false],
  ['deleting', 'deleting', 'done', false],
  ['deleting', 'nowhere', 'done', false],
  ['partial', 'name', 'undone', true],
  ['partial', 'stale', 'done', false],
  ['partial', 'deleting', 'done', false],
  ['partial', 'nowhere', 'done', false],
];

describe('recovery, told to go ahead, of an operation whose process has ended', () => {
  it.each(table)('%s, and the thing is at: %s → %s', async (phase, where, end, kept) => {
    const rig = await newRig();
    const { entry, whole, place } = await interrupted(rig, phase, where);
    const [first] = await recover(rig.engine, { now: true });
    expect(first).toMatchObject({ id: entry.id, phase: end, owner: null, errors: [] });
    expect(first?.endedAt).not.toBe(null);
    expect(present(rig.box)).toEqual(kept ? ['D'] : []);
    if (kept) expect(fingerprint(place('name'))).toBe(whole);
    const before = await rig.engine.store.get(entry.id);
    expect(await recover(rig.engine, { now: true })).toEqual([]);
    expect(await rig.engine.store.get(entry.id)).toEqual(before);
    expect(present(rig.box)).toEqual(kept ? ['D'] : []);
  });

  it('a directory that the tool made anew meanwhile stays, whatever becomes of the old one', async () => {
    for (const phase of ['intent', 'set-aside', 'undoing', 'deleting', 'partial'] as const) {
      const rig = await newRig();
      const { entry } = await interrupted(rig, phase, phase === 'deleting' ? 'deleting' : 'stale');
      smallTree(path.join(rig.box, 'D'));
      const fresh = fingerprint(path.join(rig.box, 'D'));
      // Of one that was on its way back the old one is kept as well: somebody asked for it.
      const kept = phase === 'undoing';
      expect(await recover(rig.engine, { now: true })).toMatchObject([{ phase: kept ? 'set-aside' : 'done' }]);
      expect(fingerprint(path.join(rig.box, 'D'))).toBe(fresh);
      expect(present(rig.box)).toEqual(kept ? ['D', entry.stale.toString()] : ['D']);
    }
  });
});

describe('recovery on opening', () => {
  it.each(['intent', 'set-aside'] as const)('keeps an open undo window (%s)', async (phase) => {
    const rig = await newRig();
    const { entry, whole, place } = await interrupted(rig, phase, 'stale');
    await recover(rig.engine, { now: false });
    await recover(rig.engine, { now: false });
    expect(await rig.engine.store.get(entry.id)).toMatchObject({
      phase: 'set-aside',
      owner: null,
      undoUntil: entry.undoUntil,
    });
    expect(fingerprint(place('stale'))).toBe(whole);
    expect(present(rig.box)).toEqual([entry.stale.toString()]);
  });

  it('ends a window that is over, and goes on with a delete', async () => {
    for (const phase of ['intent', 'set-aside', 'deleting'] as const) {
      const rig = await newRig();
      await interrupted(rig, phase, phase === 'deleting' ? 'deleting' : 'stale', { undoUntil: Date.now() - 1 });
      expect(await recover(rig.engine, { now: false })).toMatchObject([{ phase: 'done', entries: 13 }]);
      expect(present(rig.box)).toEqual([]);
    }
  });

  it('does not try again what could not be deleted, until it is told to', async () => {
    const rig = await newRig();
    const { entry } = await interrupted(rig, 'partial', 'deleting', { owner: null });
    expect(await recover(rig.engine, { now: false })).toEqual([]);
    expect(present(rig.box)).toEqual([entry.deleting.toString()]);
    expect(await recover(rig.engine, { now: true })).toMatchObject([{ phase: 'done' }]);
  });
});

describe('several recoverers at once', () => {
  it('finish each operation once', async () => {
    const rig = await newRig();
    const ids: string[] = [];
    for (let index = 0; index < 6; index += 1) {
      const at = path.join(rig.box, `D${index}`);
      smallTree(at);
      const entry = entryFor(at, index % 2 === 0 ? 'set-aside' : 'deleting');
      await rig.engine.store.begin(entry, step);
      fs.renameSync(at, path.join(rig.box, (index % 2 === 0 ? entry.stale : entry.deleting).toString()));
      ids.push(entry.id);
    }
    const engines = await Promise.all(Array.from({ length: 6 }, () => engineOn(path.join(rig.box, 'state'))));
    const results = await Promise.all(engines.map((engine) => recover(engine, { now: true })));
    expect(
      results
        .flat()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...ids].sort());
    expect(results.flat().every(({ phase, entries }) => phase === 'done' && entries === 13)).toBe(true);
    expect(present(rig.box)).toEqual([]);
    for (const id of ids) {
      const record = await rig.engine.store.get(id);
      expect(record?.steps.filter((it) => it.step === 'done')).toHaveLength(1);
    }
  });
});
