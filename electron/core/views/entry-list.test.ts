import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { UnitId } from '../../../shared/ids.ts';
import { type EntryOrder, entryColumns } from '../../../shared/model.ts';
import { entryHash, entryId, seenText } from '../catalog/entry-id.ts';
import type { RawEntry } from '../catalog/tool.ts';
import { EntryList } from './entry-list.ts';
import { sortKey, usualOrder } from './order.ts';

const units = [
  { id: 'u_00000000000a' as UnitId, name: '_cacache' },
  { id: 'u_00000000000b' as UnitId, name: '_logs' },
] as const;

interface Put {
  readonly unit: number;
  readonly entry: RawEntry;
}

const text = fc.oneof(
  fc.constantFrom('', 'a', 'A', 'b1', 'b01', 'b10', 'B2', 'é', 'İ', 'ß', '名', '😀', '@', 'a b', 'alpha', 'Alpha'),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 3 });
const moment = fc
  .date({ noInvalidDate: true, min: new Date('1960-01-01'), max: new Date('2100-01-01') })
  .map((date) => date.toISOString());
const put: fc.Arbitrary<Put> = fc.record({
  unit: fc.nat(1),
  entry: fc.record({
    key: fc.string({ maxLength: 8 }),
    kind: fc.constantFrom('tarball', 'metadata', 'Log'),
    name: maybe(text),
    version: maybe(text),
    url: maybe(text),
    bytes: maybe(fc.oneof(fc.nat(3), fc.nat(2 ** 31), fc.maxSafeNat())),
    created: maybe(moment),
    lastUsed: maybe(moment),
    usedBy: maybe(fc.array(fc.constantFrom('~/one', '~/two'), { maxLength: 2 })),
    damaged: maybe(fc.constantFrom('its content is missing', 'too short')),
  }),
});
const order: fc.Arbitrary<EntryOrder> = fc.record({ by: fc.constantFrom(...entryColumns), descending: fc.boolean() });

const asEntry = ({ unit, entry: { key, ...entry } }: Put) => ({
  id: entryId(entryHash(units[unit]?.id ?? units[0].id, key)),
  unit: units[unit]?.name ?? '',
  ...entry,
});

const filtered = (puts: readonly Put[], filter: string | undefined): readonly Put[] =>
  puts.filter(({ entry }) => filter === undefined || seenText(entry).toLowerCase().includes(filter.toLowerCase()));

/** The same in the plainest way. */
const naive = (puts: readonly Put[], filter: string | undefined, { by, descending }: EntryOrder) => {
  const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);
  const isText = by === 'name' || by === 'version' || by === 'kind' || by === 'unit';
  return filtered(puts, filter)
    .map(asEntry)
    .sort((a, b) => {
      const [left, right] = [a, b].map((entry) => (by === 'usedBy' ? (entry.usedBy?.length ?? null) : entry[by]));
      if (left == null || right == null) return Number(left == null) - Number(right == null);
      const difference = isText
        ? compare(sortKey(String(left)), sortKey(String(right))) || compare(left, right)
        : compare(left, right);
      return descending ? -difference : difference;
    });
};

const fill = (list: EntryList, puts: readonly Put[]): void => {
  for (const { unit, entry } of puts) list.add(unit, [entry]);
};
const all = 1_000_000;

test('filters and sorts as the plainest way does, whenever it is arranged', () => {
  fc.assert(
    fc.property(
      fc.array(put, { maxLength: 40 }),
      fc.nat(40),
      fc.option(text, { nil: undefined }),
      fc.option(order, { nil: undefined }),
      fc.option(text, { nil: undefined }),
      (puts, cut, filter, wanted, before) => {
        const list = new EntryList(units, { filter: before });
        fill(list, puts.slice(0, cut));
        list.arrange({ filter, order: wanted });
        fill(list, puts.slice(cut));
        // Until all is read: in the order in which they were found.
        expect(list.rows(0, all).rows).toEqual(filtered(puts, filter).map(asEntry));
        const reading = list.state();
        list.finish(null);
        const expected = naive(puts, filter, wanted ?? usualOrder);
        expect(list.rows(0, all).rows).toEqual(expected);
        expect(list.state().revision).toBeGreaterThan(reading.revision);
        expect(list.state()).toMatchObject({
          done: true,
          all: puts.length,
          matching: expected.length,
          damaged: expected.filter(({ damaged }) => damaged !== null).length,
          columns: entryColumns.filter((column) => puts.map(asEntry).some((entry) => entry[column] !== null)),
        });
        expect({ ...list.state(), done: false, revision: reading.revision }).toEqual(reading);
      },
    ),
    { numRuns: 400 },
  );
});

test('any piece of what is seen is found, and in no other text', () => {
  fc.assert(
    fc.property(
      fc.array(put, { minLength: 1, maxLength: 30 }),
      fc.nat(),
      fc.nat(),
      fc.nat(),
      (puts, which, from, length) => {
        const list = new EntryList(units, {});
        fill(list, puts);
        const one = [...seenText((puts[which % puts.length] as Put).entry)];
        const filter = one.slice(from % one.length, (from % one.length) + 1 + (length % 6)).join('');
        list.arrange({ filter });
        expect(list.rows(0, all).rows).toEqual(filtered(puts, filter).map(asEntry));
      },
    ),
    { numRuns: 400 },
  );
});

test('a selection counts each row once, whatever its ranges', () => {
  const range = fc.tuple(fc.nat(30), fc.oneof(fc.nat(30), fc.constant(100_000_000)));
  fc.assert(
    fc.property(fc.array(put, { maxLength: 25 }), fc.array(range, { maxLength: 6 }), (puts, ranges) => {
      const list = new EntryList(units, {});
      fill(list, puts);
      list.finish(null);
      const rows = naive(puts, undefined, usualOrder).filter((_, row) => ranges.some(([a, b]) => a <= row && row < b));
      expect(list.selection(list.state().revision, ranges)).toEqual({
        entries: rows.length,
        bytes: rows.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
        units: units.filter(({ name }) => rows.some(({ unit }) => unit === name)).map(({ id }) => id),
      });
      expect(list.selection(list.state().revision - 1, ranges)).toBeNull();
    }),
  );
});

test('numbers in names and versions are numbers, and capitals make no difference', () => {
  const names = ['1.9.0', '1.10.0', '1.2.10', '1.2.9', 'B', 'a', 'C', '10', '9', '007'];
  expect(names.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))).toEqual([
    '1.2.9',
    '1.2.10',
    '1.9.0',
    '1.10.0',
    '007',
    '9',
    '10',
    'a',
    'B',
    'C',
  ]);
});

test('many entries with long texts stay apart where one piece of memory ends', () => {
  const list = new EntryList(units, {});
  const url = `https://registry.example/${'x'.repeat(2000)}/`;
  const entries = Array.from({ length: 10_000 }, (_, at) => ({
    key: String(at),
    kind: 'tarball',
    name: `Name ${at}`,
    version: null,
    url: `${url}${at}.`,
    bytes: at,
    created: null,
    lastUsed: null,
    usedBy: null,
    damaged: null,
  }));
  list.add(0, entries);
  list.finish(null);
  for (const at of [0, 1, 1999, 2000, 5555, 9999]) {
    list.arrange({ filter: `X/${at}.` });
    expect(list.rows(0, all).rows).toMatchObject([{ name: `Name ${at}`, url: `${url}${at}.` }]);
  }
  list.arrange({ filter: 'x/' });
  expect(list.state()).toMatchObject({ matching: 10_000, bytes: (9_999 * 10_000) / 2 });
});
