import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { fingerprint, onLinux, siblings, smallTree } from '../../../e2e/support/sandbox.ts';
import type { Operation } from '../../../shared/model.ts';
import type { Inspector } from '../inspector.ts';
import { openStore } from '../store/store.ts';
import { recover } from './recover.ts';
import { finishUnlessHeld } from './second-look.ts';
import { setAside } from './set-aside.ts';
import { inHistory, newHome, planFor, value } from './testing/home.ts';
import { interrupted } from './testing/interrupted.ts';
import { hasOpen, standsIn, writesInto } from './testing/outsiders.ts';
import { deadOwner, newRig } from './testing/rig.ts';

const patient = { timeout: 30_000, interval: 50 };

const becomes = (inspector: Inspector, id: string, wanted: object): Promise<Operation> =>
  vi.waitFor(async () => {
    const operation = await inHistory(inspector, id);
    expect(operation).toMatchObject(wanted);
    return operation;
  }, patient);

/** Clears with a window that ends soon, and comes to use the copy before that. */
const keptOne = async (inspector: Inspector) => {
  const plan = await planFor(inspector);
  const args = { plan: plan.id, undoWindowMs: 700, evenIfInUse: false };
  const [aside] = value(await inspector.call('clear', args)).operations;
  if (aside?.state !== 'set-aside') throw new Error(`it is ${aside?.state}`);
  const user = await standsIn(path.join(aside.asidePath ?? '', 'a'));
  const kept = await becomes(inspector, aside.id, { state: 'set-aside', holders: [{ pid: user.pid }] });
  return { aside, user, kept };
};

describe.skipIf(!onLinux)('a copy that somebody has open when its undo window is over', () => {
  it('is kept, whole, with who it is and why in its history, and its window moves on', async () => {
    const { unit, open } = newHome();
    const inspector = await open();
    const before = fingerprint(unit);
    const { aside, user, kept } = await keptOne(inspector);
    expect(kept.steps.at(-1)).toMatchObject({
      step: 'set-aside',
      note: expect.stringContaining(`process ${user.pid}`),
    });
    expect(Date.parse(kept.undoUntil ?? '')).toBeGreaterThan(Date.parse(aside.undoUntil ?? ''));
    const later = await becomes(inspector, kept.id, { state: 'set-aside', steps: kept.steps }).then(() =>
      vi.waitFor(async () => {
        const now = await inHistory(inspector, kept.id);
        expect(Date.parse(now.undoUntil ?? '')).toBeGreaterThan(Date.parse(kept.undoUntil ?? ''));
        return now;
      }, patient),
    );
    // Looking again is no step of its own.
    expect(later.steps).toEqual(kept.steps);
    expect(fingerprint(aside.asidePath ?? '')).toBe(before);
    expect(value(await inspector.call('undo', { operation: kept.id }))).toMatchObject({ state: 'undone', holders: [] });
    expect(fingerprint(unit)).toBe(before);
  });

  it('is deleted when they have gone', async () => {
    const { unit, open } = newHome();
    const inspector = await open();
    const { user, kept } = await keptOne(inspector);
    await user.leave();
    expect(await becomes(inspector, kept.id, { state: 'done' })).toMatchObject({ entriesDeleted: 13, holders: [] });
    expect(siblings(unit)).toEqual([]);
  });

  it('is handed over when the door closes, and the next one asks again', async () => {
    const { stateDir, unit, open } = newHome();
    const first = await open();
    const { user, kept } = await keptOne(first);
    await first.close();
    const store = await openStore(stateDir);
    expect(await store.get(kept.id)).toMatchObject({ phase: 'set-aside', owner: null });
    await store.close();
    const second = await open();
    const still = value(await second.call('recover', { now: true })).operations;
    expect(still).toMatchObject([{ id: kept.id, state: 'set-aside', holders: [{ pid: user.pid }] }]);
    await user.leave();
    const ended = value(await second.call('recover', { now: true })).operations;
    expect(ended).toMatchObject([{ id: kept.id, state: 'done' }]);
    expect(siblings(unit)).toEqual([]);
  });

  it('is not cleaned as a leftover either', async () => {
    const { open } = newHome();
    const first = await open();
    const { aside, user, kept } = await keptOne(first);
    await first.close();
    const second = await open();
    const { leftovers } = value(await second.call('leftovers', { measure: false }));
    const mine = leftovers.find(({ operation }) => operation === kept.id);
    if (mine === undefined) throw new Error('it is not among the leftovers');
    const clean = () => second.call('clean', { which: [mine.id] });
    expect(value(await clean()).operations).toMatchObject([{ state: 'set-aside', holders: [{ pid: user.pid }] }]);
    expect(fs.existsSync(aside.asidePath ?? '')).toBe(true);
    await user.leave();
    expect(value(await clean()).operations).toMatchObject([{ state: 'done' }]);
  });
});

