import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { onLinux, sandbox, siblings, smallTree } from '../../../e2e/support/sandbox.ts';
import { lockHolders, lockPlaces, removeDeadLock, takeLock } from './lock.ts';
import { lockingChild, taker } from './testing/lock-process.ts';

const newCache = () => {
  const box = sandbox();
  const root = path.join(box, 'cache');
  const state = path.join(box, 'state');
  smallTree(root);
  const take = (mode: 'exclusive' | 'shared' | 'over-holders', patienceMs = 0) =>
    takeLock(root, state, { mode, patienceMs });
  return { root, state, take, left: () => [siblings(root), fs.readdirSync(path.join(state, 'locks'))] };
};

const nothingLeft = [['state'], []];

describe('the lock of a cache, shared', () => {
  it('is had by several at once, and by nobody alone meanwhile; the last one to let go removes it', async () => {
    const { root, state, take, left } = newCache();
    const first = await lockingChild(taker('shared'), root, state);
    const second = await lockingChild(taker('shared'), root, state);
    expect([await first.line(), await second.line()]).toEqual(['held', 'held']);
    expect(await take('exclusive', 100)).toBe(null);
    expect(await first.line()).toBe('this machine');
    first.go();
    expect(await first.line()).toBe('released');
    expect(left()[0]).toHaveLength(2);
    expect(await take('exclusive', 100)).toBe(null);
    expect(await second.line()).toBe('this machine');
    second.go();
    expect(await second.line()).toBe('released');
    expect(left()).toEqual(nothingLeft);
    const alone = await take('exclusive');
    expect(alone).not.toBe(null);
    alone?.release();
  });

  it('is not had while somebody has it alone, and waits for them', async () => {
    const { root, state, take, left } = newCache();
    const clear = await lockingChild(taker('exclusive'), root, state);
    expect(await clear.line()).toBe('held');
    expect(await take('shared', 100)).toBe(null);
    const later = take('shared', 30_000);
    clear.go();
    const lock = await later;
    expect(lock).not.toBe(null);
    lock?.release();
    expect(left()).toEqual(nothingLeft);
  });

  it('is shared inside one process too, and one of two that lets go leaves the other its lock', async () => {
    const { root, state, take } = newCache();
    const [one, two] = [await take('shared'), await take('shared')];
    expect(await take('exclusive', 50)).toBe(null);
    one?.release();
    expect(await take('exclusive', 50)).toBe(null);
    const other = await lockingChild(taker('exclusive', 200), root, state);
    expect(await other.line()).toBe('none');
    two?.release();
    const alone = await take('exclusive');
    expect(alone).not.toBe(null);
    alone?.release();
  });

  it('is freed at once when its process is killed, though a child of it goes on (row 76)', async () => {
    const { root, state, take } = newCache();
    const daemon = `
      const { spawn } = await import('node:child_process');
      const child = spawn('sleep', ['60'], { stdio: 'ignore', detached: true });
      say(child.pid);`;
    const other = await lockingChild(`${taker('shared')} ${daemon}`, root, state);
    expect([await other.line(), await other.line()]).toEqual(['held', 'this machine']);
    const pid = Number(await other.line());
    try {
      await other.kill();
      const alone = await take('exclusive');
      expect(alone).not.toBe(null);
      expect(process.kill(pid, 0)).toBe(true);
      alone?.release();
    } finally {
      process.kill(pid, 'SIGKILL');
    }
  });

  it('does not stop a clear that goes over the heads of its holders, and only one of those gets in', async () => {
    const { root, state, take, left } = newCache();
    const hold = await lockingChild(taker('shared'), root, state);
    expect(await hold.line()).toBe('held');
    const over = await lockingChild(taker('over-holders'), root, state);
    expect(await over.line()).toBe('held');
    expect(await take('over-holders', 100)).toBe(null);
    expect(await take('exclusive', 100)).toBe(null);
    expect(await over.line()).toBe('this machine');
    over.go();
    expect(await over.line()).toBe('released');
    expect(await take('exclusive', 100)).toBe(null);
    expect(await hold.line()).toBe('this machine');
    hold.go();
    expect(await hold.line()).toBe('released');
    expect(left()).toEqual(nothingLeft);
  });

  it('leaves nothing that is in the way when eight let go at the same moment', async () => {
    const { root, state, take, left } = newCache();
    const all = await Promise.all(Array.from({ length: 8 }, () => lockingChild(taker('shared', 5000), root, state)));
    for (const it of all) expect([await it.line(), await it.line()]).toEqual(['held', 'this machine']);
    for (const it of all) it.go();
    for (const it of all) expect(await it.line()).toBe('released');
    const alone = await take('exclusive', 5000);
    expect(alone).not.toBe(null);
    alone?.release();
    removeDeadLock(root, state);
    expect(left()).toEqual(nothingLeft);
  });

  it.skipIf(!onLinux)('names who has it, looked at without taking it', async () => {
    const { root, state, take } = newCache();
    expect(lockHolders(root, state)).toEqual([]);
    const other = await lockingChild(taker('shared'), root, state);
    expect(await other.line()).toBe('held');
    expect(lockHolders(root, state)).toMatchObject([{ pid: other.pid, evidence: 'has its lock' }]);
    expect(lockHolders(`${root}-beside`, state)).toEqual([]);
    await other.kill();
    expect(lockHolders(root, state)).toEqual([]);
    const clear = await lockingChild(taker('exclusive'), root, state);
    expect(await clear.line()).toBe('held');
    expect(lockHolders(root, state)).toMatchObject([{ pid: clear.pid, evidence: 'clearing it now' }]);
    await clear.kill();
    const own = await take('shared');
    expect(lockHolders(root, state)).toEqual([]);
    own?.release();
  });
});

