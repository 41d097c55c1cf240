import { describe, expect, it } from 'vitest';
import type { Check, SelfTest } from '../../../shared/model.ts';
import { run } from '../run.ts';
import { fakeInspector } from '../testing/fake-inspector.ts';
import { fakeTerminal } from '../testing/fake-terminal.ts';

const check = (result: Check['result'], name: string): Check => ({ name, result, how: `because of ${name}`, ms: 1200 });

const trying = async (words: readonly string[], checks: readonly Check[]) => {
  const tried: SelfTest = { place: '/home/ada/tmp/self-test', checks };
  const terminal = fakeTerminal({});
  const inspector = fakeInspector({ selfTest: () => tried });
  const exit = await run(['doctor', '--self-test', ...words], terminal, async () => inspector);
  return { exit, tried, out: terminal.out(), err: terminal.err(), done: inspector.done };
};

describe('doctor --self-test', () => {
  it('says what holds and what cannot be tried, and why', async () => {
    const { exit, out, done } = await trying([], [check('holds', 'one'), check('not-here', 'two')]);
    expect({ exit, done }).toEqual({ exit: 0, done: ['selfTest', 'close'] });
    expect(out).toMatch(/one +holds +1.2 s\n {4}because of one\n/);
    expect(out).toMatch(/two +cannot be tried here +1.2 s\n {4}because of two\n/);
    expect(out).toContain('Nothing failed. 1 thing could not be tried on this machine.');
    expect(out).toContain('~/tmp/self-test');
  });

  it('exits with 1 when something does not hold', async () => {
    const { exit, out } = await trying([], [check('holds', 'one'), check('fails', 'two')]);
    expect(exit).toBe(1);
    expect(out).toMatch(/two +DOES NOT HOLD/);
    expect(out).toContain('1 thing did not hold.');
  });

  it('is one JSON document with --json, with the same exit code', async () => {
    const { exit, out, err, tried } = await trying(['--json'], [check('fails', 'two')]);
    expect({ exit, err }).toEqual({ exit: 1, err: '' });
    expect(JSON.parse(out)).toEqual(tried);
  });
});
