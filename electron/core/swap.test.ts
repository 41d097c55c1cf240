import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { fingerprint, onLinux, siblings, write } from '../../e2e/support/sandbox.ts';
import type { Operation, UndoChoice } from '../../shared/model.ts';
import { clearUnit, type Home, inHistory, newHome, value } from './clear/testing/home.ts';
import type { Inspector } from './inspector.ts';

interface Recreated extends Home {
  readonly inspector: Inspector;
  readonly operation: Operation;
  readonly stale: string;
  readonly whole: string;
  readonly made: string;
}

/** A unit that was cleared with a window, and has been made anew. */
const recreated = async (undoWindowMs = 3_600_000): Promise<Recreated> => {
  const home = newHome();
  const inspector = await home.open();
  const whole = fingerprint(home.unit);
  const operation = await clearUnit(inspector, undoWindowMs);
  write(home.unit, { 'new/wheel': 'new' });
  return { ...home, inspector, operation, stale: operation.asidePath ?? '', whole, made: fingerprint(home.unit) };
};

const undo = ({ inspector, operation }: Recreated, ifRecreated: UndoChoice) =>
  inspector.call('undo', { operation: operation.id, ifRecreated });

const otherOf = async ({ inspector, operation }: Recreated): Promise<Operation> => {
  const { operations } = value(await inspector.call('history', {}));
  const [other, ...more] = operations.filter(({ id }) => id !== operation.id);
  if (other === undefined || more.length > 0) throw new Error('not one other operation');
  return other;
};

const untouched = (one: Recreated): void => {
  expect([fingerprint(one.unit), fingerprint(one.stale)]).toEqual([one.made, one.whole]);
  expect(siblings(one.unit)).toEqual([path.basename(one.stale)]);
};

describe.skipIf(!onLinux)('a swap in the whole program', () => {
  it('the copy is a leftover of the operation that holds the new one, and can be undone by it', async () => {
    const one = await recreated();
    const heard: string[] = [];
    one.inspector.on('operation', ({ id, state }) => heard.push(`${id} ${state}`));
    expect(value(await undo(one, 'swap'))).toMatchObject({ state: 'undone', asidePath: null, occupied: null });
    const other = await otherOf(one);
    expect(other).toMatchObject({
      state: 'set-aside',
      asidePath: one.stale,
      tool: 'pip-tools',
      unit: 'pkgs',
      plan: null,
    });
    expect(heard).toContain(`${other.id} set-aside`);
    const { leftovers } = value(await one.inspector.call('leftovers', { measure: false }));
    expect(leftovers).toMatchObject([{ path: one.stale, operation: other.id, origin: 'ours', verdict: 'undoable' }]);
    const back = await one.inspector.call('undo', { operation: other.id, ifRecreated: 'swap' });
    expect(value(back)).toMatchObject({ state: 'undone' });
    untouched(one);
  });

  it('the new one goes when its window is over, or with the leftovers', async () => {
    const one = await recreated(1500);
    value(await undo(one, 'swap'));
    const other = await otherOf(one);
    for (let tries = 0; tries < 300; tries += 1) {
      if ((await inHistory(one.inspector, other.id)).state === 'done') break;
      await sleep(100);
    }
    expect(await inHistory(one.inspector, other.id)).toMatchObject({ state: 'done', left: [] });
    expect(siblings(one.unit)).toEqual([]);
    expect(fingerprint(one.unit)).toBe(one.whole);

    const two = await recreated();
    value(await undo(two, 'swap'));
    const [leftover] = value(await two.inspector.call('leftovers', { measure: false })).leftovers;
    if (leftover === undefined) throw new Error('no leftover');
    const { operations } = value(await two.inspector.call('clean', { which: [leftover.id] }));
    expect(operations).toMatchObject([{ id: (await otherOf(two)).id, state: 'done' }]);
    expect([siblings(two.unit), fingerprint(two.unit)]).toEqual([[], two.whole]);
  });

  it('is left to the next door when this one closes', async () => {
    const one = await recreated();
    value(await undo(one, 'swap'));
    const { id } = await otherOf(one);
    await one.inspector.close();
    const next = await one.open();
    expect(value(await next.call('recover', { now: false })).operations).toEqual([]);
    expect(value(await next.call('undo', { operation: id, ifRecreated: 'swap' }))).toMatchObject({ state: 'undone' });
    untouched(one);
  });

  it('is refused for what would not be cleared either: a link, a tree under version control, a protected folder', async () => {
    const one = await recreated();
    fs.mkdirSync(path.join(one.unit, '.git'));
    expect(await undo(one, 'swap')).toMatchObject({ error: { code: 'version-controlled' } });
    fs.rmdirSync(path.join(one.unit, '.git'));
    value(await one.inspector.call('protect', { path: path.join(one.unit, 'new') }));
    expect(await undo(one, 'swap')).toMatchObject({ error: { code: 'protected-place' } });
    value(await one.inspector.call('unprotect', { path: path.join(one.unit, 'new') }));
    fs.renameSync(one.unit, `${one.unit}-real`);
    fs.symlinkSync('pkgs-real', one.unit);
    expect(await undo(one, 'swap')).toMatchObject({ ok: false });
    expect(fs.readlinkSync(one.unit)).toBe('pkgs-real');
    expect(fingerprint(one.stale)).toBe(one.whole);
  });

  it('is refused when nobody has it as a cache any more', async () => {
    const home = newHome();
    const inspector = await home.open();
    const folder = path.join(home.home, 'more');
    write(folder, { 'a/b': 'c' });
    const cache = value(await inspector.call('add', { path: folder, isCache: true }));
    const plan = value(await inspector.call('plan', { targets: [{ cache: cache.id }], measure: false }));
    const args = { plan: plan.id, undoWindowMs: 600_000, evenIfInUse: true };
    const [operation] = value(await inspector.call('clear', args)).operations;
    write(folder, { new: 'new' });
    value(await inspector.call('forget', { cache: cache.id }));
    if (operation === undefined) throw new Error('nothing was cleared');
    const refused = await inspector.call('undo', { operation: operation.id, ifRecreated: 'swap' });
    expect(refused).toMatchObject({ error: { code: 'unknown-cache' } });
    expect(fs.readdirSync(folder)).toEqual(['new']);
    expect(value(await inspector.call('undo', { operation: operation.id, ifRecreated: 'beside' }))).toMatchObject({
      restoredTo: expect.stringMatching(/\/more\.restored-\d{4}-\d\d-\d\d$/),
    });
  });
});

describe('two undos of one copy at once', () => {
  it('one brings it back, the other is told why not', async () => {
    const one = await recreated();
    fs.rmSync(one.unit, { recursive: true });
    const other = await one.open();
    for (const choice of ['refuse', 'beside', 'swap'] as const) {
      const id = choice === 'refuse' ? one.operation.id : (await clearUnit(one.inspector, 600_000)).id;
      const both = await Promise.all(
        [one.inspector, other].map((door) => door.call('undo', { operation: id, ifRecreated: choice })),
      );
      expect(both.filter(({ ok }) => ok)).toHaveLength(1);
      expect(both.find(({ ok }) => !ok)).toMatchObject({ error: { code: 'not-undoable' } });
      expect(fingerprint(one.unit)).toBe(one.whole);
      expect(siblings(one.unit)).toEqual([]);
    }
  });
});
