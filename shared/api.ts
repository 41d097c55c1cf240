import { z } from 'zod';
import type { Result } from './errors.ts';
import { CacheId, Identity, LeftoverId, OperationId, PlanId, UnitId } from './ids.ts';
import type * as model from './model.ts';
import { operationStates } from './model.ts';

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

/** A unit or a whole cache, with what the caller saw there: a clear refuses when it has been replaced since. */
export const Target = z.union([
  z.strictObject({ unit: UnitId, saw: Identity.optional() }),
  z.strictObject({ cache: CacheId }),
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
    olderThanMs: ms.optional(),
    limit: count.optional(),
  }),
  plan: call<model.Plan>()({ targets: z.array(Target).min(1).max(10_000), measure: z.boolean() }),
  /** Executes a plan made by this process. Comes back when each part is set aside or, with no window, deleted. */
  clear: call<{ readonly operations: readonly model.Operation[] }>()({
    plan: PlanId,
    undoWindowMs: ms.optional(),
    evenIfInUse: z.boolean(),
  }),
  undo: call<model.Operation>()({ operation: OperationId }),
  /** Stops a delete that this process runs. What is left stays a leftover and can be resumed. */
  cancel: call<{ readonly stopped: boolean }>()({ operation: OperationId }),
  leftovers: call<{ readonly leftovers: readonly model.Leftover[] }>()({ measure: z.boolean() }),
  clean: call<{ readonly operations: readonly model.Operation[] }>()({
    which: z.union([z.literal('safe'), z.array(LeftoverId).min(1).max(10_000)]),
  }),
  /** Finishes what was interrupted. With `now`, undo windows of clears whose process has ended are over too. */
  recover: call<{ readonly operations: readonly model.Operation[] }>()({ now: z.boolean() }),
  history: call<{ readonly operations: readonly model.Operation[] }>()({
    sinceMs: ms.optional(),
    state: z.enum(operationStates).optional(),
    limit: count.optional(),
  }),
  /** A folder that a person picked. `isCache`: their explicit word that it is one. */
  add: call<model.Cache>()({ path: z.string().min(1).max(65_536), isCache: z.boolean() }),
  forget: call<model.Cache>()({ cache: CacheId }),
  settings: call<model.Settings>()({ undoWindowMs: ms.optional() }),
  doctor: call<model.Doctor>()({}),
} as const;

/** What core tells unasked. Each is news about one thing; the receiver replaces what it had. */
export interface Events {
  readonly unitMeasured: { readonly cache: CacheId; readonly unit: model.Unit };
  readonly measuring: { readonly unit: UnitId; readonly progress: model.Progress };
  readonly operation: model.Operation;
  readonly deleting: { readonly operation: OperationId; readonly progress: model.Progress };
  readonly leftovers: readonly model.Leftover[];
  readonly notice: model.Notice;
}

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
