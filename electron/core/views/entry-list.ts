import { type EntryFilter, isMeant, Newest, saysNothing } from '../../../shared/filter.ts';
import type { EntryId, UnitId } from '../../../shared/ids.ts';
import {
  type Entry,
  type EntryGroups,
  type EntryOrder,
  type EntrySummary,
  type EntryView,
  entryColumns,
} from '../../../shared/model.ts';
import type { RawEntry } from '../catalog/tool.ts';
import { Column } from './columns.ts';
import { EntryTable, type EntryUnit } from './entry-table.ts';
import { type Grouped, groupedByName, sliceOf, summaryOf } from './groups.ts';
import { arranged, usualOrder } from './order.ts';

/** Which entries are wanted, and in which order. */
export interface Arrangement {
  readonly filter?: string | undefined;
  readonly where?: EntryFilter | undefined;
  readonly order?: EntryOrder | undefined;
  readonly grouped?: boolean | undefined;
}

/** The state of a list; whoever holds it knows its id. */
export type ListState = Omit<EntryView, 'view'>;

export interface Selection {
  readonly entries: number;
  readonly bytes: number;
  readonly units: readonly UnitId[];
}

/** Ranges without what they share, inside of [0, length): so no row counts twice. */
const disjoint = (ranges: readonly (readonly [number, number])[], length: number): readonly [number, number][] => {
  const apart: [number, number][] = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = apart.at(-1);
    const start = Math.max(from, last?.[1] ?? 0);
    const end = Math.min(to, length);
    if (start < end) apart.push([start, end]);
  }
  return apart;
};

/** The entries of a view: all that was read, and of them the rows that match, in order. */
export class EntryList {
  readonly #table: EntryTable;
  #arrangement: Arrangement;
  /** Numbers of entries: while more are read in `#found`, which grows, and once they are in order in `#sorted`. */
  #found = new Column(Uint32Array);
  #sorted: Uint32Array | null = null;
  #groups: Grouped | null = null;
  #revision = 1;
  #problem: string | null = null;
  #bytes = 0;
  #most = 0;
  #damaged = 0;
  #newest = new Newest();
  readonly #said = new Set<EntryView['columns'][number]>();

  constructor(units: readonly EntryUnit[], arrangement: Arrangement) {
    this.#table = new EntryTable(units);
    this.#arrangement = arrangement;
  }

  get length(): number {
    return this.#table.length;
  }

  /** Appends entries of the unit with that number. */
  add(unit: number, entries: readonly RawEntry[]): void {
    const first = this.#table.length;
    for (const entry of entries) this.#table.add(unit, entry);
    for (const { name, version, bytes, created, lastUsed, usedBy } of entries) {
      if (name !== null) this.#said.add('name');
      if (version !== null) this.#said.add('version');
      if (bytes !== null) this.#said.add('bytes');
      if (created !== null) this.#said.add('created');
      if (lastUsed !== null) this.#said.add('lastUsed');
      if (usedBy !== null) this.#said.add('usedBy');
    }
    this.#gather(first);
  }

  /** All was read, or `problem` says in words why not: from now on the rows stand in order. */
  finish(problem: string | null): void {
    this.#problem = problem;
    this.#revision += 1;
    // Which version is the newest is only known now.
    if (this.#arrangement.where?.notNewest) this.#gatherAnew();
    this.#sort();
  }

  /** Another filter and order for the same entries. */
  arrange(arrangement: Arrangement): void {
    const meaning = ({ filter = '', where = {} }: Arrangement): string => JSON.stringify([filter, where]);
    const refilter = meaning(arrangement) !== meaning(this.#arrangement);
    this.#arrangement = arrangement;
    this.#revision += 1;
    if (refilter) this.#gatherAnew();
    if (this.#sorted !== null) this.#sort();
  }

  /** Rows from that one on, at most `count`; fewer at the end. */
  rows(from: number, count: number): { readonly revision: number; readonly rows: readonly Entry[] } {
    const rows = Array.from(this.#rows.subarray(from, from + count), (index) => this.#table.entry(index));
    return { revision: this.#revision, rows };
  }

  /** What ranges of rows amount to; null when the rows are not those of that revision any more. */
  selection(revision: number, ranges: readonly (readonly [number, number])[]): Selection | null {
    if (revision !== this.#revision) return null;
    const rows = this.#rows;
    const units = new Set<number>();
    let entries = 0;
    let bytes = 0;
    for (const [from, to] of disjoint(ranges, rows.length)) {
      entries += to - from;
      for (const index of rows.subarray(from, to)) {
        bytes += this.#table.bytes.at(index) || 0;
        units.add(this.#table.unitOf(index));
      }
    }
    return { entries, bytes, units: this.#table.units.filter((_, unit) => units.has(unit)).map(({ id }) => id) };
  }

  /** The ids of rows; null when the rows are not those of that revision any more. */
  ids(revision: number, ranges: readonly (readonly [number, number])[]): readonly EntryId[] | null {
    if (revision !== this.#revision) return null;
    const rows = this.#rows;
    return disjoint(ranges, rows.length).flatMap(([from, to]) =>
      Array.from(rows.subarray(from, to), (index) => this.#table.id(index)),
    );
  }

  /** Names from that one on; null when they are not those of that revision, or when it is not grouped. */
  groups(revision: number, from: number, count: number): EntryGroups | null {
    if (revision !== this.#revision || this.#groups === null) return null;
    return { revision, ...sliceOf(this.#groups, from, count) };
  }

  /** Of all that was read; `now` in ms since 1970. */
  summary(now: number): EntrySummary {
    return summaryOf(this.#table, now);
  }

  state(): ListState {
    const { length, units } = this.#table;
    const says = (column: (typeof entryColumns)[number]): boolean =>
      column === 'kind' ? length > 0 : column === 'unit' ? length > 0 && units.length > 1 : this.#said.has(column);
    return {
      revision: this.#revision,
      done: this.#sorted !== null,
      all: length,
      matching: this.#found.length,
      bytes: this.#bytes,
      most: this.#most,
      damaged: this.#damaged,
      columns: entryColumns.filter(says),
      problem: this.#problem,
    };
  }

  get #rows(): Uint32Array {
    return this.#sorted ?? this.#found.values;
  }

  #gatherAnew(): void {
    this.#found = new Column(Uint32Array);
    this.#bytes = 0;
    this.#most = 0;
    this.#damaged = 0;
    this.#newest = new Newest();
    this.#gather(0);
  }

  #gather(first: number): void {
    const { filter, where } = this.#arrangement;
    const now = Date.now();
    if (where?.notNewest) {
      for (let index = first; index < this.#table.length; index += 1) this.#newest.add(this.#table.entry(index));
    }
    const isWanted = (index: number): boolean =>
      where === undefined || saysNothing(where) || isMeant(this.#table.entry(index), where, now, this.#newest);
    this.#table.match(filter, first, (index) => {
      if (!isWanted(index)) return;
      this.#found.push(index);
      const size = this.#table.bytes.at(index) || 0;
      this.#bytes += size;
      if (size > this.#most) this.#most = size;
      if (this.#table.isDamaged(index)) this.#damaged += 1;
    });
  }

  #sort(): void {
    const { order = usualOrder, grouped } = this.#arrangement;
    this.#sorted = arranged(this.#table, this.#found.values, order);
    this.#groups = grouped === true ? groupedByName(this.#table, this.#sorted, order) : null;
    if (this.#groups !== null) this.#sorted = this.#groups.rows;
  }
}
