import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { fingerprint, smallTree, write } from '../../../e2e/support/sandbox.ts';
import { look } from '../fs/identity.ts';
import { raw } from '../fs/raw.ts';
import { fs } from '../fs/seam.ts';
import { tryFlock } from '../usage/flock.ts';
import { takeLock } from '../usage/lock.ts';
import type { Engine } from './engine.ts';
import { recover } from './recover.ts';
import { type SweepOrder, sweep } from './sweep.ts';
import { deadOwner, newRig } from './testing/rig.ts';

const orderFor = (at: string, more: Partial<SweepOrder> = {}): SweepOrder => {
  const facts = look(at);
  if (facts === null) throw new Error(`${at} is not there`);
  return {
    parent: raw(path.dirname(at)),
    name: raw(path.basename(at)),
    identity: facts.identity,
    born: facts.born,
    tool: 'npm',
    planned: null,
    evidence: 'why',
    ...more,
  };
};

const rigWith = async () => {
  const { box, engine } = await newRig();
  const place = path.join(box, 'place');
  write(place, { '.lock': '', 'file.tmp': 'half', 'other.tmp': 'mine' });
  smallTree(path.join(place, '.tree-0123abcd'));
  const run = async (name: string, more: Partial<SweepOrder> = {}) =>
    sweep(engine, orderFor(path.join(place, name), more), new AbortController().signal);
  return { place, engine, run, lock: path.join(place, '.lock') };
};

const left = (place: string) => fs.readdirSync(place).sort();

describe('a sweep', () => {
  it('takes a single file away, and nothing else', async () => {
    const { place, run } = await rigWith();
    expect(await run('file.tmp')).toMatchObject({ phase: 'done', kind: 'sweep', entries: 1, errors: [] });
    expect(left(place)).toEqual(['.lock', '.tree-0123abcd', 'other.tmp']);
  });

  it('takes a folder away while it holds the tool’s lock, which is free and there afterwards', async () => {
    const { place, run, lock } = await rigWith();
    const asked: unknown[] = [];
    const again = async () => {
      asked.push(await tryFlock(lock));
      return null;
    };
    expect(await run('.tree-0123abcd', { locks: [lock], certain: true, again })).toMatchObject({ phase: 'done' });
    expect(asked).toEqual(process.platform === 'linux' ? ['busy'] : [expect.anything()]);
    expect(left(place)).toEqual(['.lock', 'file.tmp', 'other.tmp']);
    const free = await tryFlock(lock);
    expect(typeof free).toBe('object');
    if (typeof free === 'object') free.release();
  });

  it.skipIf(process.platform !== 'linux')('leaves it while somebody has that lock, whoever decided', async () => {
    const { place, run, lock } = await rigWith();
    const before = fingerprint(place);
    const held = await tryFlock(lock);
    if (typeof held === 'string') throw new Error(held);
    onTestFinished(() => held.release());
    for (const certain of [true, false]) {
      const record = await run('file.tmp', { locks: [lock], certain });
      expect(record).toMatchObject({ phase: 'refused', errors: [{ code: 'locked', step: 'claim' }] });
      expect(record.errors[0]?.message).toContain(lock);
    }
    expect(fingerprint(place)).toBe(before);
  });

  it('leaves what was safe by a lock that is gone; what a person named goes without it', async () => {
    const { place, run } = await rigWith();
    const locks = [path.join(place, 'gone.lock')];
    const refused = await run('file.tmp', { locks, certain: true });
    expect(refused).toMatchObject({ phase: 'refused', errors: [{ code: 'cannot-tell' }] });
    expect(await run('file.tmp', { locks, certain: false })).toMatchObject({ phase: 'done' });
    expect(left(place)).toEqual(['.lock', '.tree-0123abcd', 'other.tmp']);
  });

  it('leaves what has come to matter since the verdict, and what is another one by now', async () => {
    const { place, run } = await rigWith();
    const before = fingerprint(place);
    const record = await run('file.tmp', { again: async () => 'process 7 (npm) runs' });
    expect(record).toMatchObject({ phase: 'refused', errors: [{ code: 'look-first' }] });
    expect(record.errors[0]?.message).toContain('process 7 (npm) runs');
    const other = look(path.join(place, 'other.tmp'));
    if (other === null) throw new Error('it is there');
    const replaced = await run('file.tmp', { identity: other.identity });
    expect(replaced).toMatchObject({ phase: 'refused', errors: [{ code: 'changed' }] });
    expect(fingerprint(place)).toBe(before);
  });

  it('leaves it while somebody of ours has the lock of its cache, to hold or to clear it', async () => {
    const { place, engine, run } = await rigWith();
    const before = fingerprint(place);
    for (const mode of ['shared', 'exclusive'] as const) {
      const held = await takeLock(place, engine.stateDir, { patienceMs: 0, mode });
      if (held === null) throw new Error('nobody else has it');
      const record = await run('file.tmp', { cache: place, certain: true });
      expect(record).toMatchObject({ phase: 'refused', errors: [{ code: 'locked' }] });
      held.release();
    }
    expect(fingerprint(place)).toBe(before);
    expect(await run('file.tmp', { cache: place, certain: true })).toMatchObject({ phase: 'done' });
    expect(fs.readdirSync(path.dirname(place)).sort()).toEqual(['place', 'state']);
  });

  it('has nothing to do where it, or its folder, has gone', async () => {
    const { place, engine } = await rigWith();
    const inside = orderFor(path.join(place, '.tree-0123abcd', 'a'));
    const file = orderFor(path.join(place, 'file.tmp'));
    fs.renameSync(path.join(place, '.tree-0123abcd'), path.join(place, 'moved'));
    fs.renameSync(path.join(place, 'file.tmp'), path.join(place, 'kept.tmp'));
    const before = fingerprint(place);
    for (const order of [inside, file])
      expect(await sweep(engine, order, new AbortController().signal)).toMatchObject({ phase: 'nothing-to-do' });
    expect(fingerprint(place)).toBe(before);
  });
});

describe('a sweep that was cut off', () => {
  it('is gone on with by recovery, and nothing else is touched', async () => {
    const { place, engine } = await rigWith();
    const tree = path.join(place, '.tree-0123abcd');
    const dying: Engine = {
      ...engine,
      deleteTree: () => new Promise(() => {}),
      self: { ...engine.self, ...deadOwner(), pid: 4_194_303 },
    };
    void sweep(dying, orderFor(tree), new AbortController().signal);
    await vi.waitFor(() => expect(fs.existsSync(tree)).toBe(false), { timeout: 20_000 });
    await vi.waitFor(async () => expect((await engine.store.open()).map(({ phase }) => phase)).toEqual(['deleting']), {
      timeout: 20_000,
    });
    const [claimed] = left(place).filter((name) => name.startsWith('.tree-'));
    expect(claimed).toMatch(/^\.tree-0123abcd\.deleting-\d+-[0-9a-f]{16}$/);
    const [done] = await recover(engine, { now: false, signal: new AbortController().signal });
    expect(done).toMatchObject({ phase: 'done', kind: 'sweep' });
    expect(left(place)).toEqual(['.lock', 'file.tmp', 'other.tmp']);
  });
});
