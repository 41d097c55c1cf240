import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sandbox, siblings, smallTree } from '../../../e2e/support/sandbox.ts';
import { lockCache, lockPlaces } from './lock.ts';
import { lockingChild as child } from './testing/lock-process.ts';

const holder = `
  const lock = await lockCache(root, state, 5000);
  say(lock === null ? 'none' : 'held');
  process.stdin.once('data', () => { lock.release(); say('released'); });`;

describe('the lock of a cache', () => {
  it('is exclusive between processes, and free when it is released', async () => {
    const box = sandbox();
    const root = path.join(box, 'cache');
    smallTree(root);
    const other = await child(holder, root, path.join(box, 'state'));
    expect(await other.line()).toBe('held');
    expect(await lockCache(root, path.join(box, 'state'), 200)).toBe(null);
    other.go();
    expect(await other.line()).toBe('released');
    const mine = await lockCache(root, path.join(box, 'state'), 5000);
    expect(mine).not.toBe(null);
    mine?.release();
  });

  it('is exclusive inside one process', async () => {
    const box = sandbox();
    const root = path.join(box, 'cache');
    const lock = await lockCache(root, path.join(box, 'state'), 0);
    expect(await lockCache(root, path.join(box, 'state'), 100)).toBe(null);
    // The attempt that failed must not have taken the lock away: closing any descriptor of a file frees its POSIX locks.
    const program = `say((await lockCache(root, state, 200)) === null ? 'none' : 'held')`;
    expect(await (await child(program, root, path.join(box, 'state'))).line()).toBe('none');
    lock?.release();
  });

  it('is freed by the system when its process is killed, and the file that is left is no obstacle', async () => {
    const box = sandbox();
    const root = path.join(box, 'cache');
    smallTree(root);
    const other = await child(holder, root, path.join(box, 'state'));
    expect(await other.line()).toBe('held');
    await other.kill();
    const mine = await lockCache(root, path.join(box, 'state'), 5000);
    expect(mine).not.toBe(null);
    mine?.release();
    expect(siblings(root)).toEqual(['state']);
  });

  it('leaves nothing beside the cache, and never anything in it', async () => {
    const box = sandbox();
    const root = path.join(box, 'cache');
    smallTree(root);
    const lock = await lockCache(root, path.join(box, 'state'), 0);
    expect(siblings(root)).toHaveLength(2);
    expect(fs.readdirSync(root)).toEqual(['a', 'b', 'c']);
    lock?.release();
    expect(siblings(root)).toEqual(['state']);
    expect(fs.readdirSync(path.join(box, 'state', 'locks'))).toEqual([]);
  });

  it.each(['a directory', 'a link', 'text'])(
    'does without the place beside the cache when %s stands there',
    async (what) => {
      const box = sandbox();
      const root = path.join(box, 'cache');
      smallTree(root);
      const state = path.join(box, 'state');
      const [beside = '', fallback = ''] = lockPlaces(root, state);
      fs.writeFileSync(path.join(box, 'precious'), '');
      if (what === 'a directory') fs.mkdirSync(beside);
      if (what === 'a link') fs.symlinkSync('precious', beside);
      if (what === 'text') fs.writeFileSync(beside, 'mine'.repeat(300));
      const lock = await lockCache(root, state, 0);
      expect(lock?.path).toBe(fallback);
      expect(await lockCache(root, state, 50)).toBe(null);
      lock?.release();
      expect(fs.lstatSync(beside, { throwIfNoEntry: false })).toBeDefined();
      expect(fs.readFileSync(path.join(box, 'precious'), 'utf8')).toBe('');
    },
  );

  it('stands in the own folder when the name beside would be too long', async () => {
    const box = sandbox();
    const root = path.join(box, 'n'.repeat(250));
    const lock = await lockCache(root, path.join(box, 'state'), 0);
    expect(lock?.path.startsWith(path.join(box, 'state', 'locks'))).toBe(true);
    lock?.release();
  });

  it('never lets two in, in 1200 turns of four processes that do nothing else', async () => {
    const box = sandbox();
    const root = path.join(box, 'cache');
    smallTree(root);
    const contender = `
      const inside = root + '/inside';
      for (let round = 0; round < 300; round += 1) {
        const lock = await lockCache(root, state, 60000);
        if (lock === null) { say('starved'); break; }
        try { fs.closeSync(fs.openSync(inside, 'wx')); } catch (error) { say('two inside'); break; }
        fs.unlinkSync(inside);
        lock.release();
      }
      say('end');`;
    const contenders = await Promise.all([0, 1, 2, 3].map(() => child(contender, root, path.join(box, 'state'))));
    expect(await Promise.all(contenders.map((it) => it.line()))).toEqual(['end', 'end', 'end', 'end']);
    expect(siblings(root)).toEqual(['state']);
  });
});
