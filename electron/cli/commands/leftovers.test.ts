import { describe, expect, it } from 'vitest';
import type { Leftover } from '../../../shared/model.ts';
import { run } from '../run.ts';
import { fakeInspector } from '../testing/fake-inspector.ts';
import { fakeTerminal } from '../testing/fake-terminal.ts';
import { leftover, operation } from '../testing/samples.ts';

describe('leftovers', () => {
  it('shows each with its evidence', async () => {
    const terminal = fakeTerminal();
    const inspector = fakeInspector({ leftovers: () => ({ leftovers: [leftover()] }) });
    expect(await run(['leftovers'], terminal, async () => inspector)).toBe(0);
    expect(terminal.out()).toContain(
      'abandoned  safe to clean  pip-tools  2 days ago  86.0 MB     12  ~/.cache/pip-tools/',
    );
    expect(terminal.out()).toContain(
      '\n    What pip-tools had set aside to delete it: it was ~/.cache/pip-tools/pkgs.\n    process 4242 has ended\n',
    );
    expect(terminal.out()).toContain('cache-inspector leftovers --clean-safe');
  });

  it('cleans after looking, and gives what is left', async () => {
    const terminal = fakeTerminal();
    const inspector = fakeInspector({
      leftovers: () => ({ leftovers: [] }),
      clean: () => ({ operations: [operation({ kind: 'sweep', state: 'partial' })] }),
    });
    const words = ['leftovers', '--clean', leftover().id, '--json'];
    expect(await run(words, terminal, async () => inspector)).toBe(1);
    expect(inspector.done).toEqual(['leftovers', 'clean', 'leftovers', 'resume', 'close']);
    expect(inspector.argsOf('clean')).toEqual({ which: [leftover().id] });
    expect(JSON.parse(terminal.out())).toMatchObject({ leftovers: [], operations: [{ kind: 'sweep' }] });
  });
});

describe('leftovers of several tools', () => {
  const retired = (more: Partial<Leftover> = {}) =>
    leftover({
      tool: 'npm',
      origin: 'npm-retired',
      path: '/home/ada/p/node_modules/.a-0123abcd',
      what: 'A package that npm had moved aside',
      original: null,
      remedy: 'Run npm install again.',
      ...more,
    });

  it('stand together, with the remedy where this program does not clean them by itself', async () => {
    const terminal = fakeTerminal();
    const all = [leftover(), retired({ cleaning: 'never' }), leftover(), retired(), retired({ tool: null })];
    await run(['leftovers'], terminal, async () => fakeInspector({ leftovers: () => ({ leftovers: all }) }));
    const lines = terminal.out().split('\n');
    const tools = lines.flatMap((line) => /^l_.*clean\w* {2}(npm|pip-tools|none known) {2}/.exec(line)?.[1] ?? []);
    expect(tools).toEqual(['npm', 'npm', 'pip-tools', 'pip-tools', 'none known']);
    expect(lines.filter((line) => line === '    What helps: Run npm install again.')).toHaveLength(1);
    expect(lines).toContain('    A package that npm had moved aside.');
  });

  it('are looked for and cleaned of one tool alone', async () => {
    const terminal = fakeTerminal();
    const inspector = fakeInspector({ leftovers: () => ({ leftovers: [] }), clean: () => ({ operations: [] }) });
    expect(await run(['leftovers', '--clean-safe', '--tool', 'npm'], terminal, async () => inspector)).toBe(0);
    expect(inspector.argsOf('leftovers')).toMatchObject({ tool: 'npm' });
    expect(inspector.argsOf('clean')).toEqual({ which: 'safe', tool: 'npm' });
    expect(await run(['leftovers', '--watch', '--tool', 'npm'], fakeTerminal(), async () => inspector)).toBe(2);
  });
});

describe('leftovers --watch', () => {
  const watching = async (json: boolean) => {
    const terminal = fakeTerminal();
    const inspector = fakeInspector({ leftovers: () => ({ leftovers: [] }) });
    const running = run(['leftovers', '--watch', ...(json ? ['--json'] : [])], terminal, async () => inspector);
    while (terminal.out() === '') await new Promise((resolve) => setImmediate(resolve));
    inspector.emit('leftovers', [leftover()]);
    inspector.emit('leftovers', [leftover({ verdict: 'in-progress', cleaning: 'never' })]);
    inspector.emit('leftovers', []);
    terminal.interrupt();
    return { exit: await running, out: terminal.out(), done: inspector.done };
  };

  it('tells every change until Ctrl-C', async () => {
    const { exit, out, done } = await watching(false);
    expect({ exit, done }).toEqual({ exit: 0, done: ['leftovers', 'close'] });
    expect(out.split('\n')).toEqual([
      'There are no leftovers.',
      'New l_0123456789ab: ~/.cache/pip-tools/pkgs.stale-4242, abandoned, safe to clean',
      '    What pip-tools had set aside to delete it: it was ~/.cache/pip-tools/pkgs.',
      '    process 4242 has ended',
      'Changed l_0123456789ab: ~/.cache/pip-tools/pkgs.stale-4242, in progress, never cleaned',
      '    What pip-tools had set aside to delete it: it was ~/.cache/pip-tools/pkgs.',
      '    process 4242 has ended',
      'Gone l_0123456789ab: ~/.cache/pip-tools/pkgs.stale-4242',
      '',
    ]);
  });

  it('is one JSON document a line', async () => {
    const { out } = await watching(true);
    const documents = out.trimEnd().split('\n');
    expect(documents.map((line) => JSON.parse(line).leftovers.length)).toEqual([0, 1, 1, 0]);
  });
});
