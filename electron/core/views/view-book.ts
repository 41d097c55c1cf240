import { randomBytes } from 'node:crypto';
import type { Args } from '../../../shared/api.ts';
import { CodedError } from '../../../shared/errors.ts';
import { type CacheId, type EntryId, ViewId } from '../../../shared/ids.ts';
import type { Entry, EntryGroups, EntrySummary, EntryView, Progress, Tree, TreeNodes } from '../../../shared/model.ts';
import type { KnownCache, KnownUnit } from '../caches.ts';
import type { EventHub } from '../events.ts';
import { reader } from '../fs/reader.ts';
import { sibling } from '../fs/sibling.ts';
import type { DecodeWish } from './decode-units.ts';
import type { EntriesApi } from './entries-service.ts';
import type { Arrangement, ListState, Selection } from './entry-list.ts';
import { append } from './slices.ts';
import { expired, ViewThread } from './thread.ts';
import type { TreeApi } from './tree-thread.ts';

type EntriesThread = ViewThread<EntriesApi, ListState>;
type TreeThread = ViewThread<TreeApi, Progress>;
type Held =
  | { readonly kind: 'entries'; readonly thread: EntriesThread; readonly cache: CacheId }
  | { readonly kind: 'tree'; readonly thread: TreeThread };

/** Open views at most; each is a thread with all that it holds, and a page that shows a cache has up to three. */
export const mostViews = 8;

/** So many nodes are taken from a thread at once: more would hold up the door's own thread. */
const sliceNodes = 5_000;

const gone = 'it was closed, or dropped for newer ones';

const wishFor = (cache: KnownCache, units: readonly KnownUnit[]): DecodeWish => ({
  tool: cache.tool.id,
  root: cache.root,
  units: units
    .filter(({ path }) => reader.facts(path) !== null)
    .map(({ id, definition }) => ({ id, name: definition.name, definition })),
});

/** The views that pages hold open, each in threads of its own. When there are too many, the longest unused goes. */
export class ViewBook {
  readonly #events: EventHub;
  readonly #held = new Map<ViewId, Held>();

  constructor(events: EventHub) {
    this.#events = events;
  }

