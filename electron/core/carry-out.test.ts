import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { fingerprint, siblings } from '../../e2e/support/sandbox.ts';
import type { Plan } from '../../shared/model.ts';
import { carryOut, newHome, planFor, value } from './clear/testing/home.ts';

const asking = (answers: readonly (boolean | Error)[]) => {
  const left = [...answers];
  const asked: Plan[] = [];
  const confirm = async (plan: Plan): Promise<boolean> => {
    asked.push(plan);
    const answer = left.shift();
    if (answer instanceof Error) throw answer;
    return answer ?? false;
  };
  return { asked, shell: { confirm } };
};

describe('a door that asks the person itself', () => {
  it('leaves everything as it is when they say no, and the plan can be carried out later', async () => {
    const { unit, stateDir, open } = newHome();
    const { asked, shell } = asking([false, new Error('the dialog broke'), true]);
    const inspector = await open({ shell });
    const before = fingerprint(unit);
    const plan = await planFor(inspector);
    const clear = () => inspector.call('clear', { plan: plan.id, undoWindowMs: 60_000, evenIfInUse: true });
    expect(await clear()).toMatchObject({
      ok: false,
      error: { code: 'cancelled', message: expect.stringContaining('nothing was touched') },
    });
    expect(await clear()).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(fingerprint(unit)).toBe(before);
    expect(siblings(unit)).toEqual([]);
    expect(value(await inspector.call('history', {})).operations).toEqual([]);
    expect(value(await clear()).operations).toMatchObject([{ state: 'set-aside', plan: plan.id }]);
    expect(asked.map(({ id }) => id)).toEqual([plan.id, plan.id, plan.id]);
    expect(fs.existsSync(path.join(stateDir, 'history.db'))).toBe(true);
    expect(await clear()).toMatchObject({ ok: false, error: { code: 'plan-expired' } });
  });

  it('asks once for a plan that two want to carry out', async () => {
    const { open } = newHome();
    const { asked, shell } = asking([true, true]);
    const inspector = await open({ shell });
    const plan = await planFor(inspector);
    const clear = () => inspector.call('clear', { plan: plan.id, undoWindowMs: 60_000, evenIfInUse: true });
    const answers = await Promise.all([clear(), clear()]);
    expect(answers.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(asked).toHaveLength(1);
  });

  it('looks again after the answer: what was replaced meanwhile is refused', async () => {
    const { unit, open } = newHome();
    const confirm = async (): Promise<boolean> => {
      fs.renameSync(unit, `${unit}-old`);
      fs.mkdirSync(unit);
      return true;
    };
    const inspector = await open({ shell: { confirm } });
    const operation = await carryOut(inspector, await planFor(inspector), 60_000);
    expect(operation).toMatchObject({ state: 'refused', errors: [{ code: 'changed' }] });
    expect(fs.existsSync(unit)).toBe(true);
  });

  it('does not ask for what one click is allowed to clear, and asks for everything else', async () => {
    const { unit, open } = newHome();
    const { asked, shell } = asking([]);
    const inspector = await open({ shell });
    value(await inspector.call('settings', { oneClick: true }));
    const clear = async (undoWindowMs: number) => {
      const plan = await planFor(inspector);
      return inspector.call('clear', { plan: plan.id, undoWindowMs, evenIfInUse: true });
    };
    // No way back.
    expect(await clear(0)).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    // Something against it.
    fs.mkdirSync(path.join(unit, '.git'));
    expect(await clear(60_000)).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    fs.rmdirSync(path.join(unit, '.git'));
    expect(asked).toHaveLength(2);
    // Other programs of this machine may hide for a moment, and then nobody can tell.
    const idle = await vi.waitFor(async () => {
      const plan = await planFor(inspector);
      expect(plan.usage).toBe('idle');
      return plan;
    }, 20_000);
    const answer = await inspector.call('clear', { plan: idle.id, undoWindowMs: 60_000, evenIfInUse: false });
    expect(value(answer).operations).toMatchObject([{ state: 'set-aside' }]);
    expect(asked).toHaveLength(2);
  });
});
