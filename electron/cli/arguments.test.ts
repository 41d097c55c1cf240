import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { durationOf, limitOf, nameFrom, secondsOf } from './arguments.ts';

describe('what is typed', () => {
  it.each([
    ['0', 0],
    ['600', 600_000],
    ['0.5', 500],
    ['.25', 250],
  ])('%s seconds are %d ms', (text, ms) => {
    expect(secondsOf(text)).toBe(ms);
  });

  it.each(['', '-1', '1e3', 'soon', '0x10', 'Infinity', '999999999999'])('%j is no number of seconds', (text) => {
    expect(() => secondsOf(text)).toThrow(/It must be/);
  });

  it.each(['', '0', '1.5', '-3', '1000001', 'all'])('%j is no limit', (text) => {
    expect(() => limitOf(text)).toThrow(/whole number/);
  });

  it.each(['30', '-3d', 'month', '11y'])('%j is no age', (text) => {
    expect(() => durationOf(text)).toThrow(/It must be/);
  });

  it('is a path only when it says so', () => {
    expect(nameFrom('/work', 'npm/_cacache')).toBe('npm/_cacache');
    expect(nameFrom('/work', './npm')).toBe(resolve('/work', 'npm'));
    expect(nameFrom('/work', '.')).toBe(resolve('/work'));
    expect(nameFrom('/work', '.npm')).toBe('.npm');
    expect(nameFrom('/work', '/x/../y')).toBe('/x/../y');
  });
});