describe.skipIf(!onLinux)('the second look', () => {
  it('sees who writes through a folder opened before the rename: nothing of that is lost', async () => {
    const { box, engine, assignment } = await newRig();
    const order = { ...assignment('D'), undoWindowMs: 0 };
    const writer = await writesInto(path.join(box, 'D'));
    const { id, stale } = await setAside(engine, order);
    const copy = path.join(box, stale.toString());
    fs.rmSync(path.join(copy, 'written'), { force: true });
    expect(await finishUnlessHeld(engine, id, ['set-aside'])).toMatchObject({
      phase: 'set-aside',
      owner: null,
      holders: [{ pid: writer.pid }],
    });
    await vi.waitFor(() => expect(fs.readFileSync(path.join(copy, 'written'), 'utf8')).toBe('lost\n'), patient);
    expect(fs.existsSync(path.join(box, 'D'))).toBe(false);
    await writer.leave();
    expect(await finishUnlessHeld(engine, id, ['set-aside'])).toMatchObject({ phase: 'done', holders: [] });
  });

  it('is not taken when the person said that it is to be cleared even so', async () => {
    const { box, engine, assignment } = await newRig();
    const order = { ...assignment('D'), undoWindowMs: 0, evenIfInUse: true };
    await hasOpen(path.join(box, 'D', 'a', '0'));
    const { id } = await setAside(engine, order);
    // Their word is in the journal: it holds for a recovery, too.
    await engine.store.advance(id, ['set-aside'], 'set-aside', Date.now(), { owner: null });
    expect(await recover(engine, { now: false })).toMatchObject([{ id, phase: 'done' }]);
  });

  it('keeps what a killed process had just renamed, as set aside', async () => {
    const rig = await newRig();
    const { entry, whole, place } = await interrupted(rig, 'intent', 'stale', { undoUntil: Date.now() - 1 });
    const user = await standsIn(path.join(place('stale'), 'b'));
    expect(await recover(rig.engine, { now: true })).toMatchObject([
      { id: entry.id, phase: 'set-aside', holders: [{ pid: user.pid }] },
    ]);
    expect(fingerprint(place('stale'))).toBe(whole);
  });

  it('tells nobody who did not ask, and is of no use to a copy that is condemned', async () => {
    const rig = await newRig();
    const more = { owner: deadOwner(), undoUntil: Date.now() - 1 };
    const { place, entry } = await interrupted(rig, 'set-aside', 'stale', more);
    await standsIn(place('stale'));
    expect(await recover(rig.engine, { now: false })).toEqual([]);
    expect(await rig.engine.store.get(entry.id)).toMatchObject({ phase: 'set-aside', owner: null });
    const other = await newRig();
    const condemned = await interrupted(other, 'deleting', 'deleting');
    await standsIn(condemned.place('deleting'));
    expect(await recover(other.engine, { now: false })).toMatchObject([{ phase: 'done' }]);
  });
});

describe.skipIf(!onLinux)('a leftover that somebody else made', () => {
  it('is left alone while a process has it open', async () => {
    const { unit, open } = newHome();
    const at = `${unit}.stale-4194300`;
    smallTree(at);
    const user = await hasOpen(path.join(at, 'a', '0'));
    const inspector = await open();
    const find = async () => {
      const { leftovers } = value(await inspector.call('leftovers', { measure: false }));
      const [found] = leftovers.filter(({ path: it }) => it === at);
      if (found === undefined) throw new Error('it is not among the leftovers');
      return found;
    };
    const before = fingerprint(at);
    const answer = await inspector.call('clean', { which: [(await find()).id] });
    const [refused] = value(answer).operations;
    expect(refused).toMatchObject({ state: 'refused', errors: [{ step: 'claim', code: 'in-use' }] });
    expect(refused?.errors[0]?.message).toContain(`process ${user.pid}`);
    expect(fingerprint(at)).toBe(before);
  });
});
