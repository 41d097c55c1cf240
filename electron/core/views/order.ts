import type { EntryOrder } from '../../../shared/model.ts';
import type { EntryTable } from './entry-table.ts';
import { sortByKey } from './radix.ts';

/** Largest first: what a person who looks for space wants to see. */
export const usualOrder: EntryOrder = { by: 'bytes', descending: true };

/**
 * The text by which another is sorted: without regard to case, numbers by their value (1.9 before 1.10). Each run of
 * digits is led by how many there are.
 */
export const sortKey = (text: string): string =>
  text.toLowerCase().replace(/\d+/g, (digits) => {
    const number = digits.replace(/^0+(?=\d)/, '');
    return String.fromCharCode(0x30 + Math.min(number.length, 40)) + number;
  });

/** Numbers that sort as the texts of that column do, NaN where there is none. */
const ranks = (rows: Uint32Array, textOf: (index: number) => string | null): Float64Array => {
  const groups = new Map<string, number>();
  const group = new Uint32Array(rows.length);
  rows.forEach((index, row) => {
    const text = textOf(index);
    if (text === null) return;
    let number = groups.get(text);
    if (number === undefined) {
      number = groups.size + 1;
      groups.set(text, number);
    }
    group[row] = number;
  });
  const keyed = Array.from(groups, ([text, number]) => ({ key: sortKey(text), text, number }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.text < b.text ? -1 : 1));
  const rank = new Float64Array(groups.size + 1).fill(Number.NaN);
  keyed.forEach(({ number }, place) => {
    rank[number] = place;
  });
  return Float64Array.from(group, (number) => rank[number] ?? Number.NaN);
};

const keysOf = (table: EntryTable, rows: Uint32Array, by: EntryOrder['by']): Float64Array => {
  const numbers = (values: Float64Array): Float64Array =>
    Float64Array.from(rows, (index) => values[index] ?? Number.NaN);
  switch (by) {
    case 'bytes':
      return numbers(table.bytes.values);
    case 'created':
      return numbers(table.created.values);
    case 'lastUsed':
      return numbers(table.lastUsed.values);
    case 'usedBy':
      return Float64Array.from(rows, (index) => table.usedBy(index));
    case 'name':
      return ranks(rows, (index) => table.name(index));
    case 'version':
      return ranks(rows, (index) => table.version(index));
    case 'kind':
      return ranks(rows, (index) => table.kind(index));
    case 'unit':
      return ranks(rows, (index) => table.unit(index));
  }
};

/** Rows in that order; what has no value there comes last, and equals stay in the order in which they were. */
export const arranged = (table: EntryTable, rows: Uint32Array, { by, descending }: EntryOrder): Uint32Array =>
  sortByKey(rows, keysOf(table, rows, by), descending);
