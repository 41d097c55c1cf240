import { calls } from '../../shared/api.ts';

/** A small generator that gives the same numbers for the same seed: what failed once fails again. */
const numbers = (seed: number) => {
  let counter = seed;
  return (): number => {
    counter += 0x6d2b79f5;
    let state = Math.imul(counter ^ (counter >>> 15), counter | 1);
    state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
    return ((state ^ (state >>> 14)) >>> 0) / 4294967296;
  };
};

/** What an enemy in the page would try: paths, ids nobody gave, prototypes, numbers beyond all ends. */
const evil: readonly unknown[] = [
  ...[
    '/',
    '/etc/passwd',
    '../..',
    'C:\\',
    '',
    '\0',
    '__proto__',
    'constructor',
    'toString',
    '%2e%2e',
    'safe',
    'c'.repeat(70_000),
  ],
  ...[
    `c_${'0'.repeat(16)}`,
    `u_${'f'.repeat(16)}`,
    `p_${'a'.repeat(16)}`,
    `o_${'1'.repeat(16)}`,
    `l_${'2'.repeat(16)}`,
  ],
  ...[0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, true, false, null, undefined],
  ...[[], {}, [[]], new Map([['plan', 'x']]), new Date(0), new Uint8Array(8), 10n, /x/],
];

const names = [...Object.keys(calls), 'rm', 'eval', 'constructor', '__proto__', 'hasOwnProperty', ''];
const keys = 'plan targets unit cache which path units operation leftover view evenIfInUse undoWindowMs saw'.split(' ');

/** `count` messages that no page of ours sends, most of them nearly right. All survive being copied to another process. */
export function* hostileMessages(count: number, seed: number): Generator<unknown> {
  const next = numbers(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  const value = (depth: number): unknown => {
    const roll = next();
    if (depth > 2 || roll < 0.5) return pick(evil);
    if (roll < 0.7) return Array.from({ length: Math.floor(next() * 4) }, () => value(depth + 1));
    return Object.fromEntries(Array.from({ length: Math.floor(next() * 4) }, () => [pick(keys), value(depth + 1)]));
  };
  for (let id = 0; id < count; id += 1) {
    const roll = next();
    if (roll < 0.7) yield { id, call: pick(names), args: value(0) };
    else if (roll < 0.75) yield { id: pick(evil), call: pick(evil), args: value(0) };
    else if (roll < 0.8) yield { hear: value(0) };
    else if (roll < 0.85) yield { ack: pick(evil) };
    else if (roll < 0.9) yield { id, call: pick(names), args: value(0), path: '/' };
    else yield value(0);
  }
}
