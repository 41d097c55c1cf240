import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../shared/model.ts';
import { run } from '../run.ts';
import { fakeInspector } from '../testing/fake-inspector.ts';
import { fakeTerminal } from '../testing/fake-terminal.ts';
import { operation } from '../testing/samples.ts';

const asking = async (line: string, operations: readonly Operation[]) => {
  const terminal = fakeTerminal({});
  const inspector = fakeInspector({ history: () => ({ operations }) });
  const exit = await run(line.split(' '), terminal, async () => inspector);
  return { exit, out: terminal.out(), err: terminal.err() };
};

const unit = '/home/ada/.npm/_cacache';
const left = ['a', 'b', 'c', 'd', 'e'].map((name) => ({
  path: `${unit}/${name}`,
  errno: 1,
  message: `blocked by the immutable flag on ${unit}/${name} (chattr -i removes it)`,
}));
const partial = operation({
  state: 'partial',
  bytes: { planned: 2_000_000, freed: 0 },
  entriesDeleted: 0,
  left,
  leftCount: 12,
  asidePath: `${unit}.deleting-77-abc`,
  occupied: 1_500_000,
  errors: [
    { step: 'delete', code: 'EPERM', ...left[0], path: left[0]?.path ?? '', errno: 1, message: left[0]?.message ?? '' },
    { step: 'recover', code: 'EIO', errno: 5, path: unit, message: 'the device reported an error' },
  ],
  steps: [
    { step: 'intent', at: '2026-05-12T09:30:00.000Z', note: null },
    { step: 'deleting', at: '2026-05-12T09:30:01.000Z', note: null },
    { step: 'partial', at: '2026-05-12T09:30:09.000Z', note: '12 left' },
  ],
});

describe('history', () => {
  it('names the first errors of each with step and path, how many more there are, and what to do next', async () => {
    const { exit, out } = await asking('history', [partial]);
    expect(exit).toBe(0);
    expect(out).toMatch(/npm\/_cacache +partial +0 B +12 items/);
    expect(out).toContain('    Going on with it: ~/.npm/_cacache: the device reported an error (EIO)\n');
    expect(out).toContain(`    Left: ~/.npm/_cacache/a: ${left[0]?.message}\n`);
    expect(out).toContain('    and 10 more: cache-inspector history o_0123456789ab\n');
    expect(out).toContain('    It stands at ~/.npm/_cacache.deleting-77-abc');
    expect(out).toContain('resume o_0123456789ab');
  });

  it('of one operation tells each step with its moment, every error with its number, all that is left, and what it takes', async () => {
    const { exit, out } = await asking('history o_0123456789ab', [partial]);
    expect(exit).toBe(0);
    for (const { path, message } of left)
      expect(out).toContain(`${path.replace('/home/ada', '~')}: ${message} (errno 1)\n`);
    expect(out).toContain('and 7 more, not named');
    expect(out).toContain('Going on with it: ~/.npm/_cacache: the device reported an error (EIO, errno 5)\n');
    expect(out).toMatch(/freed +0 B of 2.00 MB expected, 0 entries deleted/);
    expect(out).toMatch(/the copy +~\/.npm\/_cacache.deleting-77-abc\n/);
    expect(out).toMatch(/it takes +1.50 MB\n/);
    expect(out).toMatch(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}Written down before anything was touched\n/);
    expect(out).toContain('Ended with something left (12 left)');
    expect(out).toMatch(/Next\n(.*\n)*.*resume o_/);
  });

  it('of one operation is that operation with --json', async () => {
    expect(JSON.parse((await asking('history o_0123456789ab --json', [partial])).out)).toEqual(partial);
  });

  it.each([
    ['history 17', "'17' is not the id of an operation"],
    ['history o_ffffffffffff', 'The history has no operation o_ffffffffffff'],
  ])('%s exits 2 with a sentence', async (line, sentence) => {
    const { exit, out, err } = await asking(line, [partial]);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toContain(sentence);
  });

  it.each(['refused', 'failed', 'nothing-to-do', 'set-aside', 'done', 'deleting', 'partial'] as const)(
    'says of one that is %s that nothing was freed',
    async (state) => {
      const none = operation({ state, bytes: { planned: null, freed: 0 }, entriesDeleted: 0 });
      expect((await asking('history o_0123456789ab', [none])).out.split('\n')[0]).toContain('0 B freed');
    },
  );
});
