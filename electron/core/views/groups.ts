import type { EntryGroups, EntryOrder, EntrySummary } from '../../../shared/model.ts';
import type { EntryTable } from './entry-table.ts';

/** Entries that were not used for so long are told of in a summary, in ms: 90 days. */
const oldMs = 90 * 86_400_000;

/** Rows of which those with the same name stand together, and what each name amounts to. */
export interface Grouped {
  readonly rows: Uint32Array;
  /** In the order of their rows. Null: those without a name. */
  readonly names: readonly (string | null)[];
  readonly entries: readonly number[];
  readonly bytes: readonly number[];
  /** Last use of any of them, ms since 1970, or when it was made where no use is recorded; NaN: neither. */
  readonly newest: readonly number[];
}

const usedAt = (table: EntryTable, index: number): number => {
  const used = table.lastUsed.at(index);
  return Number.isNaN(used) ? table.created.at(index) : used;
};

/** Names in the order in which they come first, each with its number. */
const numbered = (table: EntryTable, rows: Uint32Array) => {
  const places = new Map<string | null, number>();
  const group = new Uint32Array(rows.length);
  rows.forEach((index, row) => {
    const name = table.name(index);
    let place = places.get(name);
    if (place === undefined) {
      place = places.size;
      places.set(name, place);
    }
    group[row] = place;
  });
  return { names: [...places.keys()], group };
};

/**
 * Puts rows that are in order together by name: the names with the most bytes first where the order is by bytes,
 * otherwise each where its first row stood. Within a name the order stays.
 */
export const groupedByName = (table: EntryTable, rows: Uint32Array, { by, descending }: EntryOrder): Grouped => {
  const { names, group } = numbered(table, rows);
  const entries = new Uint32Array(names.length);
  const bytes = new Float64Array(names.length);
  const newest = new Float64Array(names.length).fill(Number.NaN);
  rows.forEach((index, row) => {
    const at = group[row] ?? 0;
    entries[at] = (entries[at] ?? 0) + 1;
    bytes[at] = (bytes[at] ?? 0) + (table.bytes.at(index) || 0);
    const used = usedAt(table, index);
    if (!(used <= (newest[at] ?? Number.NaN)) && !Number.isNaN(used)) newest[at] = used;
  });
  const order = names.map((_, at) => at);
  const way = descending ? -1 : 1;
  if (by === 'bytes') order.sort((a, b) => way * ((bytes[a] ?? 0) - (bytes[b] ?? 0)) || a - b);
  const next = new Uint32Array(names.length);
  let start = 0;
  for (const at of order) {
    next[at] = start;
    start += entries[at] ?? 0;
  }
  const together = new Uint32Array(rows.length);
  rows.forEach((index, row) => {
    const at = group[row] ?? 0;
    const place = next[at] ?? 0;
    together[place] = index;
    next[at] = place + 1;
  });
  return {
    rows: together,
    names: order.map((at) => names[at] ?? null),
    entries: order.map((at) => entries[at] ?? 0),
    bytes: order.map((at) => bytes[at] ?? 0),
    newest: order.map((at) => newest[at] ?? Number.NaN),
  };
};

/** Names `from` …, at most `count`, as the contract has them. */
export const sliceOf = (grouped: Grouped, from: number, count: number): Omit<EntryGroups, 'revision'> => ({
  total: grouped.names.length,
  names: grouped.names.slice(from, from + count),
  entries: grouped.entries.slice(from, from + count),
  bytes: grouped.bytes.slice(from, from + count),
  newest: grouped.newest.slice(from, from + count).map((ms) => (Number.isNaN(ms) ? null : ms)),
});

/** Why all these entries take what they take; `now` in ms since 1970. */
export const summaryOf = (table: EntryTable, now: number): EntrySummary => {
  const all = Uint32Array.from({ length: table.length }, (_, index) => index);
  const { names, group } = numbered(table, all);
  const sums = new Float64Array(names.length);
  const old = { olderThanMs: oldMs, entries: 0, bytes: 0 };
  let bytes = 0;
  for (const index of all) {
    const size = table.bytes.at(index) || 0;
    bytes += size;
    sums[group[index] ?? 0] = (sums[group[index] ?? 0] ?? 0) + size;
    if (usedAt(table, index) < now - oldMs) {
      old.entries += 1;
      old.bytes += size;
    }
  }
  let most = -1;
  for (const [at, name] of names.entries()) if (name !== null && (sums[at] ?? 0) > (sums[most] ?? 0)) most = at;
  const name = names[most] ?? null;
  if (name === null) return { entries: table.length, bytes, largest: null, old };
  const members = all.filter((index) => group[index] === most);
  const versions = new Set(Array.from(members, (index) => table.version(index)).filter((it) => it !== null)).size;
  return {
    entries: table.length,
    bytes,
    largest: { name, entries: members.length, versions, bytes: sums[most] ?? 0 },
    old,
  };
};
