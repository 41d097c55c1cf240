import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, has, type Ranges, remove, size, toggle } from './selection.ts';

const range = fc.tuple(fc.nat(40), fc.nat(40)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
const step = fc.oneof(
  fc.record({ how: fc.constant('add' as const), range }),
  fc.record({ how: fc.constant('remove' as const), range }),
  fc.record({ how: fc.constant('toggle' as const), range }),
);

describe('a selection of rows', () => {
  it('is at every moment what a plain set would be', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let ranges: Ranges = [];
        const set = new Set<number>();
        for (const { how, range } of steps) {
          const [start, end] = range;
          if (how === 'toggle') {
            ranges = toggle(ranges, start);
            if (!set.delete(start)) set.add(start);
          } else {
            ranges = how === 'add' ? add(ranges, range) : remove(ranges, range);
            for (let at = start; at < end; at += 1) {
              if (how === 'add') set.add(at);
              else set.delete(at);
            }
          }
          expect(size(ranges)).toBe(set.size);
          for (let at = 0; at <= 41; at += 1) expect(has(ranges, at)).toBe(set.has(at));
        }
        const touching = ranges.some(([start], at) => at > 0 && start <= (ranges[at - 1]?.[1] ?? -1));
        expect(touching).toBe(false);
      }),
    );
  });

  it('of a million rows is one range', () => {
    expect(add([], [0, 1_000_000])).toEqual([[0, 1_000_000]]);
  });
});
