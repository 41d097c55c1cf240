import { z } from 'zod';
import type { Result } from './errors.ts';
import type { EntryFilter } from './filter.ts';
import { CacheId, EntryId, Identity, LeftoverId, OperationId, PlanId, UnitId, ViewId } from './ids.ts';
import type * as model from './model.ts';
import { byteCounts, entryColumns, groupings, operationStates, themes, undoChoices } from './model.ts';

/**
 * The contract: one object, from which both ends are typed. A call is its arguments (a schema that the disk side
 * parses) and its answer (a type). Names of channels and methods are derived from the keys, never written twice:
 *
 *   calls.plan = call<model.Plan>()({ … })
 *     disk side:   implement({ plan: async (args) => Plan, … })     args parsed, answer checked by the compiler
 *     other side:  await client.plan({ targets })                   Result<Plan>
 */
interface Call<Shape extends z.ZodRawShape, Answer> {
  readonly args: z.ZodObject<Shape, z.core.$strict>;
  readonly answer?: Answer;
}
const call =
  <Answer>() =>
  <Shape extends z.ZodRawShape>(shape: Shape): Call<Shape, Answer> => ({ args: z.strictObject(shape) });

const ms = z
  .number()
  .int()
  .nonnegative()
  .max(10 * 365 * 86_400_000);
const count = z.number().int().positive().max(1_000_000);
const index = z.number().int().nonnegative().max(100_000_000);
const path = z.string().min(1).max(65_536);

/** See `EntryFilter`. */
const where = z.strictObject({
  olderThanMs: ms.optional(),
  largerThan: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).optional(),
  notNewest: z.literal(true).optional(),
  unused: z.literal(true).optional(),
  damaged: z.literal(true).optional(),
}) satisfies z.ZodType<EntryFilter>;

const ranges = z.array(z.tuple([index, index])).max(10_000);
const entryIds = z.array(EntryId).max(200_000);

/** Absent filter: everything. Absent order: largest first. A filter of words matches anywhere in what a person sees. */
const arrangement = {
  filter: z.string().max(1000).optional(),
  where: where.optional(),
  order: z.strictObject({ by: z.enum(entryColumns), descending: z.boolean() }).optional(),
  /** Entries of the same name stand together. */
  grouped: z.boolean().optional(),
};

/**
 * What a person wants cleared: a unit, with what they saw there (a clear refuses when it has been replaced since); a whole
 * cache; or single entries of it, those that a filter means, those with these ids, or those in ranges of a view's rows.
 * `without`: those that they took out of the plan again.
 */
export const Target = z.union([
  z.strictObject({ unit: UnitId, saw: Identity.optional() }),
  z.strictObject({ cache: CacheId }),
  z.strictObject({
    entriesOf: CacheId,
    units: z.array(UnitId).max(10_000).optional(),
    filter: z.string().max(1000).optional(),
    where: where.optional(),
    ids: entryIds.optional(),
    without: entryIds.optional(),
  }),
  z.strictObject({ view: ViewId, revision: index, ranges, without: entryIds.optional() }),
]);
export type Target = z.infer<typeof Target>;

