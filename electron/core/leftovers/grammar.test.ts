import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { raw, rawText } from '../fs/raw.ts';
import { cutName, deletingName, greatestPid, isFrom, looksLike, parseLeftover, staleName } from './grammar.ts';

const token = '0123456789abcdef';
const parse = (name: string) => parseLeftover(raw(name));

const pids = fc.integer({ min: 1, max: greatestPid });
const tokens = fc.stringMatching(/^[0-9a-f]{16}$/);
const bytes = fc.uint8Array({ minLength: 1, maxLength: 600 }).map((array) => Buffer.from(array));
const texts = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 });

describe('the names that leftovers have', () => {
  it('are ours with a token and pip-tools’ without', () => {
    expect(parse(`_cacache.stale-4711-${token}`)).toEqual({
      origin: 'ours',
      base: raw('_cacache'),
      stage: 'stale',
      pid: 4711,
      token,
    });
    expect(parse(`pkgs.deleting-1-${token}`)).toMatchObject({ origin: 'ours', stage: 'deleting', pid: 1 });
    expect(parse('pkgs.stale-4711')).toEqual({
      origin: 'pip-tools',
      base: raw('pkgs'),
      stage: 'stale',
      pid: 4711,
      token: null,
    });
    expect(parse('pkgs.stale-4194304')).toMatchObject({ pid: greatestPid });
  });

  it.each([
    'pkgs.stale-0',
    'pkgs.stale--1',
    'pkgs.stale-1e3',
    'pkgs.stale-01',
    'pkgs.stale-+1',
    'pkgs.stale- 1',
    'pkgs.stale-1\n',
    'pkgs.stale-١',
    'pkgs.stale-99999999999',
    'pkgs.stale-4194305',
    'pkgs.stale-',
    'pkgs.stale-12.bak',
    'pkgs.deleting-12',
    'http.stale-12',
    '.stale-12',
    `x.stale-0-${token}`,
    `x.stale-12-${token}0`,
    `x.stale-12-${token.toUpperCase()}`,
    `.deleting-12-${token}`,
  ])('%j merely looks so', (name) => {
    expect(parse(name)).toBeNull();
    expect(looksLike(raw(name))?.wrong).toMatch(/\w/);
  });

  it.each(['pkgs', 'pkgs.stale', 'pkgs.stale4711', 'pkgs-stale-4711', 'pkgs.old-4711', ''])('%j does not', (name) => {
    expect(parse(name)).toBeNull();
    expect(looksLike(raw(name))).toBeNull();
  });

  it('of an exact grammar do not merely look so', () => {
    expect(looksLike(raw('pkgs.stale-12'))).toBeNull();
    expect(looksLike(raw('pkgs.stale-0'))).toMatchObject({ base: raw('pkgs'), stage: 'stale' });
  });

  it('are read from the end, whatever the base is called', () => {
    const name = staleName(raw(`a.stale-1-${token}`), 2, token);
    expect(parseLeftover(name)).toMatchObject({ base: raw(`a.stale-1-${token}`), pid: 2 });
  });
});

describe('the names that we give', () => {
  it('fit, and parse back to what they were made of, for all bytes', () => {
    fc.assert(
      fc.property(bytes, pids, tokens, fc.boolean(), (base, pid, mark, stale) => {
        const name = (stale ? staleName : deletingName)(base, pid, mark);
        expect(name.length).toBeLessThanOrEqual(255);
        const parsed = parseLeftover(name);
        expect(parsed).toMatchObject({ origin: 'ours', pid, token: mark, stage: stale ? 'stale' : 'deleting' });
        const kept = parsed?.base ?? Buffer.alloc(0);
        expect(kept.length).toBeGreaterThan(0);
        expect(base.subarray(0, kept.length).equals(kept)).toBe(true);
        // Nothing is given away without need: at most three bytes, for the rest of a character.
        if (kept.length < base.length) expect(name.length).toBeGreaterThanOrEqual(252);
        expect(parsed !== null && isFrom(parsed, base)).toBe(true);
      }),
    );
  });

  it('are whole characters when the base is', () => {
    fc.assert(
      fc.property(texts, pids, tokens, (base, pid, mark) => {
        fc.pre(rawText(raw(base)) === base);
        expect(rawText(staleName(raw(base), pid, mark))).not.toBeNull();
      }),
    );
  });

  it('are cut between characters at every limit', () => {
    const base = raw('aé€😀z');
    const cuts = Array.from({ length: base.length + 2 }, (_, limit) => rawText(cutName(base, limit)));
    expect(cuts).toEqual(['', 'a', 'a', 'aé', 'aé', 'aé', 'aé€', 'aé€', 'aé€', 'aé€', 'aé€😀', 'aé€😀z', 'aé€😀z']);
  });

  it('are refused for what could not be read back', () => {
    expect(() => staleName(raw(''), 1, token)).toThrow(RangeError);
    expect(() => staleName(raw('x'), 0, token)).toThrow(RangeError);
    expect(() => staleName(raw('x'), greatestPid + 1, token)).toThrow(RangeError);
    expect(() => deletingName(raw('x'), 1, 'ABC')).toThrow(RangeError);
  });

  it('belong to their own unit only', () => {
    const parsed = parseLeftover(staleName(raw('http'), 12, token));
    expect(parsed !== null && isFrom(parsed, raw('http'))).toBe(true);
    expect(parsed !== null && isFrom(parsed, raw('http-v2'))).toBe(false);
    expect(parsed !== null && isFrom(parsed, raw('htt'))).toBe(false);
  });
});
