import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { du, fingerprint, siblings, smallTree } from '../../../e2e/support/sandbox.ts';
import { OperationId } from '../../../shared/ids.ts';
import { carryOut, clearUnit, inHistory, newHome, planFor, reaches, value } from './testing/home.ts';

const steps = (operation: { readonly steps: readonly { readonly step: string }[] }): readonly string[] =>
  operation.steps.map(({ step }) => step);

describe('the life of a clear', () => {
  it('is intent, set aside, deleting, done; frees what du had counted and leaves nothing behind', async () => {
    const { unit, open } = newHome();
    const inspector = await open();
    const expected = du(unit);
    const operation = await clearUnit(inspector, 0);
    expect(operation).toMatchObject({
      state: 'done',
      kind: 'clear',
      tool: 'pip-tools',
      unit: 'pkgs',
      path: unit,
      door: 'test',
      bytes: { freed: expected },
      entriesDeleted: 13,
      left: [],
      leftCount: 0,
      errors: [],
      undoUntil: null,
      asidePath: null,
    });
    expect(steps(operation)).toEqual(['intent', 'set-aside', 'deleting', 'done']);
    expect(await inHistory(inspector, operation.id)).toEqual(operation);
    expect(siblings(unit)).toEqual([]);
    expect(fs.existsSync(unit)).toBe(false);
    expect(siblings(path.dirname(unit))).toEqual([]);
  });

  it('makes exactly the name of the plan while it can be undone, and no other', async () => {
    const { unit, open } = newHome();
    const inspector = await open();
    const before = fingerprint(unit);
    const plan = await planFor(inspector);
    expect(siblings(unit)).toEqual([]);
    expect(fingerprint(unit)).toBe(before);
    const operation = await carryOut(inspector, plan, 3_600_000);
    const [name = '', ...others] = siblings(unit);
    expect(others).toEqual([]);
    expect(name).toMatch(new RegExp(`^pkgs\\.stale-${process.pid}-[0-9a-f]{16}$`));
    expect(plan.steps.map(({ rename }) => rename)).toEqual([{ from: unit, to: path.join(path.dirname(unit), name) }]);
    expect(operation).toMatchObject({ state: 'set-aside', asidePath: path.join(path.dirname(unit), name) });
    expect(fs.existsSync(unit)).toBe(false);
    expect(fingerprint(path.join(path.dirname(unit), name))).toBe(before);
  });

  it('says nothing to do, and frees nothing, when nothing is there', async () => {
    const { unit, open } = newHome();
    fs.rmSync(unit, { recursive: true });
    expect(await clearUnit(await open(), 0)).toMatchObject({ state: 'nothing-to-do', bytes: { freed: 0 }, errors: [] });
  });

  it('ends an undo window by itself', async () => {
    const { unit, open } = newHome();
    const inspector = await open();
    const done = reaches(inspector, 'done');
    expect(await clearUnit(inspector, 100)).toMatchObject({ state: 'set-aside' });
    expect(await done).toMatchObject({ state: 'done', entriesDeleted: 13, undoUntil: null });
    expect(siblings(unit)).toEqual([]);
  });

  it('lets the tool make the directory anew while the old one is deleted', async () => {
    const { unit, open } = newHome();
    const inspector = await open();
    const done = reaches(inspector, 'done');
    await clearUnit(inspector, 100);
    smallTree(unit);
    const fresh = fingerprint(unit);
    await done;
    expect(fingerprint(unit)).toBe(fresh);
    expect(siblings(unit)).toEqual([]);
  });
});

describe('undo', () => {
  it('brings everything back as it was', async () => {
    const { unit, open } = newHome();
    const inspector = await open();
    fs.chmodSync(path.join(unit, 'a'), 0o500);
    fs.symlinkSync('a/0', path.join(unit, 'link'));
    const before = fingerprint(unit);
    const { id } = await clearUnit(inspector, 3_600_000);
    const undone = value(await inspector.call('undo', { operation: id }));
    expect(undone).toMatchObject({ state: 'undone', bytes: { freed: 0 }, asidePath: null });
    expect(steps(undone)).toEqual(['intent', 'set-aside', 'undoing', 'undone']);
    expect(fingerprint(unit)).toBe(before);
    expect(siblings(unit)).toEqual([]);
    expect(await inspector.call('undo', { operation: id })).toMatchObject({ error: { code: 'not-undoable' } });
  });

  it('works from another inspector, and the first one keeps its hands off when the window is over', async () => {
    const { unit, open } = newHome();
    const [first, second] = [await open(), await open()];
    const before = fingerprint(unit);
    const { id } = await clearUnit(first, 1500);
    expect(value(await second.call('undo', { operation: id }))).toMatchObject({ state: 'undone' });
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(fingerprint(unit)).toBe(before);
    expect(await inHistory(first, id)).toMatchObject({ state: 'undone' });
  });

  it('keeps the copy when the tool has made the directory anew, and works once that is out of the way', async () => {
    const { unit, open } = newHome();
    const inspector = await open();
    const before = fingerprint(unit);
    const { id, asidePath } = await clearUnit(inspector, 3_600_000);
    smallTree(unit);
    const fresh = fingerprint(unit);
    expect(await inspector.call('undo', { operation: id })).toMatchObject({ error: { code: 'recreated', path: unit } });
    expect([fingerprint(unit), fingerprint(asidePath ?? '')]).toEqual([fresh, before]);
    expect(await inHistory(inspector, id)).toMatchObject({ state: 'set-aside', errors: [{ code: 'recreated' }] });
    fs.rmSync(unit, { recursive: true });
    expect(value(await inspector.call('undo', { operation: id }))).toMatchObject({ state: 'undone' });
    expect(fingerprint(unit)).toBe(before);
  });

  it('does not replace a file that stands there now', async () => {
    const { unit, open } = newHome();
    const inspector = await open();
    const { id } = await clearUnit(inspector, 3_600_000);
    fs.writeFileSync(unit, 'mine');
    expect(await inspector.call('undo', { operation: id })).toMatchObject({ error: { code: 'recreated' } });
    expect(fs.readFileSync(unit, 'utf8')).toBe('mine');
  });

  it('replaces an empty directory that the tool has made', async () => {
    const { unit, open } = newHome();
    const inspector = await open();
    const before = fingerprint(unit);
    const { id } = await clearUnit(inspector, 3_600_000);
    fs.mkdirSync(unit);
    expect(value(await inspector.call('undo', { operation: id }))).toMatchObject({ state: 'undone' });
    expect(fingerprint(unit)).toBe(before);
  });

  it('is refused for what is deleted, refused, unknown', async () => {
    const { open } = newHome();
    const inspector = await open();
    const { id } = await clearUnit(inspector, 0);
    expect(await inspector.call('undo', { operation: id })).toMatchObject({ error: { code: 'not-undoable' } });
    const unknown = OperationId.parse('o_0123456789abcdef');
    expect(await inspector.call('undo', { operation: unknown })).toMatchObject({ error: { code: 'unknown-target' } });
  });
});