export const calls = {
  /** Every cache of this machine. `measure` walks them; without it the last known sizes are given. */
  list: call<{ readonly caches: readonly model.Cache[] }>()({
    measure: z.boolean(),
    tools: z.array(z.string().max(100)).max(100).optional(),
  }),
  /** From what a person wrote (an id, `tool`, `tool/unit`, an absolute path) to targets. Terminal only. */
  resolve: call<{ readonly targets: readonly Target[]; readonly cache: CacheId }>()({
    text: z.string().max(65_536),
  }),
  show: call<{ readonly entries: readonly model.Entry[]; readonly total: number }>()({
    cache: CacheId,
    units: z.array(UnitId).max(10_000).optional(),
    filter: z.string().max(1000).optional(),
    where: where.optional(),
    limit: count.optional(),
  }),
  plan: call<model.Plan>()({ targets: z.array(Target).min(1).max(10_000), measure: z.boolean() }),
  /**
   * Executes a plan made by this process. Comes back when each part is set aside or, with no window, deleted. With
   * `waitMs`, what is in use comes back as `waiting` at once: it is cleared when it is idle, if that is within so long.
   */
  clear: call<{ readonly operations: readonly model.Operation[] }>()({
    plan: PlanId,
    undoWindowMs: ms.optional(),
    evenIfInUse: z.boolean(),
    waitMs: ms.optional(),
  }),
  /**
   * Puts a set-aside copy back. `ifRecreated`: what to do when something that is not empty stands at its place by now:
   * refuse (the default), put the copy beside it, or swap the two in one step (the new one is then set aside).
   */
  undo: call<model.Operation>()({ operation: OperationId, ifRecreated: z.enum(undoChoices).optional() }),
  /**
   * Stops a delete that this process runs; what is left stays a leftover and can be resumed. Ends a wait, whichever
   * process waits.
   */
  cancel: call<{ readonly stopped: boolean }>()({ operation: OperationId }),
  /** `tool`: only those of this one. One that no leftover can be of is an `invalid-argument` with those that there are. */
  leftovers: call<{ readonly leftovers: readonly model.Leftover[] }>()({
    measure: z.boolean(),
    tool: z.string().max(100).optional(),
  }),
  /** With `tool` only what is that tool's is cleaned. */
  clean: call<{ readonly operations: readonly model.Operation[] }>()({
    which: z.union([z.literal('safe'), z.array(LeftoverId).min(1).max(10_000)]),
    tool: z.string().max(100).optional(),
  }),
  /** Finishes what was interrupted. With `now`, undo windows of clears whose process has ended are over too. */
  recover: call<{ readonly operations: readonly model.Operation[] }>()({ now: z.boolean() }),
  history: call<{ readonly operations: readonly model.Operation[] }>()({
    sinceMs: ms.optional(),
    state: z.enum(operationStates).optional(),
    limit: count.optional(),
  }),
  /** A folder that a person picked. `isCache`: their explicit word that it is one. */
  add: call<model.Cache>()({ path, isCache: z.boolean() }),
  forget: call<model.Cache>()({ cache: CacheId }),
  /** Changes what is named, and answers with all. */
  settings: call<model.Settings>()({
    undoWindowMs: ms.optional(),
    theme: z.enum(themes).optional(),
    byteUnits: z.enum(byteCounts).optional(),
    oneClick: z.boolean().optional(),
  }),
  /** A folder in which nothing may be cleared from now on. */
  protect: call<model.Settings>()({ path }),
  unprotect: call<model.Settings>()({ path }),
  doctor: call<model.Doctor>()({}),
  /** Tries on this machine, in a temporary place, what a clear relies on. Takes some seconds. */
  selfTest: call<model.SelfTest>()({}),

  /** All that a page shows at its start. Hear events first: what is told after this answer is newer than it. */
  snapshot: call<model.Snapshot>()({}),
  /** Goes on with what stopped: a delete (`partial`, or left behind by a process that ended), a wait whose door closed. */
  resume: call<model.Operation>()({ operation: OperationId }),

  /**
   * Reads a cache's entries and holds them open in core, so that a page asks for the rows that it shows. Answers as
   * soon as the first are there; the event `entries` tells how it goes on. Old views are dropped for new ones.
   */
  openEntries: call<model.EntryView>()({
    cache: CacheId,
    units: z.array(UnitId).max(10_000).optional(),
    ...arrangement,
  }),
  /** Other filter, other order, same entries. */
  arrangeEntries: call<model.EntryView>()({ view: ViewId, ...arrangement }),
  /** Rows `from` … of a view, at most `count`; fewer at its end. */
  entryRows: call<{ readonly revision: number; readonly rows: readonly model.Entry[] }>()({
    view: ViewId,
    from: index,
    count: z.number().int().positive().max(1000),
  }),
  /** What a selection amounts to: ranges of rows, [from, to) each, of one revision. `units`: those that hold them. */
  entrySelection: call<{ readonly entries: number; readonly bytes: number; readonly units: readonly UnitId[] }>()({
    view: ViewId,
    revision: index,
    ranges,
  }),
  /** Names `from` …, at most `count`, of a view that is `grouped` and has been read to its end. */
  entryGroups: call<model.EntryGroups>()({
    view: ViewId,
    revision: index,
    from: index,
    count: z.number().int().positive().max(10_000),
  }),
  /** Of what has been read so far. */
  entrySummary: call<model.EntrySummary>()({ view: ViewId }),
  /** Walks a cache, or groups its entries, into a tree for the folder list and the map. */
  openTree: call<model.Tree>()({ cache: CacheId, by: z.enum(groupings) }),
  /** Few enough at once that neither end is held up by them. */
  treeNodes: call<model.TreeNodes>()({ view: ViewId, from: index, count: z.number().int().positive().max(10_000) }),
  /** Lets go of entries or a tree. One that is gone already is no error. */
  closeView: call<Record<string, never>>()({ view: ViewId }),

  /**
   * Runs the tool's own command for a cache, as it stands in `Cache.own`, and answers when it has begun; the event
   * `operation` tells its end, with what it wrote. `cancel` stops it; after ten minutes it is stopped.
   */
  runOwn: call<model.Operation>()({ cache: CacheId }),

  /** Shows something in the system's file manager. `not-available` where the door has none. */
  reveal: call<Record<string, never>>()({
    what: z.union([
      z.strictObject({ cache: CacheId }),
      z.strictObject({ unit: UnitId }),
      z.strictObject({ leftover: LeftoverId }),
      z.strictObject({ view: ViewId, node: index }),
    ]),
  }),
  /** The system's own folder dialog; null when the person changed their mind. */
  pickFolder: call<{ readonly path: string | null }>()({}),
} as const;

