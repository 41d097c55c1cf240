import { describe, expect, it } from 'vitest';
import { diagnostics } from './diagnostics.ts';
import { absolutePath } from './paths.ts';
import { windowChoices, windowLabel, windowWords } from './windows.ts';

describe('the time for Undo', () => {
  it('has the usual choices, and the one that is set', () => {
    expect(windowChoices(20_000).map(windowLabel)).toEqual(['0 s', '10 s', '20 s', '1 min', '5 min', '1 hour']);
    expect(windowChoices(90_000).map(windowLabel)).toContain('1 min 30 s');
    expect(windowChoices(90_000)).toHaveLength(7);
    expect(windowLabel(7_200_000)).toBe('2 hours');
    expect(windowLabel(600_000)).toBe('10 min');
  });

  it('says what none means', () => {
    expect(windowWords(0)).toMatch(/^No Undo/);
    expect(windowWords(20_000)).toContain('kept whole for 20 s');
  });
});

describe('a typed path', () => {
  it.each([
    ['/x', '/x'],
    [' ~/x ', '/home/ada/x'],
    ['~', '/home/ada'],
    ['C:\\x', 'C:\\x'],
    ['\\\\server\\share', '\\\\server\\share'],
    ['x/y', null],
    ['~bob/x', null],
    ['', null],
  ])('%s is %s', (typed, path) => expect(absolutePath(typed, '/home/ada')).toBe(path));
});

describe('diagnostics', () => {
  it('name versions and platform, and no path', () => {
    const text = diagnostics(
      {
        versions: { 'cache-inspector': '0.1.0', system: 'linux 6.1 x64' },
        guarantees: [{ name: 'the journal survives a power cut', holds: false, how: 'its place /x is on nfs' }],
      },
      { platform: 'linux', door: { name: 'browser', reveal: false, pickFolder: false, confirms: false } },
      'a browser',
    );
    expect(text.split('\n')).toEqual([
      'cache-inspector 0.1.0',
      'system linux 6.1 x64',
      'platform linux',
      'door browser',
      'page a browser',
      'does not hold: the journal survives a power cut',
    ]);
  });
});
