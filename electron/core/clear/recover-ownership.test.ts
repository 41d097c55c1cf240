import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprint, smallTree } from '../../../e2e/support/sandbox.ts';
import { self } from '../usage/processes.ts';
import { recover } from './recover.ts';
import { interrupted, present } from './testing/interrupted.ts';
import { entryFor, newRig } from './testing/rig.ts';

const step = { step: 'intent', at: 1, note: null };

describe('what recovery takes for its own', () => {
  it('is known by its inode when the device has another number after a reboot', async () => {
    const rig = await newRig();
    const at = path.join(rig.box, 'D');
    smallTree(at);
    const { ino } = fs.lstatSync(at);
    const entry = entryFor(at, 'set-aside', { boot: 'another-boot', identity: { dev: 987_654, ino } });
    await rig.engine.store.begin(entry, step);
    fs.renameSync(at, path.join(rig.box, entry.stale.toString()));
    expect(await recover(rig.engine, { now: true })).toMatchObject([{ phase: 'done', entries: 13 }]);
    expect(present(rig.box)).toEqual([]);
  });

  it('is known by its inode and its birth when its disk was mounted again in the same boot', async () => {
    const rig = await newRig();
    const at = path.join(rig.box, 'D');
    smallTree(at);
    const entry = entryFor(at, 'set-aside', { identity: { dev: 987_654, ino: fs.lstatSync(at).ino } });
    await rig.engine.store.begin(entry, step);
    fs.renameSync(at, path.join(rig.box, entry.stale.toString()));
    expect(await recover(rig.engine, { now: true })).toMatchObject([{ phase: 'done', entries: 13 }]);
    expect(present(rig.box)).toEqual([]);
  });

  it.each([null, '1'])('is not a thing with that inode on another device in the same boot, born %s', async (born) => {
    const rig = await newRig();
    const at = path.join(rig.box, 'D');
    smallTree(at);
    const entry = entryFor(at, 'set-aside', { born, identity: { dev: 987_654, ino: fs.lstatSync(at).ino } });
    await rig.engine.store.begin(entry, step);
    fs.renameSync(at, path.join(rig.box, entry.stale.toString()));
    await recover(rig.engine, { now: true });
    expect(present(rig.box)).toEqual([entry.stale.toString()]);
  });

  it.each(['stale', 'deleting'] as const)(
    'is not a directory that somebody planted under its %s name',
    async (where) => {
      for (const phase of ['intent', 'set-aside', 'undoing', 'deleting', 'partial'] as const) {
        const rig = await newRig();
        // Made before, so that it cannot get the number of the inode that is free by then.
        smallTree(path.join(rig.box, 'made'));
        const { entry, place } = await interrupted(rig, phase, 'nowhere');
        fs.renameSync(path.join(rig.box, 'made'), place(where));
        const theirs = fingerprint(place(where));
        await recover(rig.engine, { now: true });
        await recover(rig.engine, { now: true });
        expect(fingerprint(place(where))).toBe(theirs);
        // Nobody can tell that the copy is gone: it is told what is in the way, and tried again when that is not.
        const told = [{ code: 'changed', path: place(where) }];
        expect(await rig.engine.store.get(entry.id)).toMatchObject({ phase: 'partial', freed: 0, errors: told });
        fs.rmSync(place(where), { recursive: true });
        await recover(rig.engine, { now: true });
        expect(await rig.engine.store.get(entry.id)).toMatchObject({ phase: 'done', freed: 0, errors: [] });
      }
    },
  );

  it('is not a link under its name, nor what that leads to', async () => {
    const rig = await newRig();
    const { place } = await interrupted(rig, 'deleting', 'nowhere');
    smallTree(path.join(rig.box, 'precious'));
    const before = fingerprint(path.join(rig.box, 'precious'));
    fs.symlinkSync('precious', place('deleting'));
    await recover(rig.engine, { now: true });
    expect(fingerprint(path.join(rig.box, 'precious'))).toBe(before);
    expect(fs.readlinkSync(place('deleting'))).toBe('precious');
  });

  it('does not replace what somebody planted where the second name would be', async () => {
    const rig = await newRig();
    const { entry, place, whole } = await interrupted(rig, 'set-aside', 'stale');
    fs.mkdirSync(place('deleting'));
    const { ino } = fs.lstatSync(place('deleting'));
    expect(await recover(rig.engine, { now: true })).toMatchObject([
      { phase: 'partial', errors: [{ code: 'changed' }] },
    ]);
    expect(fs.lstatSync(place('deleting')).ino).toBe(ino);
    expect(fingerprint(place('stale'))).toBe(whole);
    expect(await rig.engine.store.get(entry.id)).toMatchObject({ phase: 'partial', freed: 0 });
  });
});

describe('what recovery leaves alone', () => {
  it.each([
    ['its process lives', self()],
    ['nobody can tell whether its process lives (another host)', { ...self(), host: 'elsewhere', pid: 1 }],
    ['nobody can tell whether its process lives (a container)', { ...self(), pidNamespace: 'pid:[1]', pid: 1 }],
  ])('an operation when %s', async (_, owner) => {
    for (const phase of ['intent', 'set-aside', 'undoing', 'deleting'] as const) {
      const rig = await newRig();
      const { entry, whole, place } = await interrupted(rig, phase, 'stale', { owner });
      expect(await recover(rig.engine, { now: true })).toEqual([]);
      expect(fingerprint(place('stale'))).toBe(whole);
      expect(await rig.engine.store.get(entry.id)).toMatchObject({ phase, owner });
    }
  });

  it('an operation whose folder cannot be reached: it stays open with the error, and is finished later', async () => {
    const rig = await newRig();
    const folder = path.join(rig.box, 'disk');
    const at = path.join(folder, 'D');
    smallTree(at);
    const entry = entryFor(at, 'deleting');
    await rig.engine.store.begin(entry, step);
    fs.renameSync(at, path.join(folder, entry.deleting.toString()));
    fs.renameSync(folder, path.join(rig.box, 'unplugged'));
    for (let times = 0; times < 2; times += 1) {
      expect(await recover(rig.engine, { now: true })).toMatchObject([
        { id: entry.id, phase: 'deleting', errors: [{ step: 'recover', errno: 2, code: 'ENOENT' }] },
      ]);
    }
    fs.renameSync(path.join(rig.box, 'unplugged'), folder);
    expect(await recover(rig.engine, { now: true })).toMatchObject([{ phase: 'done', errors: [] }]);
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});