/** What core tells unasked. Each is news about one thing; the receiver replaces what it had. */
export interface Events {
  readonly unitMeasured: { readonly cache: CacheId; readonly unit: model.Unit };
  readonly measuring: { readonly unit: UnitId; readonly progress: model.Progress };
  readonly operation: model.Operation;
  readonly deleting: { readonly operation: OperationId; readonly progress: model.Progress };
  readonly leftovers: readonly model.Leftover[];
  readonly notice: model.Notice;
  /** Every cache, when one came or went, by any door. Sizes as last measured. */
  readonly caches: readonly model.Cache[];
  readonly settings: model.Settings;
  readonly disk: model.Disk;
  /** Looked at every few seconds, as long as somebody wants to hear it. */
  readonly usage: readonly model.CacheUsage[];
  readonly entries: model.EntryView;
  /** How far the walk of a tree that is being opened has come. */
  readonly walking: { readonly cache: CacheId; readonly progress: model.Progress };
}

/** Of events with the same key only the newest matters: a receiver that falls behind is given that one. */
export const newsKey: { readonly [Name in EventName]: (news: Events[Name]) => string } = {
  unitMeasured: ({ unit }) => unit.id,
  measuring: ({ unit }) => unit,
  operation: ({ id }) => id,
  deleting: ({ operation }) => operation,
  leftovers: () => '',
  notice: ({ message }) => message,
  caches: () => '',
  settings: () => '',
  disk: () => '',
  usage: () => '',
  entries: ({ view }) => view,
  walking: ({ cache }) => cache,
};
export const isEventName = (name: string): name is EventName => Object.hasOwn(newsKey, name);

export type Calls = typeof calls;
export type CallName = keyof Calls;
export type Args<Name extends CallName> = z.infer<Calls[Name]['args']>;
export type Answer<Name extends CallName> = NonNullable<Calls[Name]['answer']>;
/** The disk side of the contract. */
export type Implementation = { readonly [Name in CallName]: (args: Args<Name>) => Promise<Answer<Name>> };

export type EventName = keyof Events;
export const isCallName = (name: string): name is CallName => Object.hasOwn(calls, name);

/** The other side of the contract, as a door or the page holds it. Calls never reject: errors are values. */
export interface Client {
  call<Name extends CallName>(name: Name, args: Args<Name>): Promise<Result<Answer<Name>>>;
  /** Returns the function that ends the subscription. */
  on<Name extends EventName>(event: Name, listener: (news: Events[Name]) => void): () => void;
}
