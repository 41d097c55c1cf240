import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAge, formatBytes, formatDuration, parseDuration } from './format.ts';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [1_240_000_000, '1.24 GB'],
    [86_000_000, '86.0 MB'],
    [999_999, '1.00 MB'],
    [-5000, '-5.00 kB'],
    [Number.NaN, '–'],
  ])('%d is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('counts in 1024s when asked', () => {
    expect(formatBytes(1024, 'binary')).toBe('1.00 KiB');
  });

  it('is never off by more than half a percent, nor longer than nine characters', () => {
    const factor = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, PB: 1e15 };
    fc.assert(
      fc.property(fc.nat(Number.MAX_SAFE_INTEGER), (bytes) => {
        const [value, unit] = formatBytes(bytes).split(' ');
        const back = Number(value) * factor[unit as keyof typeof factor];
        expect(Math.abs(back - bytes)).toBeLessThanOrEqual(bytes * 0.0051);
        expect(formatBytes(bytes).length).toBeLessThanOrEqual(9);
      }),
    );
  });
});

describe('formatAge', () => {
  it.each([
    [0, 'just now'],
    [59_999, 'just now'],
    [60_000, '1 minute ago'],
    [3 * 86_400_000, '3 days ago'],
    [-7_200_000, 'in 2 hours'],
  ])('%d ms ago is %s', (ms, text) => {
    expect(formatAge(1e12 - ms, 1e12)).toBe(text);
  });
});

describe('formatDuration', () => {
  it.each([
    [340, '340 ms'],
    [1234, '1.2 s'],
    [59_960, '1 min 0 s'],
    [185_000, '3 min 5 s'],
    [7_800_000, '2 h 10 min'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('parseDuration', () => {
  it('reads what people write', () => {
    expect(parseDuration('30d')).toBe(30 * 86_400_000);
    expect(parseDuration('90s')).toBe(90_000);
  });

  it.each(['', '30', '-3d', '1.5h', '3 d', '3dd', 'd'])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeNull();
  });
});
