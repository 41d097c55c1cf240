import { describe, expect, it } from 'vitest';
import type { Operation, Plan } from '../../../shared/model.ts';
import { run } from '../run.ts';
import { fakeInspector } from '../testing/fake-inspector.ts';
import { type FakePerson, fakeTerminal } from '../testing/fake-terminal.ts';
import { cache, operation, plan, unit } from '../testing/samples.ts';

interface Story {
  readonly plan?: Plan;
  readonly operations?: readonly Operation[];
  readonly person?: FakePerson;
}

const resolve = () => ({ targets: [{ unit: unit().id }], cache: cache().id });

const clearing = async (line: string, story: Story = {}) => {
  const terminal = fakeTerminal(story.person);
  const inspector = fakeInspector({
    resolve,
    plan: () => story.plan ?? plan(),
    clear: () => ({ operations: story.operations ?? [operation()] }),
  });
  const exit = await run(line.split(' '), terminal, async () => inspector);
  return { exit, inspector, done: inspector.done, asked: terminal.asked, out: terminal.out(), err: terminal.err() };
};

const refused = plan({ steps: [], refusals: [{ code: 'protected-place', message: 'This is your home.' }] });
const inUse = plan({
  usage: 'in-use',
  holders: [{ pid: 42, command: 'npm install', since: null, evidence: 'its working directory' }],
  refusals: [{ code: 'in-use', message: 'npm is using it.' }],
});

describe('clear without a question', () => {
  it('clears at once, each target once, without measuring first', async () => {
    const { exit, done, inspector, out } = await clearing('clear npm/_cacache ./x --yes');
    expect(exit).toBe(0);
    expect(done).toEqual(['resolve', 'resolve', 'plan', 'clear', 'resume', 'close']);
    expect(inspector.argsOf('plan')).toEqual({ targets: [{ unit: unit().id }], measure: false });
    expect(inspector.argsOf('clear')).toEqual({ plan: plan().id, undoWindowMs: 0, evenIfInUse: false });
    expect(out).toBe('Cleared npm/_cacache: 1.24 GB freed, 34,120 entries deleted.\n');
  });

  it('refuses when nobody can be asked, and clears nothing', async () => {
    expect((await clearing('clear npm')).err).toContain('add --yes to clear');
    const person = { isTTY: true, answer: 'y' };
    expect(await clearing('clear npm')).toMatchObject({ exit: 2, done: ['resolve', 'plan', 'close'] });
    expect(await clearing('clear npm --json', { person })).toMatchObject({ exit: 2, asked: [] });
  });

  it('needs no word for what can be undone', async () => {
    const operations = [operation({ state: 'set-aside' })];
    expect(await clearing('clear npm --undo-window 600', { operations })).toMatchObject({ exit: 0, asked: [] });
  });

  it('gives the exact command that undoes it', async () => {
    const aside = operation({
      state: 'set-aside',
      undoUntil: '2026-05-12T09:40:00.000Z',
      asidePath: '/home/ada/.npm/_cacache.stale-77-abc',
    });
    const { exit, inspector, out } = await clearing('clear npm --yes --undo-window 600', { operations: [aside] });
    expect(exit).toBe(0);
    expect(inspector.argsOf('clear')).toMatchObject({ undoWindowMs: 600_000 });
    expect(out).toContain('  It stands at ~/.npm/_cacache.stale-77-abc\n');
    expect(out).toContain('  To undo it: cache-inspector undo o_0123456789ab\n');
  });

  it('tells what is left and how to go on', async () => {
    const left = [{ path: '/home/ada/.npm/_cacache/x', errno: 13, message: 'permission denied' }];
    const partial = operation({ state: 'partial', left, leftCount: 12 });
    const { exit, out } = await clearing('clear npm --yes', { operations: [partial] });
    expect(exit).toBe(1);
    expect(out).toContain('Partly cleared npm/_cacache: 1.24 GB freed, 12 items left.');
    expect(out).toContain('~/.npm/_cacache/x: permission denied');
    expect(out).toContain('and 11 more items');
    expect(out).toContain('To go on: cache-inspector resume o_');
  });

  it.each([
    [['done', 'refused'], 3],
    [['failed', 'refused'], 1],
    [['nothing-to-do', 'done'], 0],
    [['set-aside', 'partial'], 1],
  ] as const)('%j exits %d', async (states, exit) => {
    const operations = states.map((state) => operation({ state }));
    expect(await clearing('clear npm --yes --json', { operations })).toMatchObject({ exit });
  });
});

