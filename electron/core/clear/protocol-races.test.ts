import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprint, siblings } from '../../../e2e/support/sandbox.ts';
import { CodedError } from '../../../shared/errors.ts';
import { openStore } from '../store/store.ts';
import { finish } from './finish.ts';
import { setAside } from './set-aside.ts';
import { carryOut, clearUnit, inHistory, newHome, planFor, value } from './testing/home.ts';
import { engineOn, newRig } from './testing/rig.ts';
import { undo } from './undo.ts';

describe('an undo and a commit at the same moment', () => {
  it('exactly one of them happens, a hundred times over: the tree is whole or gone', async () => {
    const { box, engine, assignment } = await newRig();
    // A journal of its own, as another process has it.
    const other = await engineOn(engine.stateDir);
    let undone = 0;
    const race = async (round: number): Promise<void> => {
      const order = assignment(`D${round}`);
      const at = path.join(box, `D${round}`);
      const before = fingerprint(at);
      const { id } = await setAside(engine, order);
      const asUndo = (): Promise<string> =>
        undo(engine, id).then(
          ({ phase }) => phase,
          (thrown: unknown) => (thrown instanceof CodedError ? thrown.code : String(thrown)),
        );
      const asCommit = async (): Promise<string | null> => {
        // An undo looks before it takes: so does this, or it would always be first.
        await other.store.get(id);
        return (await finish(other, id, ['set-aside']))?.phase ?? null;
      };
      const both = round % 2 === 0 ? [asUndo(), asCommit()] : [asCommit(), asUndo()];
      const results = await Promise.all(both);
      const [undoing, committing] = round % 2 === 0 ? results : results.reverse();
      const record = await engine.store.get(id);
      if (undoing === 'undone') {
        undone += 1;
        expect(committing).toBe(null);
        expect(record?.phase).toBe('undone');
        expect(fingerprint(at)).toBe(before);
      } else {
        expect([undoing, committing, record?.phase]).toEqual(['not-undoable', 'done', 'done']);
        expect(fs.existsSync(at)).toBe(false);
      }
    };
    for (let round = 0; round < 100; round += 4) {
      await Promise.all([0, 1, 2, 3].map((more) => race(round + more)));
    }
    expect(fs.readdirSync(box).filter((name) => /stale|deleting|lock/.test(name))).toEqual([]);
    expect(undone).toBeGreaterThan(0);
    expect(undone).toBeLessThan(100);
  });

  it('of many undos at once one brings it back', async () => {
    const { box, engine, assignment } = await newRig();
    const order = assignment('D');
    const before = fingerprint(path.join(box, 'D'));
    const { id } = await setAside(engine, order);
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => undo(engine, id)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(fingerprint(path.join(box, 'D'))).toBe(before);
  });
});

describe('two inspectors', () => {
  it('clear the same unit at once: one does, the other finds nothing to do', async () => {
    const { unit, open } = newHome();
    const inspectors = [await open(), await open(), await open()];
    const plans = await Promise.all(inspectors.map((inspector) => planFor(inspector)));
    const results = await Promise.all(
      inspectors.map((inspector, index) => {
        const plan = plans[index];
        if (plan === undefined) throw new Error('no plan');
        return carryOut(inspector, plan, 0);
      }),
    );
    expect(results.map(({ state }) => state).sort()).toEqual(['done', 'nothing-to-do', 'nothing-to-do']);
    expect(siblings(unit)).toEqual([]);
    expect(fs.existsSync(unit)).toBe(false);
  });

  it('hand an undo window over on closing: it is kept until it is over, and then ended', async () => {
    const { unit, stateDir, open } = newHome();
    const before = fingerprint(unit);
    const first = await open();
    const { id, asidePath } = await clearUnit(first, 3000);
    await first.close();
    const store = await openStore(stateDir);
    expect(await store.get(id)).toMatchObject({ phase: 'set-aside', owner: null });
    await store.close();

    const second = await open();
    expect(value(await second.call('recover', { now: false })).operations).toEqual([]);
    await second.resume();
    expect(fingerprint(asidePath ?? '')).toBe(before);
    const until = Date.parse((await inHistory(second, id)).undoUntil ?? '');
    await new Promise((resolve) => setTimeout(resolve, until - Date.now() + 50));
    expect(value(await second.call('recover', { now: false })).operations).toMatchObject([{ id, state: 'done' }]);
    expect(siblings(unit)).toEqual([]);
  });

  it('leave a window alone that another one still holds, even when recovery is told to go ahead', async () => {
    const { unit, open } = newHome();
    const [first, second] = [await open(), await open()];
    const before = fingerprint(unit);
    // Both are this very process, which is alive.
    const { id, asidePath } = await clearUnit(first, 3_600_000);
    expect(value(await second.call('recover', { now: true })).operations).toEqual([]);
    expect(fingerprint(asidePath ?? '')).toBe(before);
    expect(await inHistory(second, id)).toMatchObject({ state: 'set-aside' });
  });
});
