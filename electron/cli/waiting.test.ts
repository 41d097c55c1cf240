import { describe, expect, it, vi } from 'vitest';
import { OperationId } from '../../shared/ids.ts';
import type { Operation } from '../../shared/model.ts';
import { run } from './run.ts';
import { fakeInspector } from './testing/fake-inspector.ts';
import { type FakePerson, fakeTerminal } from './testing/fake-terminal.ts';
import { cache, operation, plan, unit } from './testing/samples.ts';

const npm = { pid: 42, command: 'npm install', since: null, evidence: 'working directory' };
const yarn = { pid: 43, command: 'yarn', since: null, evidence: 'working directory' };
const step = { step: 'waiting', at: '2026-05-12T09:30:00.000Z', note: null };

const waiting = (more: Partial<Operation> = {}): Operation =>
  operation({
    state: 'waiting',
    isWaited: true,
    waitUntil: '2026-05-12T10:30:00.000Z',
    holders: [npm],
    bytes: { planned: null, freed: 0 },
    steps: [step],
    ...more,
  });
const ended = (state: Operation['state'], more: Partial<Operation> = {}): Operation =>
  operation({ state, steps: [step, step], ...more });

const begin = (line: string, person: FakePerson = {}, calls: Parameters<typeof fakeInspector>[0] = {}) => {
  const terminal = fakeTerminal(person);
  const inspector = fakeInspector({
    resolve: () => ({ targets: [{ unit: unit().id }], cache: cache().id }),
    plan: () => plan({ refusals: [{ code: 'in-use', message: 'npm is using it.' }] }),
    clear: () => {
      inspector.emit('operation', waiting());
      return { operations: [waiting()] };
    },
    cancel: () => {
      inspector.emit('operation', ended('refused', { errors: [cancelled] }));
      return { stopped: true };
    },
    ...calls,
  });
  return { terminal, inspector, exit: run(line.split(' '), terminal, async () => inspector) };
};
const cancelled = { step: 'wait', errno: null, code: 'cancelled', path: null, message: 'You stopped waiting.' };
const isWaiting = (inspector: { readonly done: readonly string[] }) =>
  vi.waitFor(() => expect(inspector.done).toContain('clear'));

describe('a clear that waits', () => {
  it('waits an hour if not told otherwise, and says who it is and when that changes', async () => {
    const { terminal, inspector, exit } = begin('clear npm --yes --wait');
    await isWaiting(inspector);
    expect(inspector.argsOf('clear')).toEqual({
      plan: plan().id,
      undoWindowMs: 0,
      evenIfInUse: false,
      waitMs: 3_600_000,
    });
    await vi.waitFor(() => expect(terminal.err()).toContain('In use by npm install (process 42, working directory).'));
    inspector.emit('operation', waiting());
    inspector.emit('operation', waiting({ holders: [yarn] }));
    expect(terminal.err().match(/Waiting until/g)).toHaveLength(2);
    expect(terminal.err()).toContain('yarn (process 43');
    inspector.emit('operation', ended('set-aside', { undoUntil: '2026-05-12T09:30:00.000Z' }));
    inspector.emit('operation', ended('deleting'));
    inspector.emit('operation', ended('done'));
    expect(await exit).toBe(0);
    expect(terminal.out()).toContain('Cleared npm/_cacache: 1.24 GB freed');
  });

  it('writes one line over and over on a terminal, and nothing with --json', async () => {
    const shown = begin('clear npm --yes --wait 5', { isTTY: true, columns: 200 });
    await isWaiting(shown.inspector);
    await vi.waitFor(() => expect(shown.terminal.err()).toContain('\r\u001b[KWaiting until npm/_cacache is idle'));
    shown.inspector.emit('operation', ended('done'));
    expect(await shown.exit).toBe(0);
    const json = begin('clear npm --yes --wait 5 --json');
    await isWaiting(json.inspector);
    json.inspector.emit('operation', ended('done'));
    expect(await json.exit).toBe(0);
    expect(json.terminal.err()).toBe('');
    expect(JSON.parse(json.terminal.out())).toMatchObject({ operations: [{ state: 'done' }] });
  });

  it.each([
    ['with an undo window, ends when it is set aside', { undoUntil: '2026-05-12T09:40:00.000Z' }, 0],
    ['ends when the copy is kept, and says who has it', { holders: [npm], undoUntil: '2026-05-12T09:30:02.000Z' }, 1],
  ])('%s', async (_, more, exit) => {
    const { terminal, inspector, exit: code } = begin('clear npm --yes --wait');
    await isWaiting(inspector);
    inspector.emit('operation', ended('set-aside', more));
    expect(await code).toBe(exit);
    expect(terminal.out()).toContain('To undo it: cache-inspector undo o_0123456789ab');
    if (exit === 1) expect(terminal.out()).toContain('and kept: the copy is still in use by npm install (process 42');
  });

  it('ends with Ctrl-C: its own wait, and nobody else’s', async () => {
    const { terminal, inspector, exit } = begin('clear npm --yes --wait');
    await isWaiting(inspector);
    inspector.emit('operation', waiting({ id: OperationId.parse('o_ffffffffffff') }));
    terminal.interrupt();
    expect(await exit).toBe(1);
    expect(inspector.done.filter((name) => name === 'cancel')).toHaveLength(1);
    expect(inspector.argsOf('cancel')).toEqual({ operation: waiting().id });
    expect(terminal.err()).toContain('Not waiting any longer.');
  });
});

describe('resume and cancel', () => {
  it('goes on with a wait, and stays until it has ended', async () => {
    const { terminal, inspector, exit } = begin('resume o_0123456789ab', {}, { resume: () => waiting() });
    await vi.waitFor(() => expect(terminal.err()).toContain('npm install'));
    inspector.emit('operation', ended('done'));
    expect(await exit).toBe(0);
    expect(inspector.done).toEqual(['resume', 'close']);
  });

  it('answers at once for a delete', async () => {
    const { terminal, exit } = begin('resume o_0123456789ab', {}, { resume: () => operation() });
    expect(await exit).toBe(0);
    expect(terminal.out()).toContain('Cleared npm/_cacache');
  });

  it.each([
    ['cancel o_0123456789ab', true, 0, 'nothing was touched'],
    ['cancel o_0123456789ab', false, 1, 'is not waiting'],
  ])('%s that stops %j exits %d', async (line, stopped, code, words) => {
    const { terminal, exit } = begin(line, {}, { cancel: () => ({ stopped }) });
    expect(await exit).toBe(code);
    expect(terminal.out()).toContain(words);
  });

  it.each(['resume 17', 'cancel 17'])('%s is no id', async (line) => {
    const { terminal, exit } = begin(line);
    expect(await exit).toBe(2);
    expect(terminal.err()).toContain("'17' is not the id of an operation");
  });
});
