import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprint, has, isRoot, missing, onLinux, siblings, smallTree } from '../../../e2e/support/sandbox.ts';
import { raw } from '../fs/raw.ts';
import { finish } from './finish.ts';
import { namesFor } from './names.ts';
import { setAside } from './set-aside.ts';
import { answerOf, asOrdinaryUser, command, ordinaryUser, script, withOwnMounts } from './testing/children.ts';
import type { ClearOneAnswer, ClearOneOrder } from './testing/clear-one.ts';
import { carryOut, homeEnv, newHome, planFor, value } from './testing/home.ts';
import { newRig } from './testing/rig.ts';

const order = (stateDir: string, more: Partial<ClearOneOrder> = {}): ClearOneOrder => ({
  stateDir,
  text: 'pip-tools/pkgs',
  undoWindowMs: 0,
  recover: 0,
  ...more,
});

const noUser = isRoot && !has('setpriv');

describe('a rename that is not possible', () => {
  it.skipIf(missing(noUser))(
    `fails with the reason when the folder above may not be written, and touches nothing${noUser ? ' (SKIPPED: there is no setpriv here)' : ''}`,
    async () => {
      const { box, home, stateDir, unit } = newHome();
      fs.chmodSync(box, 0o755);
      if (isRoot) spawnSync('chown', ['-R', `${ordinaryUser}:${ordinaryUser}`, box]);
      fs.chmodSync(path.dirname(unit), 0o555);
      const before = fingerprint(unit);
      const child = [...asOrdinaryUser, ...script('clear-one', order(stateDir))];
      const { operations, history } = answerOf<ClearOneAnswer>(await command(child, homeEnv(home)));
      const message = expect.stringMatching(/where you may not write: chmod u\+w/);
      expect(operations).toMatchObject([
        {
          state: 'failed',
          bytes: { freed: 0 },
          errors: [{ step: 'set-aside', errno: 13, code: 'EACCES', path: unit, message }],
        },
      ]);
      expect(history).toEqual(operations);
      expect(fingerprint(unit)).toBe(before);
      expect(siblings(unit)).toEqual([]);
    },
  );

  const probe =
    'd=$(mktemp -d) && mkdir $d/l $d/u $d/w $d/m && mount -t overlay o -o lowerdir=$d/l,upperdir=$d/u,workdir=$d/w $d/m';
  const noOverlay =
    !onLinux || !isRoot || !has('unshare') || spawnSync('unshare', ['-m', 'sh', '-c', probe]).status !== 0;

  it.skipIf(missing(noOverlay))(
    `fails when it stands on a lower layer of an overlay: no copy is made${noOverlay ? ' (SKIPPED: no overlay can be mounted here)' : ''}`,
    async () => {
      const { box, home, stateDir, unit } = newHome();
      const layers = ['upper', 'work'].map((name) => path.join(box, name));
      for (const layer of layers) fs.mkdirSync(layer);
      const cache = path.dirname(unit);
      const options = `lowerdir=${cache},upperdir=${layers[0]},workdir=${layers[1]},redirect_dir=off`;
      const before = fingerprint(unit);
      const mount = ['mount', '-t', 'overlay', 'overlay', '-o', options, cache];
      const child = [...withOwnMounts, ...script('clear-one', order(stateDir, { before: [mount] }))];
      const { operations } = answerOf<ClearOneAnswer>(await command(child, homeEnv(home)));
      expect(operations).toMatchObject([
        { state: 'failed', errors: [{ step: 'set-aside', errno: 18, code: 'EXDEV', path: unit }] },
      ]);
      expect(fingerprint(unit)).toBe(before);
      // Whatever had been copied or removed would stand in the upper layer.
      expect(fs.readdirSync(layers[0] ?? '')).toEqual([]);
    },
  );
});

describe('a name that is taken', () => {
  it.each(['an empty directory', 'a directory', 'a file', 'a dangling link'])(
    'is not replaced when it is %s: another one is drawn',
    async (kind) => {
      const { box, engine, assignment } = await newRig();
      const job = assignment('D');
      const before = fingerprint(path.join(box, 'D'));
      const taken = path.join(box, job.names.stale.toString());
      if (kind.endsWith('directory')) fs.mkdirSync(taken);
      if (kind === 'a directory') fs.writeFileSync(path.join(taken, 'mine'), '');
      if (kind === 'a file') fs.writeFileSync(taken, 'mine');
      if (kind === 'a dangling link') fs.symlinkSync('nowhere', taken);
      const theirs = fs.lstatSync(taken).ino;
      const record = await setAside(engine, job);
      expect(record.phase).toBe('set-aside');
      expect(record.stale.equals(job.names.stale)).toBe(false);
      expect(fs.lstatSync(taken).ino).toBe(theirs);
      expect(fingerprint(path.join(box, record.stale.toString()))).toBe(before);
    },
  );

  it('of the second rename is not replaced either: the copy is kept, and the reason is told', async () => {
    const { box, engine, assignment } = await newRig();
    const record = await setAside(engine, assignment('D'));
    const taken = path.join(box, record.deleting.toString());
    fs.mkdirSync(taken);
    const theirs = fs.lstatSync(taken).ino;
    const ended = await finish(engine, record.id, ['set-aside']);
    expect(ended).toMatchObject({ phase: 'partial', errors: [{ step: 'delete', code: 'changed' }], freed: 0 });
    expect(fs.lstatSync(taken).ino).toBe(theirs);
    expect(fs.readdirSync(path.join(box, record.stale.toString()))).toEqual(['a', 'b', 'c']);
    fs.rmdirSync(taken);
    expect(await finish(engine, record.id, ['partial'])).toMatchObject({ phase: 'done', errors: [] });
    expect(fs.readdirSync(box)).toEqual(['state']);
  });
});

describe('long names', () => {
  it.each([
    ['250 bytes', 'n'.repeat(250)],
    ['85 characters of three bytes', '界'.repeat(85)],
    ['a new line, and what looks like an option', '-rf\n'],
  ])('of %s are cleared and undone', async (_, name) => {
    const { box, open } = newHome();
    const inspector = await open();
    const at = path.join(box, 'folders', name);
    smallTree(at);
    const before = fingerprint(at);
    const added = value(await inspector.call('add', { path: at, isCache: true }));
    const kept = await carryOut(inspector, await planFor(inspector, added.id), 3_600_000);
    const [aside = '', ...others] = siblings(at);
    expect(others).toEqual([]);
    expect(Buffer.byteLength(aside)).toBeLessThanOrEqual(255);
    expect(aside).not.toContain('\ufffd');
    expect(value(await inspector.call('undo', { operation: kept.id }))).toMatchObject({ state: 'undone' });
    expect(fingerprint(at)).toBe(before);
    expect(await carryOut(inspector, await planFor(inspector, added.id), 0)).toMatchObject({ state: 'done' });
    expect(fs.readdirSync(path.join(box, 'folders'))).toEqual([]);
  });

  it('keep their beginning, cut between characters', () => {
    const { stale, deleting } = namesFor(raw('界'.repeat(85)), 4_194_304, '0123456789abcdef');
    for (const name of [stale, deleting]) {
      expect(name.length).toBeLessThanOrEqual(255);
      expect(name.toString()).not.toContain('\ufffd');
      expect(name.toString()).toMatch(/^界+\.(stale|deleting)-4194304-0123456789abcdef$/);
    }
  });
});