describe('clear with a question', () => {
  it('shows the plan and does it when the answer is yes', async () => {
    const { exit, done, asked, err } = await clearing('clear npm', {
      person: { isTTY: true, columns: 120, answer: 'y' },
    });
    expect(exit).toBe(0);
    expect(asked).toEqual(['Clear this? [y/N] ']);
    expect(err).toContain('~/.npm/_cacache  ~/.npm/_cacache.stale-77-abc');
    expect(err).toContain('1 rename; clearing gives back 1.20 GB of 1.24 GB.');
    expect(err).toContain('~/.npmrc: holds your tokens');
    expect(done).toContain('clear');
  });

  it.each([null, '', 'n', 'yess'])('changes nothing when the answer is %j', async (answer) => {
    const { exit, done, err } = await clearing('clear npm', { person: { isTTY: true, answer } });
    expect(exit).toBe(1);
    expect(err).toContain('Nothing was changed.');
    expect(done).not.toContain('clear');
  });

  it('does not ask about what is refused, and lets the history have it', async () => {
    const operations = [operation({ state: 'refused' })];
    const person = { isTTY: true, answer: 'y' };
    const { exit, done, asked } = await clearing('clear /', { plan: refused, person, operations });
    expect({ exit, asked }).toEqual({ exit: 3, asked: [] });
    expect(done).toContain('clear');
    expect(await clearing('clear /', { plan: refused, operations })).toMatchObject({ exit: 3 });
  });

  it('asks about what is in use only when told so', async () => {
    const person = { isTTY: true, answer: 'y' };
    const operations = [operation({ state: 'refused' })];
    expect(await clearing('clear npm', { plan: inUse, person, operations })).toMatchObject({ exit: 3, asked: [] });
    const told = await clearing('clear npm --even-if-in-use', { plan: inUse, person });
    expect(told).toMatchObject({ exit: 0, asked: ['Clear this? [y/N] '] });
    expect(told.inspector.argsOf('clear')).toMatchObject({ evenIfInUse: true });
  });
});

describe('clear --dry-run', () => {
  it('gives the plan and changes nothing', async () => {
    const { exit, done, out } = await clearing('clear npm --dry-run --json --yes');
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toEqual({ plan: plan() });
    expect(done).toEqual(['resolve', 'plan', 'close']);
  });

  it('exits 3 when it would be refused', async () => {
    expect(await clearing('clear / --dry-run', { plan: refused })).toMatchObject({ exit: 3 });
    expect(await clearing('plan /', { plan: refused })).toMatchObject({ exit: 3, done: ['resolve', 'plan', 'close'] });
  });
});

describe('Ctrl-C while it deletes', () => {
  it('cancels at the first, leaves at the second, and takes two in a moment for one', async () => {
    const terminal = fakeTerminal();
    const deleting = operation({ state: 'deleting' });
    const inspector = fakeInspector({
      resolve,
      plan: () => plan(),
      cancel: () => ({ stopped: true }),
      clear: () => {
        inspector.emit('operation', deleting);
        terminal.interrupt();
        terminal.pass(50);
        terminal.interrupt();
        return { operations: [operation({ state: 'partial', leftCount: 3 })] };
      },
    });
    const exit = await run(['clear', 'npm', '--yes'], terminal, async () => inspector);
    expect(exit).toBe(1);
    // What was interrupted on purpose is not resumed at once.
    expect(inspector.done).toEqual(['resolve', 'plan', 'clear', 'cancel', 'close']);
    expect(inspector.argsOf('cancel')).toEqual({ operation: deleting.id });
    expect(terminal.err()).toContain('Stopping. To go on later: cache-inspector recover.');
    expect(terminal.left).toEqual([]);
    // A third copy of that key, which comes when all is closed, must not end it as a signal would.
    terminal.interrupt();
    expect(terminal.left).toEqual([]);
    expect(terminal.listening()).toBe(true);
  });

  it('leaves at the second', async () => {
    const terminal = fakeTerminal();
    const inspector = fakeInspector({
      resolve,
      plan: () => plan(),
      clear: () => {
        terminal.interrupt();
        terminal.pass(1000);
        terminal.interrupt();
        return { operations: [operation()] };
      },
    });
    expect(await run(['clear', 'npm', '--yes'], terminal, async () => inspector)).toBe(1);
    expect(terminal.left).toEqual([130]);
  });
});
