import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, type Filtered, isMeant, Newest, saysNothing } from './filter.ts';

const now = Date.parse('2026-05-12T00:00:00Z');
const day = 86_400_000;
const ago = (days: number): string => new Date(now - days * day).toISOString();
const entry = (more: Partial<Filtered> = {}): Filtered => ({
  unit: 'u',
  kind: 'wheel',
  name: 'requests',
  version: '2.32.3',
  bytes: 1000,
  created: null,
  lastUsed: null,
  usedBy: null,
  damaged: null,
  ...more,
});
const newestOf = (...all: readonly Filtered[]): Newest => {
  const newest = new Newest();
  for (const one of all) newest.add(one);
  return newest;
};
const nobody = newestOf();

describe('versions', () => {
  it.each([
    ['1.9', '1.10'],
    ['1.0.0-rc1', '1.0.0'],
    ['1.0b2', '1.0'],
    ['1.0.0-alpha.2', '1.0.0-alpha.10'],
    ['2.0', '2.0.1'],
    ['v1.2.3', 'v1.2.4'],
    ['1.0.dev3', '1.0'],
    ['9', '10'],
    ['1.0-SNAPSHOT', '1.0'],
    ['1.2', '1.2.post1'],
    ['0.0.9999999999999999998', '0.0.9999999999999999999'],
  ])('%s is older than %s', (a, b) => {
    expect(compareVersions(a, b)).toBeLessThan(0);
    expect(compareVersions(b, a)).toBeGreaterThan(0);
  });

  it('knows the same in other words', () => {
    expect(compareVersions('1.0', '1.0.0')).toBe(0);
    expect(compareVersions('V1.0', 'v1.0')).toBe(0);
    expect(compareVersions('', '')).toBe(0);
  });

  it('orders any texts, and the same way round', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
      }),
    );
  });
});

describe('what a filter means', () => {
  it('counts from the last use, else from when it was made, and means nothing without either', () => {
    const filter = { olderThanMs: 30 * day };
    expect(isMeant(entry({ lastUsed: ago(31) }), filter, now, nobody)).toBe(true);
    expect(isMeant(entry({ lastUsed: ago(29), created: ago(90) }), filter, now, nobody)).toBe(false);
    expect(isMeant(entry({ created: ago(31) }), filter, now, nobody)).toBe(true);
    expect(isMeant(entry(), filter, now, nobody)).toBe(false);
  });

  it('never means what nobody knows the size or the users of', () => {
    expect(isMeant(entry({ bytes: 11 }), { largerThan: 10 }, now, nobody)).toBe(true);
    expect(isMeant(entry({ bytes: 10 }), { largerThan: 10 }, now, nobody)).toBe(false);
    expect(isMeant(entry({ bytes: null }), { largerThan: 0 }, now, nobody)).toBe(false);
    expect(isMeant(entry({ usedBy: [] }), { unused: true }, now, nobody)).toBe(true);
    expect(isMeant(entry({ usedBy: ['app'] }), { unused: true }, now, nobody)).toBe(false);
    expect(isMeant(entry(), { unused: true }, now, nobody)).toBe(false);
  });

  it('knows a newer one of the same name, kind and unit only', () => {
    const old = entry({ version: '2.9' });
    const newest = newestOf(old, entry({ version: '2.10' }), entry({ name: 'other', version: '9' }));
    expect(isMeant(old, { notNewest: true }, now, newest)).toBe(true);
    expect(isMeant(entry({ version: '2.10' }), { notNewest: true }, now, newest)).toBe(false);
    expect(isMeant(entry({ kind: 'source', version: '1' }), { notNewest: true }, now, newest)).toBe(false);
    expect(isMeant(entry({ unit: 'v', version: '1' }), { notNewest: true }, now, newest)).toBe(false);
    expect(isMeant(entry({ version: null }), { notNewest: true }, now, newest)).toBe(false);
  });

  it('wants all that is said to hold', () => {
    const both = { largerThan: 10, damaged: true } as const;
    expect(isMeant(entry({ damaged: 'cut short' }), both, now, nobody)).toBe(true);
    expect(isMeant(entry(), both, now, nobody)).toBe(false);
    expect(isMeant(entry({ damaged: 'cut short', bytes: 1 }), both, now, nobody)).toBe(false);
    expect(saysNothing({})).toBe(true);
    expect(saysNothing({ unused: undefined })).toBe(true);
    expect(saysNothing(both)).toBe(false);
  });
});
