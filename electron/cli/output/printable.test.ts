import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonDocument } from './json.ts';
import { printable } from './printable.ts';

const harmless = /^[^\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]*$/u;

describe('printable', () => {
  it.each([
    ['\u001b[31mred', '\\u{1b}[31mred'],
    ['a\nb\tc', 'a\\u{a}b\\u{9}c'],
    ['\u009b2J', '\\u{9b}2J'],
    ['abc\u202egnp.exe', 'abc\\u{202e}gnp.exe'],
    ['\ud800', '\\u{d800}'],
    ['naïve 包 😀', 'naïve 包 😀'],
  ])('%j is shown as %s', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('leaves nothing that drives a terminal, whatever comes', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => harmless.test(printable(text))));
  });
});

describe('jsonDocument', () => {
  it('says the same value, without a character that drives a terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const document = jsonDocument({ text });
        expect(JSON.parse(document)).toEqual({ text });
        expect(document.replaceAll('\n', '')).toMatch(harmless);
      }),
    );
  });
});
