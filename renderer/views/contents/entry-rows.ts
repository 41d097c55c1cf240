import type { Entry, EntryView } from '../../../shared/model.ts';

/** Rows as core gives them; null when it could not. */
export type FetchRows = (
  view: EntryView['view'],
  from: number,
  count: number,
) => Promise<{ readonly revision: number; readonly rows: readonly Entry[] } | null>;

export const pageRows = 200;
const mostPages = 50;
/** Pages that are asked for at once: while somebody scrolls fast, the rest of what they passed is never fetched. */
const mostUnderWay = 2;

type Pages = Map<number, readonly Entry[]>;

const sameRows = (a: EntryView, b: EntryView | null): boolean =>
  b !== null && a.view === b.view && a.revision === b.revision;

/** Of two states of one view the later one: an answer and the news about it may overtake each other. */
export const later = (a: EntryView, b: EntryView): EntryView => {
  if (a.revision !== b.revision) return a.revision > b.revision ? a : b;
  return a.all > b.all || (a.all === b.all && a.done) ? a : b;
};

/**
 * The rows around what is on screen, of a view that may hold a million. When other rows come to the same places (another
 * order, another filter, a view opened anew) the old ones stay until those on screen are there: nothing flickers.
 */
export class EntryRows {
  readonly #fetch: FetchRows;
  readonly #changed: () => void;
  #shown: EntryView | null = null;
  #latest: EntryView | null = null;
  #pages: Pages = new Map();
  /** Pages of the latest rows while others are still shown. */
  #coming: Pages = new Map();
  #underWay = new Set<string>();
  #range: readonly [from: number, to: number] = [0, 1];
  /** Those of the range that are on screen; null: all of it. */
  #some: readonly number[] | null = null;

  /** `changed` is called when other rows are to be shown. */
  constructor(fetch: FetchRows, changed: () => void) {
    this.#fetch = fetch;
    this.#changed = changed;
  }

  /** The state that belongs to the rows that are shown; null as long as there are none. */
  get shown(): EntryView | null {
    return this.#shown;
  }

  /** What is shown is the newest that core has told. */
  get isLatest(): boolean {
    return this.#shown === this.#latest;
  }

  /** The row there, or undefined while it is on its way. */
  row(index: number): Entry | undefined {
    return this.#pages.get(Math.floor(index / pageRows))?.[index % pageRows];
  }

  /** Rows that are on screen now. */
  look(from: number, to: number): void {
    if (this.#some === null && this.#range[0] === from && this.#range[1] === to) return;
    this.#range = [from, Math.max(to, from + 1)];
    this.#some = null;
    this.#pump();
  }

  /** The same where rows on screen are far apart: what lies between is not fetched. In rising order. */
  lookAt(rows: readonly number[]): void {
    if (rows.join() === this.#some?.join()) return;
    this.#range = [rows[0] ?? 0, (rows.at(-1) ?? 0) + 1];
    this.#some = rows;
    this.#pump();
  }

  /** Where the rows that come now will be looked at: another filter or order begins at the top. */
  lookAtStart(): void {
    this.#range = [0, Math.max(1, this.#some?.length ?? this.#range[1] - this.#range[0])];
    this.#some = null;
  }

  /** What core says about the view. What is older than what is known changes nothing. */
  tell(state: EntryView): void {
    const latest = this.#latest;
    if (latest !== null && latest.view === state.view) {
      const newer = later(state, latest);
      if (newer === latest) return;
    }
    if (latest === null || !sameRows(state, latest)) this.#coming = new Map();
    this.#latest = state;
    this.#pump();
  }

  #wanted(state: EntryView): readonly number[] {
    const last = Math.max(0, state.matching - 1);
    if (state.matching === 0) return [];
    if (this.#some !== null) return [...new Set(this.#some.map((row) => Math.floor(Math.min(row, last) / pageRows)))];
    const from = Math.floor(Math.min(this.#range[0], last) / pageRows);
    const to = Math.floor(Math.min(this.#range[1] - 1, last) / pageRows);
    return Array.from({ length: to - from + 1 }, (_, at) => from + at);
  }

  /** While a view that was opened anew is still read, it takes over once it has rows for what is on screen. */
  #reaches(state: EntryView): boolean {
    return this.#shown === null || state.done || state.matching >= Math.min(this.#range[1], this.#shown.matching);
  }

  /** Shows what can be shown and fetches what is missing, but not again what an answer has just not brought. */
  #pump(except = -1): void {
    const state = this.#latest;
    if (state === null) return;
    const same = sameRows(state, this.#shown);
    const pages = same ? this.#pages : this.#coming;
    const wanted = this.#wanted(state);
    // A page at the end grows while entries are read: what is there of it is shown, and the rest fetched.
    const whole = (page: number): boolean =>
      (pages.get(page)?.length ?? 0) >= Math.min(pageRows, state.matching - page * pageRows);
    if (same) {
      if (this.#shown !== state) this.#show(state);
    } else if (this.#reaches(state) && wanted.every((page) => pages.has(page))) {
      this.#pages = pages;
      this.#coming = new Map();
      this.#show(state);
    }
    for (const page of wanted) {
      if (this.#underWay.size >= mostUnderWay) break;
      if (page !== except && !whole(page)) void this.#get(state, page);
    }
  }

  #show(state: EntryView): void {
    this.#shown = state;
    this.#changed();
  }

  async #get(state: EntryView, page: number): Promise<void> {
    const key = `${state.view} ${state.revision} ${page}`;
    if (this.#underWay.has(key)) return;
    this.#underWay.add(key);
    const answer = await this.#fetch(state.view, page * pageRows, pageRows);
    this.#underWay.delete(key);
    // The rows may be others by now: then their state is here already, or on its way and begins this anew.
    const usable = answer !== null && answer.revision === state.revision;
    if (usable) this.#keep(state, page, answer.rows);
    const replaced = this.#latest !== state;
    if (usable || replaced) this.#pump(replaced ? -1 : page);
  }

  #keep(state: EntryView, page: number, rows: readonly Entry[]): void {
    const shown = sameRows(state, this.#shown);
    if (!shown && (this.#latest === null || !sameRows(state, this.#latest))) return;
    const pages = shown ? this.#pages : this.#coming;
    pages.delete(page);
    pages.set(page, rows);
    const [oldest] = pages.keys();
    if (pages.size > mostPages && oldest !== undefined) pages.delete(oldest);
    if (shown) this.#changed();
  }
}
