import { expect, test } from 'vitest';
import { filterWords, lengthOf, lengthWords, sizeOf } from './filter-words.ts';

const dayMs = 86_400_000;
const saying = { used: true, bytes: (value: number) => `${value} B` };

test.each([
  ['45 days', 45 * dayMs],
  ['90d', 90 * dayMs],
  ['2 weeks', 14 * dayMs],
  ['90', 90 * dayMs],
  [' 1 Year ', 365 * dayMs],
  ['12h', dayMs / 2],
  ['5 min', 300_000],
  ['0 days', null],
  ['11 years', null],
  ['-3 days', null],
  ['3 apples', null],
  ['days', null],
  ['', null],
])('%o is a length of time of %o ms', (text, ms) => {
  expect(lengthOf(text)).toBe(ms);
});

test.each([
  ['10 MB', 10_000_000],
  ['1.5GiB', 1.5 * 2 ** 30],
  ['250', 250_000_000],
  ['0.1 kB', 100],
  ['0', 0],
  ['10 apples', null],
  ['-1 MB', null],
  ['', null],
])('%o is a size of %o bytes', (text, bytes) => {
  expect(sizeOf(text)).toBe(bytes);
});

test('lengths of time are said as one says them', () => {
  expect([7, 14, 30, 90, 180, 365, 730, 0.5].map((days) => lengthWords(days * dayMs))).toEqual([
    '1 week',
    '2 weeks',
    '30 days',
    '90 days',
    '180 days',
    '1 year',
    '2 years',
    '12 hours',
  ]);
});

test('a filter goes on after the word entries', () => {
  const all = { olderThanMs: 90 * dayMs, largerThan: 5, notNewest: true, unused: true, damaged: true } as const;
  expect(filterWords(all, 'react', saying)).toBe(
    ' not used for 90 days, larger than 5 B, not the newest version, used by no project, damaged, with “react” in it',
  );
  expect(filterWords({ olderThanMs: dayMs }, '', { ...saying, used: false })).toBe(' made over 1 day ago');
  expect(filterWords({}, '', saying)).toBe('');
});
