import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { canUnshare, fingerprint, missing, smallTree, write } from '../../../e2e/support/sandbox.ts';
import { look } from '../fs/identity.ts';
import { raw } from '../fs/raw.ts';
import type { Engine } from './engine.ts';
import { recover } from './recover.ts';
import { sweep } from './sweep.ts';
import { answerOf, command, script, withOwnMounts } from './testing/children.ts';
import type { DiskAwayAnswer } from './testing/disk-away.ts';
import { interrupted, present } from './testing/interrupted.ts';
import { newRig } from './testing/rig.ts';
import { undo } from './undo.ts';

const over = () => Date.now() - 1;

describe('recovery of an undo that was killed half way', () => {
  it.each([true, false])('puts the copy back, window over or not, told to go ahead: %s', async (now) => {
    for (const undoUntil of [over(), Date.now() + 3_600_000]) {
      const rig = await newRig();
      const { entry, whole, place } = await interrupted(rig, 'undoing', 'stale', { undoUntil });
      expect(await recover(rig.engine, { now })).toMatchObject([{ id: entry.id, phase: 'undone', owner: null }]);
      expect(fingerprint(place('name'))).toBe(whole);
      expect(present(rig.box)).toEqual(['D']);
    }
  });

  it('goes on to the name beside it that it had chosen', async () => {
    const rig = await newRig();
    const restored = raw('D.restored-2026-01-01');
    const { whole } = await interrupted(rig, 'undoing', 'stale', { undoUntil: over(), restored });
    write(rig.box, { 'D/new': 'new' });
    const [record] = await recover(rig.engine, { now: false });
    expect(record).toMatchObject({ phase: 'undone' });
    expect(fingerprint(path.join(rig.box, record?.restored?.toString() ?? ''))).toBe(whole);
    expect(fs.readdirSync(path.join(rig.box, 'D'))).toEqual(['new']);
  });

  it('keeps it for an hour and says why, when a new one stands in the way', async () => {
    const rig = await newRig();
    const { whole, place } = await interrupted(rig, 'undoing', 'stale', { undoUntil: over() });
    write(rig.box, { 'D/new': 'new' });
    const [record] = await recover(rig.engine, { now: true });
    expect(record).toMatchObject({ phase: 'set-aside', owner: null, errors: [{ step: 'undo', code: 'recreated' }] });
    expect((record?.undoUntil ?? 0) - Date.now()).toBeGreaterThan(3_000_000);
    expect(await recover(rig.engine, { now: false })).toEqual([]);
    expect(fingerprint(place('stale'))).toBe(whole);
  });
});

describe('recovery', () => {
  it('looks again at each when its turn comes: an undo may have been asked for since it began', async () => {
    const rig = await newRig();
    const { engine } = rig;
    const { entry, whole, place } = await interrupted(rig, 'set-aside', 'stale', { undoUntil: over(), owner: null });
    write(rig.box, { 'D/new': 'new' });
    const open: typeof engine.store.open = async () => {
      const all = await engine.store.open();
      await expect(undo(engine, entry.id)).rejects.toMatchObject({ code: 'recreated' });
      return all;
    };
    expect(await recover({ ...engine, store: { ...engine.store, open } }, { now: false })).toEqual([]);
    expect(fingerprint(place('stale'))).toBe(whole);
  });

  it('writes and tells what goes wrong once, however often it is tried', async () => {
    const rig = await newRig();
    const told: string[] = [];
    const engine: Engine = { ...rig.engine, changed: ({ id }) => void told.push(id) };
    const disk = path.join(rig.box, 'disk');
    smallTree(path.join(disk, 'D'));
    const { entry } = await interrupted({ ...rig, box: disk }, 'set-aside', 'stale', { undoUntil: over() });
    fs.renameSync(disk, `${disk}.away`);
    for (let times = 0; times < 5; times += 1) await recover(engine, { now: false });
    const record = await engine.store.get(entry.id);
    expect(record).toMatchObject({ phase: 'set-aside', errors: [{ step: 'recover', code: 'ENOENT' }] });
    expect(record?.steps).toHaveLength(2);
    expect(told).toEqual([entry.id]);
  });

  it.skipIf(missing(!canUnshare))('calls nothing gone while another disk stands at its folder', async () => {
    const answer = answerOf<DiskAwayAnswer>(await command([...withOwnMounts, ...script('disk-away', null)]));
    expect(answer).toEqual({ away: ['set-aside', 'set-aside'], back: 'undone', stands: true });
  });
});

describe('a sweep', () => {
  it('puts back what was put there between the look and the rename', async () => {
    const { box, engine } = await newRig();
    const name = 'D.stale-4194300';
    const at = path.join(box, name);
    smallTree(at);
    const facts = look(at);
    if (facts === null) throw new Error('it is not there');
    const begin: typeof engine.store.begin = async (...words) => {
      await engine.store.begin(...words);
      fs.renameSync(at, path.join(box, 'elsewhere'));
      write(at, { precious: 'precious' });
    };
    const { identity, born } = facts;
    const order = { parent: raw(box), name: raw(name), identity, born, tool: null, planned: null, evidence: 'test' };
    const swapped = { ...engine, store: { ...engine.store, begin } };
    expect(await sweep(swapped, order, new AbortController().signal)).toMatchObject({
      phase: 'failed',
      errors: [{ step: 'claim', code: 'changed', message: expect.stringContaining('put back') }],
    });
    expect(fs.readdirSync(at)).toEqual(['precious']);
    expect(present(box).toSorted()).toEqual([name, 'elsewhere'].toSorted());
  });
});