describe('a lock file that somebody removes while it is held (row 75)', () => {
  it.each(['removed', 'removed and made anew'])('lets nobody else of the same user in: %s', async (what) => {
    const { root, state, take } = newCache();
    const [beside] = lockPlaces(root, state);
    const hold = await take('shared');
    fs.unlinkSync(beside);
    if (what !== 'removed') fs.writeFileSync(beside, '', { mode: 0o666 });
    const other = await lockingChild(taker('exclusive', 300), root, state);
    expect(await other.line()).toBe('none');
    hold?.release();
  });

  it('is noticed by its holder, who makes and locks it anew: then nobody of another user gets in either', async () => {
    const { root, state, take } = newCache();
    const [beside] = lockPlaces(root, state);
    const hold = await take('shared');
    fs.unlinkSync(beside);
    expect(hold?.isIntact()).toBe(false);
    expect(hold?.renew()).toBe(true);
    expect(hold?.isIntact()).toBe(true);
    const other = await lockingChild(taker('exclusive', 300), root, `${state}-of-another`);
    expect(await other.line()).toBe('none');
    hold?.release();
    expect(fs.existsSync(beside)).toBe(false);
  });

  it('is not taken again while another is in already, and the holder can tell', async () => {
    const { root, state, take } = newCache();
    const [beside] = lockPlaces(root, state);
    const hold = await take('shared');
    fs.unlinkSync(beside);
    const other = await lockingChild(taker('exclusive', 300), root, `${state}-of-another`);
    expect([await other.line(), await other.line()]).toEqual(['held', 'this machine']);
    expect(hold?.renew()).toBe(false);
    other.go();
    expect(await other.line()).toBe('released');
    expect(hold?.renew()).toBe(true);
    hold?.release();
  });

  it('never lets two in while it is removed again and again', async () => {
    const { root, state } = newCache();
    const [beside] = lockPlaces(root, state);
    const contender = `
      const inside = root + '/inside';
      for (let round = 0; round < 150; round += 1) {
        const lock = await lockCache(root, state, 60000);
        if (lock === null) { say('starved'); break; }
        try { fs.closeSync(fs.openSync(inside, 'wx')); } catch { say('two inside'); break; }
        fs.unlinkSync(inside);
        lock.release();
      }
      say('end');`;
    const contenders = await Promise.all([0, 1, 2].map(() => lockingChild(contender, root, state)));
    let removed = 0;
    const remover = setInterval(() => {
      fs.rmSync(beside, { force: true });
      removed += 1;
    }, 2);
    try {
      expect(await Promise.all(contenders.map((it) => it.line()))).toEqual(['end', 'end', 'end']);
    } finally {
      clearInterval(remover);
    }
    expect(removed).toBeGreaterThan(10);
  });
});
