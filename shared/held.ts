import type { ViewId } from './ids.ts';

/* What core holds open for a page: entries and trees of a cache. */

export const entryColumns = ['name', 'version', 'kind', 'unit', 'usedBy', 'bytes', 'created', 'lastUsed'] as const;

/** How entries are sorted. What a tool does not record comes last either way. */
export interface EntryOrder {
  readonly by: (typeof entryColumns)[number];
  readonly descending: boolean;
}

/** The state of entries that core holds open. A new `revision` means other rows at the same places. */
export interface EntryView {
  readonly view: ViewId;
  readonly revision: number;
  /** False while entries are still being read; until then they stand in the order in which they were found. */
  readonly done: boolean;
  /** Read so far, and those of them that match the filter. */
  readonly all: number;
  readonly matching: number;
  /** Of those that match, and of the largest of them. */
  readonly bytes: number;
  readonly most: number;
  readonly damaged: number;
  /** Columns in which at least one entry has something to say. */
  readonly columns: readonly (typeof entryColumns)[number][];
  /** Why reading ended early, or null. */
  readonly problem: string | null;
}

/** Names in a view that is grouped by them, in the order of their rows: those of each stand together. */
export interface EntryGroups {
  readonly revision: number;
  /** How many there are. */
  readonly total: number;
  /** Null: the entries without a name. */
  readonly names: readonly (string | null)[];
  readonly entries: readonly number[];
  readonly bytes: readonly number[];
  /** Last use of any of them, or when it was made where no use is recorded, ms since 1970; null: neither. */
  readonly newest: readonly (number | null)[];
}

/** Why a cache takes what it takes: of all its entries, whatever the filter. */
export interface EntrySummary {
  readonly entries: number;
  readonly bytes: number;
  /** The name with the most bytes, and how many different versions of it there are; null: no named one has bytes. */
  readonly largest: {
    readonly name: string;
    readonly entries: number;
    readonly versions: number;
    readonly bytes: number;
  } | null;
  /** Those not used for so long, or made so long ago where no use is recorded. */
  readonly old: { readonly olderThanMs: number; readonly entries: number; readonly bytes: number };
}

/** `group`: a package, a folder; `leaf`: a version, a file; `rest`: the small ones of a folder that has too many. */
export const nodeKinds = ['group', 'leaf', 'rest', 'unreadable'] as const;
export type NodeKind = (typeof nodeKinds)[number];

/** How a cache's contents are grouped: by its folders, or as its tool does. */
export const groupings = ['folder', 'entry'] as const;

export interface Tree {
  readonly view: ViewId;
  /** How many nodes there are to fetch. */
  readonly nodes: number;
}

/**
 * Nodes of a tree in columns, each after its parent. Node 0 is the cache and its parent -1. `bytes` (allocated) and
 * `files` count everything below; `newest`: last use of anything below, ms since 1970, or null; `kinds` index
 * {@link nodeKinds}.
 */
export interface TreeNodes {
  readonly names: readonly string[];
  readonly parents: readonly number[];
  readonly kinds: readonly number[];
  readonly bytes: readonly number[];
  readonly files: readonly number[];
  readonly newest: readonly (number | null)[];
}
