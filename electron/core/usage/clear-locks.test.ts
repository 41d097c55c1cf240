import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fingerprint, has, missing, onLinux, siblings } from '../../../e2e/support/sandbox.ts';
import type { ToolLocks } from '../catalog/tool.ts';
import { setAside } from '../clear/set-aside.ts';
import { newRig } from '../clear/testing/rig.ts';
import { lockForClear } from './clear-locks.ts';
import { kernelLocks, locksOn } from './proc-locks.ts';
import { lockingChild, taker } from './testing/lock-process.ts';

const locks: ToolLocks = { kind: 'flock', files: (root) => [path.join(root, '.lock')], taken: ['.lock'] };

/** A cache with a lock file on top, and the order to set one of its units aside. */
const newCache = async () => {
  const rig = await newRig();
  const root = path.join(rig.box, 'cache');
  fs.mkdirSync(root);
  const file = path.join(root, '.lock');
  fs.writeFileSync(file, '');
  const job = { ...rig.assignment('cache/unit'), parent: Buffer.from(root), name: Buffer.from('unit'), root, locks };
  return { engine: rig.engine, root, file, job: { ...job, names: { ...job.names, ...rig.assignment('unit').names } } };
};

const newcomerGets = (file: string): boolean => spawnSync('flock', ['-n', '-s', file, 'true']).status === 0;

describe.skipIf(!onLinux || missing(!has('flock')))('a clear and the locks of a cache', () => {
  it("has both while it renames, and neither afterwards; the tool's file stays where it is", async () => {
    const { engine, root, file, job } = await newCache();
    const before = fs.statSync(file).ino;
    const during: boolean[] = [];
    const begin: typeof engine.store.begin = async (...args) => {
      during.push(newcomerGets(file));
      const hold = await lockingChild(taker('shared', 100), root, `${engine.stateDir}-other`);
      during.push((await hold.line()) === 'held');
      return engine.store.begin(...args);
    };
    const store: typeof engine.store = Object.assign(Object.create(engine.store), { begin });
    const record = await setAside({ ...engine, store }, job);
    expect([record.phase, record.errors]).toEqual(['set-aside', []]);
    expect(during).toEqual([false, false]);
    expect(newcomerGets(file)).toBe(true);
    expect(fs.statSync(file).ino).toBe(before);
    expect(siblings(root).filter((name) => name.endsWith('.lock'))).toEqual([]);
  });

  it('is refused, with nothing touched, while the tool holds its lock longer than a clear waits (row 74)', async () => {
    const { engine, root, file, job } = await newCache();
    const holder = spawn('flock', ['-s', file, 'sleep', '65'], { stdio: 'ignore', detached: true });
    onTestFinished(() => void process.kill(-(holder.pid ?? 0), 'SIGKILL'));
    await once(holder, 'spawn');
    while (locksOn(file, kernelLocks() ?? []).length === 0) await sleep(10);
    const before = fingerprint(root);
    const started = performance.now();
    const record = await setAside(engine, job);
    expect(performance.now() - started).toBeGreaterThan(9000);
    expect(record).toMatchObject({ phase: 'refused', errors: [{ step: 'lock', code: 'in-use', path: root }] });
    expect(record.errors[0]?.message).toContain('sleep 65');
    expect(fingerprint(root)).toBe(before);
    const anyway = await setAside(engine, { ...job, evenIfInUse: true });
    expect(anyway.phase).toBe('set-aside');
    expect(anyway.steps.map(({ note }) => note).join()).toContain('cleared even so');
  });

  it('waits for a hold, and is refused with its name when that does not end', async () => {
    const { engine, root, job } = await newCache();
    const hold = await lockingChild(taker('shared'), root, engine.stateDir);
    expect(await hold.line()).toBe('held');
    const wish = { root, stateDir: engine.stateDir, locks: undefined, patienceMs: 300, evenIfInUse: false };
    await expect(lockForClear(wish)).rejects.toMatchObject({
      code: 'in-use',
      message: expect.stringContaining(`(process ${hold.pid}, has its lock)`),
    });
    const cleared = setAside(engine, job);
    await sleep(300);
    hold.go();
    expect((await cleared).phase).toBe('set-aside');
  });

  it('goes over the heads of holds when a person says so, but never over another clear', async () => {
    const { engine, root } = await newCache();
    const wish = { root, stateDir: engine.stateDir, locks: undefined, patienceMs: 300, evenIfInUse: true };
    const hold = await lockingChild(taker('shared'), root, engine.stateDir);
    expect(await hold.line()).toBe('held');
    const over = await lockForClear(wish);
    await expect(lockForClear(wish)).rejects.toMatchObject({ code: 'in-use' });
    over.release();
    await hold.kill();
    const clear = await lockingChild(taker('exclusive'), root, engine.stateDir);
    expect(await clear.line()).toBe('held');
    await expect(lockForClear(wish)).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining(`process ${clear.pid}`),
    });
  });
});