  /**
   * Reads the entries of units and holds them. Answers with the first ones (in about 0.2 s), or all of a small cache;
   * the event `entries` tells how it goes on.
   * @throws CodedError `view-expired` when it is dropped before.
   */
  async openEntries(cache: KnownCache, units: readonly KnownUnit[], arrangement: Arrangement): Promise<EntryView> {
    const view = newId();
    let last: ListState | null = null;
    const thread: EntriesThread = new ViewThread<EntriesApi, ListState>(
      sibling(import.meta.url, 'entries-thread'),
      (state) => {
        last = state;
        this.#events.emit('entries', { view, ...state });
      },
      ({ message }) => {
        // Nobody would tell otherwise that reading has ended.
        if (last !== null)
          this.#events.emit('entries', { view, ...last, done: true, problem: expired(message).message });
      },
    );
    this.#hold(view, { kind: 'entries', thread, cache: cache.id });
    return this.#whole(view, async () => {
      const state = await thread.ask('open', { ...wishFor(cache, units), arrangement, askedAt: Date.now() });
      last = state;
      return { view, ...state };
    });
  }

  /** Another filter and order for the same entries. @throws CodedError `view-expired` */
  async arrange(view: ViewId, arrangement: Arrangement): Promise<EntryView> {
    return { view, ...(await this.#entries(view).ask('arrange', arrangement)) };
  }

  /** Rows `from` … of a view. @throws CodedError `view-expired` */
  async rows(
    view: ViewId,
    from: number,
    count: number,
  ): Promise<{ readonly revision: number; readonly rows: readonly Entry[] }> {
    return this.#entries(view).ask('rows', { from, count });
  }

  /** What ranges of rows amount to. @throws CodedError `view-expired`, when the rows are others by now too. */
  async selection({ view, revision, ranges }: Args<'entrySelection'>): Promise<Selection> {
    return this.#entries(view).ask('selection', { revision, ranges });
  }

  /** The entries in ranges of rows, and whose they are. @throws CodedError `view-expired`, as `selection` does. */
  async ids(
    view: ViewId,
    revision: number,
    ranges: readonly (readonly [number, number])[],
  ): Promise<{ readonly cache: CacheId; readonly ids: readonly EntryId[] }> {
    const held = this.#use(view);
    const ids = await this.#entries(view).ask('ids', { revision, ranges });
    if (held.kind !== 'entries') throw new Error('entries of a tree');
    return { cache: held.cache, ids };
  }

  /** Names of a grouped view. @throws CodedError `view-expired`, when the rows are others by now too. */
  async groups({ view, revision, from, count }: Args<'entryGroups'>): Promise<EntryGroups> {
    return this.#entries(view).ask('groups', { revision, from, count });
  }

  /** Why it takes what it takes. @throws CodedError `view-expired` */
  async summary(view: ViewId): Promise<EntrySummary> {
    return this.#entries(view).ask('summary', undefined);
  }

  /**
   * Makes a tree of a cache's units, by folders or by entries, and holds it. Answers when it is whole; the event
   * `walking` tells how far it has come.
   * @throws CodedError `view-expired` when it is dropped before.
   */
  async openTree(cache: KnownCache, by: Args<'openTree'>['by']): Promise<Tree> {
    const view = newId();
    const thread: TreeThread = new ViewThread<TreeApi, Progress>(
      sibling(import.meta.url, 'tree-thread'),
      (progress) => this.#events.emit('walking', { cache: cache.id, progress }),
      () => undefined,
    );
    this.#hold(view, { kind: 'tree', thread });
    return this.#whole(view, async () => {
      const nodes = await (by === 'entry'
        ? thread.ask('openEntries', wishFor(cache, cache.units))
        : thread.ask('openFolders', {
            root: cache.root,
            units: cache.units.map(({ definition, path }) => ({ name: definition.name, path })),
          }));
      return { view, nodes };
    });
  }

  /** Nodes `from` … of a tree, at most `count`; fewer at its end. @throws CodedError `view-expired` */
  async nodes(view: ViewId, from: number, count: number): Promise<TreeNodes> {
    const thread = this.#tree(view);
    const all = { names: [], parents: [], kinds: [], bytes: [], files: [], newest: [] };
    for (let at = from; at < from + count; at += sliceNodes) {
      const wanted = Math.min(sliceNodes, from + count - at);
      const slice = await thread.ask('nodes', { from: at, count: wanted });
      append(all, slice);
      if (slice.parents.length < wanted) break;
    }
    return all;
  }

  /**
   * The absolute path of a node of a tree of folders. A `rest` has that of its folder.
   * @throws CodedError `view-expired`; `invalid-argument` for a tree of entries or a node that is not there;
   * `unusable-path` for a name that is not UTF-8.
   */
  async pathOf(view: ViewId, node: number): Promise<string> {
    return this.#tree(view).ask('pathOf', node);
  }

  /** Lets go of a view and stops its work. One that is gone already is no error. */
  async close(view: ViewId): Promise<void> {
    const held = this.#held.get(view);
    this.#held.delete(view);
    await held?.thread.close();
  }

  /** Lets go of all. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.#held.keys()].map((view) => this.close(view)));
  }

  #hold(view: ViewId, held: Held): void {
    this.#held.set(view, held);
    const [oldest] = this.#held.keys();
    if (this.#held.size > mostViews && oldest !== undefined) void this.close(oldest);
  }

  /** Opens all of it, or leaves nothing behind. */
  async #whole<T>(view: ViewId, open: () => Promise<T>): Promise<T> {
    try {
      return await open();
    } catch (thrown) {
      await this.close(view);
      throw thrown;
    }
  }

  #use(view: ViewId): Held {
    const held = this.#held.get(view);
    if (held === undefined) throw expired(gone);
    // The last of the map is the last that goes.
    this.#held.delete(view);
    this.#held.set(view, held);
    return held;
  }

  #entries(view: ViewId): EntriesThread {
    const held = this.#use(view);
    if (held.kind === 'entries') return held.thread;
    throw new CodedError({ code: 'invalid-argument', message: 'This view is a tree and holds no rows.' });
  }

  #tree(view: ViewId): TreeThread {
    const held = this.#use(view);
    if (held.kind === 'tree') return held.thread;
    throw new CodedError({ code: 'invalid-argument', message: 'This view holds rows and is no tree.' });
  }
}

const newId = (): ViewId => ViewId.parse(`v_${randomBytes(8).toString('hex')}`);
