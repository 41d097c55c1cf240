import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprint, siblings, smallTree } from '../../../e2e/support/sandbox.ts';
import { PlanId } from '../../../shared/ids.ts';
import { carryOut, newHome, planFor, value } from './testing/home.ts';

describe('a plan', () => {
  it('is carried out once, and only if this process made it', async () => {
    const { open } = newHome();
    const [inspector, other] = [await open(), await open()];
    const plan = await planFor(inspector);
    const elsewhere = await other.call('clear', { plan: plan.id, undoWindowMs: 0, evenIfInUse: false });
    expect(elsewhere).toMatchObject({ error: { code: 'plan-expired' } });
    expect(await carryOut(inspector, plan, 0)).toMatchObject({ state: 'done' });
    for (const id of [plan.id, PlanId.parse('p_0123456789abcdef')]) {
      const again = await inspector.call('clear', { plan: id, undoWindowMs: 0, evenIfInUse: false });
      expect(again).toMatchObject({ error: { code: 'plan-expired' } });
    }
  });

  it('is refused when the directory was replaced meanwhile, and that one is untouched', async () => {
    const { unit, open } = newHome();
    const inspector = await open();
    const plan = await planFor(inspector);
    fs.renameSync(unit, `${unit}-moved`);
    smallTree(unit);
    const before = fingerprint(unit);
    expect(await carryOut(inspector, plan, 0)).toMatchObject({ state: 'refused', errors: [{ code: 'changed' }] });
    expect(fingerprint(unit)).toBe(before);
    expect(siblings(unit)).toEqual(['pkgs-moved']);
  });

  it('sets nothing aside when one of its parts is refused', async () => {
    const { home, unit, open } = newHome();
    const inspector = await open();
    smallTree(path.join(home, '.cache/pip-tools/http'));
    fs.mkdirSync(path.join(home, '.cache/pip-tools/http/.git'));
    const plan = await planFor(inspector, 'pip-tools');
    expect(plan.refusals).toMatchObject([{ code: 'version-controlled' }]);
    const before = fingerprint(path.dirname(unit));
    expect(await carryOut(inspector, plan, 0)).toMatchObject({ state: 'refused' });
    expect(fingerprint(path.dirname(unit))).toBe(before);
  });

  it('goes on with what it has set aside when the folder of another part vanishes at that moment', async () => {
    const { box, unit, open } = newHome();
    const inspector = await open();
    const other = path.join(box, 'projects/some/cache');
    smallTree(other);
    const added = value(await inspector.call('add', { path: other, isCache: true }));
    const { targets } = value(await inspector.call('resolve', { text: 'pip-tools/pkgs' }));
    const plan = value(await inspector.call('plan', { targets: [...targets, { cache: added.id }], measure: false }));
    fs.rmSync(path.join(box, 'projects'), { recursive: true });
    const answer = await inspector.call('clear', { plan: plan.id, undoWindowMs: 0, evenIfInUse: true });
    expect(value(answer).operations).toMatchObject([{ state: 'done' }, { state: 'nothing-to-do' }]);
    expect(siblings(unit)).toEqual([]);
  });
});
