import type { ApiError } from '../../../shared/errors.ts';
import { type EntryFilter, saysNothing } from '../../../shared/filter.ts';
import type { CacheId, ViewId } from '../../../shared/ids.ts';
import type { Entry, EntryOrder, EntryView } from '../../../shared/model.ts';
import { client, useConnection } from '../../state/connection.ts';
import type { Names } from './entry-lines.ts';
import { EntryRows } from './entry-rows.ts';
import { fetchNames } from './fetch-names.ts';

export const largestFirst: EntryOrder = { by: 'bytes', descending: true };

/** Which entries are wanted, and how they stand. */
export interface Wish {
  readonly filter: string;
  readonly where: EntryFilter;
  readonly order: EntryOrder;
  /** Those of the same name together. */
  readonly grouped: boolean;
}

const atFirst: Wish = { filter: '', where: {}, order: largestFirst, grouped: false };
const sameWish = (a: Wish, b: Wish): boolean => JSON.stringify(a) === JSON.stringify(b);

const rowsOf = ({ view, revision }: EntryView): string => `${view} ${revision}`;

/** After a failure that may pass (a view that was dropped at once) it is tried again after so many ms. */
const againMs = 400;

/**
 * The entries of one cache, as core holds them open for this page. What a component sees changes only in between
 * notifications, as `useSyncExternalStore` wants it.
 */
export class EntrySession {
  readonly #cache: CacheId;
  readonly #rows: EntryRows;
  readonly #listeners = new Set<() => void>();
  #version = 0;
  #view: ViewId | null = null;
  #turn = 0;
  #arranging = false;
  #stop: () => void = () => undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The revision from which on rows are to be looked at from their beginning. */
  #toTop: number | null = null;
  #wish = atFirst;
  #error: ApiError | null = null;
  #top = 0;
  #arrangedAs = atFirst;
  /** Names of grouped rows: of those that are shown, and of those that are coming. */
  #names: readonly { readonly of: string; readonly names: Names }[] = [];

  constructor(cache: CacheId) {
    this.#cache = cache;
    this.#rows = new EntryRows(
      async (view, from, count) => {
        const answer = await client.call('entryRows', { view, from, count });
        if (answer.ok) return answer.value;
        if (answer.error.code === 'view-expired' && view === this.#view) this.#reopen();
        return null;
      },
      () => {
        if (this.#toTop !== null && (this.shown?.revision ?? 0) >= this.#toTop) {
          this.#toTop = null;
          this.#top += 1;
        }
        this.#notify();
      },
    );
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly version = (): number => this.#version;

  /** The state that belongs to the rows that are shown; null as long as there are none. */
  get shown(): EntryView | null {
    return this.#rows.shown;
  }

  /** Why there is nothing to be shown, or nothing newer. */
  get error(): ApiError | null {
    return this.#error;
  }

  /** What was asked for last. */
  get wish(): Wish {
    return this.#wish;
  }

  /** Everything is wanted, whatever it is. */
  get isWhole(): boolean {
    return this.#wish.filter === '' && saysNothing(this.#wish.where);
  }

  /** What is shown is what was asked for last. */
  get isSettled(): boolean {
    return this.#arranged() && this.#rows.isLatest;
  }

  /** Grows whenever rows are shown that are to be looked at from their beginning. */
  get top(): number {
    return this.#top;
  }

  /** Names of the rows that are shown; null where they are not grouped. */
  get names(): Names | null {
    const { shown } = this;
    return shown && (this.#names.find(({ of }) => of === rowsOf(shown))?.names ?? null);
  }

  readonly row = (index: number): Entry | undefined => this.#rows.row(index);
  readonly look = (from: number, to: number): void => this.#rows.look(from, to);
  readonly lookAt = (rows: readonly number[]): void => this.#rows.lookAt(rows);

  /** Reads the entries, from the beginning; what was shown stays until then. */
  open(): void {
    this.close();
    this.#stop = useConnection.subscribe(({ now }) => {
      const news = this.#view === null ? undefined : now?.views.get(this.#view);
      if (news) void this.#tell(news);
    });
    void this.#open(this.#turn);
  }

  /** Lets go of the entries; their last rows stay to be seen. */
  close(): void {
    clearTimeout(this.#timer);
    this.#stop();
    this.#turn += 1;
    if (this.#view !== null) void client.call('closeView', { view: this.#view });
    this.#view = null;
  }

  /** Shows those that match, in that order, from the first one on. What is not named stays as it is. */
  arrange(change: Partial<Wish>): void {
    const wish = { ...this.#wish, ...change };
    if (sameWish(wish, this.#wish)) return;
    this.#wish = wish;
    this.#notify();
    if (this.#view !== null) void this.#arrange();
  }

  #arranged(): boolean {
    return sameWish(this.#arrangedAs, this.#wish);
  }
  #arrangement() {
    const { filter, where, order, grouped } = this.#wish;
    return {
      ...(filter !== '' && { filter }),
      ...(!saysNothing(where) && { where }),
      order,
      ...(grouped && { grouped }),
    };
  }

  /** Rows that are grouped are shown with their names, never before. */
  async #tell(state: EntryView): Promise<void> {
    const of = rowsOf(state);
    if (this.#arrangedAs.grouped && state.done && !this.#names.some((it) => it.of === of)) {
      const names = await fetchNames(state);
      if (state.view !== this.#view) return;
      if (names !== null) this.#names = [...this.#names.slice(-1), { of, names }];
    }
    this.#rows.tell(state);
  }

  #reopen(): void {
    this.#view = null;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.open(), againMs);
  }

  async #open(turn: number): Promise<void> {
    const wanted = this.#wish;
    const answer = await client.call('openEntries', { cache: this.#cache, ...this.#arrangement() });
    if (turn !== this.#turn) {
      if (answer.ok) void client.call('closeView', { view: answer.value.view });
      return;
    }
    if (!answer.ok) {
      if (answer.error.code === 'view-expired') return this.#reopen();
      // A lost connection is told by the frame; this opens anew when there is one again.
      if (answer.error.code === 'disconnected') return;
      this.#error = answer.error;
      return this.#notify();
    }
    this.#error = null;
    this.#view = answer.value.view;
    this.#toTop = null;
    this.#arrangedAs = wanted;
    void this.#tell(answer.value);
    const news = useConnection.getState().now?.views.get(answer.value.view);
    if (news) void this.#tell(news);
    this.#notify();
    if (!this.#arranged()) await this.#arrange();
  }

  /** One at a time: what is typed meanwhile is asked for afterwards, and only the last of it. */
  async #arrange(): Promise<void> {
    if (this.#arranging) return;
    this.#arranging = true;
    while (this.#view !== null && !this.#arranged()) {
      const view = this.#view;
      const wanted = this.#wish;
      const answer = await client.call('arrangeEntries', { view, ...this.#arrangement() });
      if (view !== this.#view) continue;
      if (!answer.ok) {
        if (answer.error.code === 'view-expired') this.#reopen();
        break;
      }
      this.#arrangedAs = wanted;
      this.#toTop = answer.value.revision;
      this.#rows.lookAtStart();
      await this.#tell(answer.value);
    }
    this.#arranging = false;
  }

  #notify(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}
