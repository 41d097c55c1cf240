import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprint, smallTree } from '../../e2e/support/sandbox.ts';
import { OperationId } from '../../shared/ids.ts';
import { clearUnit, inHistory, newHome, value } from './clear/testing/home.ts';
import { deadOwner, entryFor } from './clear/testing/rig.ts';
import type { Phase } from './store/schema.ts';
import { openStore } from './store/store.ts';
import { self } from './usage/processes.ts';

const step = { step: 'intent', at: 1, note: null };

/** A home whose history says that a small tree was being cleared, and where that is. */
const left = async (phase: Phase, where: 'name' | 'stale' | 'deleting', more: Parameters<typeof entryFor>[2] = {}) => {
  const place = newHome();
  const at = path.join(place.home, '.cache/pip-tools/other');
  smallTree(at);
  const entry = entryFor(at, phase, { tool: 'pip-tools', unit: 'other', undoUntil: Date.now() - 1, ...more });
  const store = await openStore(place.stateDir);
  await store.begin({ ...entry, id: `o_${entry.token}` }, step);
  await store.close();
  const to = path.join(path.dirname(at), entry[where].toString());
  if (where !== 'name') fs.renameSync(at, to);
  return { ...place, id: OperationId.parse(entry.id), to };
};

describe('going on with a delete', () => {
  it.each([
    ['that stopped half way', 'partial', 'deleting', { owner: null }],
    ['whose process died', 'deleting', 'deleting', {}],
    ['that died before the second rename', 'deleting', 'stale', {}],
    ['whose undo window ended unseen', 'set-aside', 'stale', { owner: deadOwner() }],
    ['that was left to the next door', 'deleting', 'deleting', { owner: null }],
  ] as const)('%s ends it', async (_, phase, where, more) => {
    const { open, id, to } = await left(phase, where, more);
    const inspector = await open();
    expect(value(await inspector.call('resume', { operation: id }))).toMatchObject({ id, state: 'done' });
    expect(fs.existsSync(to)).toBe(false);
    expect(await inHistory(inspector, id)).toMatchObject({ state: 'done' });
  });

  it.each([
    ['can still be undone', 'set-aside', 'stale', { undoUntil: Date.now() + 3_600_000 }, 'invalid-argument'],
    [
      'runs in a process that lives',
      'deleting',
      'deleting',
      { owner: { ...self(), pid: process.ppid, startTicks: null } },
      'in-use',
    ],
    ['may run on another machine', 'deleting', 'deleting', { owner: { ...deadOwner(), host: 'elsewhere' } }, 'in-use'],
    ['never began', 'intent', 'name', {}, 'invalid-argument'],
    ['has been done', 'done', 'name', { owner: null }, 'invalid-argument'],
    ['has been undone', 'undone', 'name', { owner: null }, 'invalid-argument'],
    ['was refused', 'refused', 'name', { owner: null }, 'invalid-argument'],
    ['failed', 'failed', 'name', { owner: null }, 'invalid-argument'],
  ] as const)('that %s is refused and touches nothing', async (_, phase, where, more, code) => {
    const { open, id, to } = await left(phase, where, more);
    const before = fingerprint(to);
    const answer = await (await open()).call('resume', { operation: id });
    expect(answer).toMatchObject({ ok: false, error: { code } });
    if (!answer.ok) expect(answer.error.message).toMatch(/\.$/);
    expect(fingerprint(to)).toBe(before);
  });

  it('that nobody knows of is unknown', async () => {
    const inspector = await newHome().open();
    expect(await inspector.call('resume', { operation: OperationId.parse('o_0123456789abcdef') })).toMatchObject({
      ok: false,
      error: { code: 'unknown-target' },
    });
  });

  it('is done by exactly one of two that want to', async () => {
    const { open, id } = await left('partial', 'deleting', { owner: null });
    const doors = [await open(), await open()];
    const answers = await Promise.all(doors.map((door) => door.call('resume', { operation: id })));
    expect(answers.filter(({ ok }) => ok).length).toBeGreaterThan(0);
    for (const answer of answers) if (!answer.ok) expect(['in-use', 'invalid-argument']).toContain(answer.error.code);
    const [door] = doors;
    if (door === undefined) throw new Error('two are open');
    const { steps } = await inHistory(door, id);
    expect(steps.filter((it) => it.step === 'deleting')).toHaveLength(1);
  });

  it('leaves a copy alone whose window is open, of this very process', async () => {
    const { open } = newHome();
    const inspector = await open();
    const { id, asidePath } = await clearUnit(inspector, 60_000);
    expect(await inspector.call('resume', { operation: id })).toMatchObject({
      ok: false,
      error: { code: 'invalid-argument' },
    });
    expect(fs.existsSync(asidePath ?? '')).toBe(true);
  });
});
