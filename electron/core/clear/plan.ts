import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ApiError } from '../../../shared/errors.ts';
import { type Identity, sameIdentity } from '../../../shared/identity.ts';
import { PlanId } from '../../../shared/ids.ts';
import type { Kept, Plan, PlanStep, Sizes, StepError, Usage } from '../../../shared/model.ts';
import type { KnownCache, KnownUnit } from '../caches.ts';
import type { ProtectedPlaces } from '../fs/protected.ts';
import { showRaw } from '../fs/raw.ts';
import { reader } from '../fs/reader.ts';
import type { UsePlace } from '../usage/holders.ts';
import { type Assignment, assignmentNames } from './assignment.ts';
import { holdersText } from './end-wait.ts';
import { type AsideNames, namesFor } from './names.ts';
import { type Preflight, preflight } from './preflight.ts';

/** A unit that a person wants cleared. */
export interface Wish {
  readonly cache: KnownCache;
  readonly unit: KnownUnit;
  /** What stood there when they looked. */
  readonly saw: Identity | undefined;
  /** Reclaimable bytes when it was last measured; null when it never was. */
  readonly sizes: Sizes | null;
}

/** What is known of one wish after looking. */
export interface Part {
  readonly wish: Wish;
  readonly outcome: Preflight;
  readonly usage: Usage | null;
  readonly refusals: readonly ApiError[];
  /** Null when there is nothing to rename. */
  readonly assignment: Omit<Assignment, 'undoWindowMs'> | null;
}

/** The plan that is shown, with what is needed to carry out exactly that. */
export interface DrawnPlan {
  readonly plan: Plan;
  readonly parts: readonly Part[];
}

/** The codes that a person may overrule, each time anew. */
export const overridable = (code: ApiError['code']): boolean => code === 'in-use' || code === 'cannot-tell';

/** Refusals as the history keeps them. */
export const refusalErrors = (refusals: readonly ApiError[]): readonly StepError[] =>
  refusals.map(({ code, message, path }) => ({ step: 'preflight', errno: null, code, path: path ?? null, message }));

const usageRefusal = (path: string, usage: Usage): ApiError | null => {
  if (usage.verdict === 'idle') return null;
  if (usage.verdict === 'in-use') {
    return {
      code: 'in-use',
      path,
      message: `${path} is in use by ${holdersText(usage.holders)}. Wait until that has ended, or say that it is to be cleared even so.`,
    };
  }
  return {
    code: 'cannot-tell',
    path,
    message: `Nothing here can tell whether somebody uses ${path}: ${usage.evidence.join('; ')}. Make sure that nobody does, then say that it is to be cleared even so.`,
  };
};

const changed = (path: string): ApiError => ({
  code: 'changed',
  path,
  message: `${path} was replaced since you looked at it. Look again, then decide.`,
});

const look = (wish: Wish, protectedPlaces: ProtectedPlaces): Preflight =>
  preflight(
    {
      path: wish.unit.path,
      kind: wish.unit.definition.kind,
      hasGit: wish.unit.definition.hasGit === true,
      root: wish.cache.isDefault ? undefined : wish.cache.root,
      contradiction: () =>
        wish.cache.isDefault ? null : wish.cache.tool.contradiction(wish.cache.root, wish.unit.definition, reader),
    },
    protectedPlaces,
  );

interface Looked {
  readonly wish: Wish;
  readonly outcome: Preflight;
  /** Names that were shown already. */
  readonly names: AsideNames | null;
}

const partOf = (id: PlanId, pid: number, looked: Looked, usage: Usage | null): Part => {
  const { wish, outcome } = looked;
  const base = { wish, outcome, usage };
  if (outcome.state === 'absent') return { ...base, refusals: [], assignment: null };
  if (outcome.state === 'refused') return { ...base, refusals: outcome.refusals, assignment: null };
  const { path, facts } = outcome;
  const refusals = [
    wish.saw && !sameIdentity(wish.saw, facts.identity) ? changed(path) : null,
    usage && usageRefusal(path, usage),
  ].filter((it): it is ApiError => it !== null);
  const names = assignmentNames(path);
  const assignment = {
    ...names,
    plan: id,
    tool: wish.cache.tool.id,
    unit: wish.unit.definition.name,
    root: wish.cache.root,
    names: looked.names ?? namesFor(names.name, pid),
    identity: facts.identity,
    born: facts.born,
    planned: wish.sizes?.reclaimable ?? null,
    occupied: wish.sizes?.allocated ?? null,
    ...(wish.cache.tool.locks && { locks: wish.cache.tool.locks }),
  };
  return { ...base, refusals, assignment };
};

const step = ({ wish, outcome, assignment }: Part): PlanStep | null =>
  assignment === null
    ? null
    : {
        unit: wish.unit.id,
        rename: { from: outcome.path, to: join(showRaw(assignment.parent), showRaw(assignment.names.stale)) },
        identity: assignment.identity,
      };

const sum = (parts: readonly Part[]): Sizes =>
  parts.reduce(
    (total, { wish: { sizes }, assignment }) =>
      sizes === null || assignment === null
        ? total
        : {
            apparent: total.apparent + sizes.apparent,
            allocated: total.allocated + sizes.allocated,
            reclaimable: total.reclaimable + sizes.reclaimable,
          },
    { apparent: 0, allocated: 0, reclaimable: 0 },
  );

const worst = (verdicts: readonly Usage['verdict'][]): Usage['verdict'] =>
  verdicts.includes('in-use') ? 'in-use' : verdicts.includes('cannot-tell') ? 'cannot-tell' : 'idle';

/** One who holds several of the units is told once. */
const unique = <T>(items: readonly T[], key: (item: T) => unknown): readonly T[] => [
  ...new Map(items.map((item) => [key(item), item])).values(),
];

export interface PlanContext {
  readonly protectedPlaces: ProtectedPlaces;
  readonly pid: number;
  /** Asked once for all of a plan. */
  readonly usageOf: (places: readonly UsePlace[]) => Promise<ReadonlyMap<string, Usage>>;
}

const draw = async (
  id: PlanId,
  looked: readonly Looked[],
  kept: readonly Kept[],
  context: PlanContext,
): Promise<DrawnPlan> => {
  const ready = looked
    .filter(({ outcome }) => outcome.state === 'ready')
    .map(({ outcome: { path }, wish: { cache } }) => ({ path, root: cache.root, tool: cache.tool }));
  const usages = ready.length === 0 ? new Map<string, Usage>() : await context.usageOf(ready);
  const parts = looked.map((it) => partOf(id, context.pid, it, usages.get(it.outcome.path) ?? null));
  const all = [...usages.values()];
  return {
    parts,
    plan: {
      id,
      steps: parts.map(step).filter((it): it is PlanStep => it !== null),
      bytes: sum(parts),
      keeps: kept,
      usage: worst(all.map(({ verdict }) => verdict)),
      evidence: [...new Set(all.flatMap(({ evidence }) => evidence))],
      holders: unique(
        all.flatMap(({ holders }) => holders),
        ({ pid }) => pid,
      ),
      refusals: parts.flatMap(({ refusals }) => refusals),
    },
  };
};

/**
 * Looks at every wish and draws the plan: what would be renamed to what, what stays, who is using it, and why not.
 * Reads only.
 */
export const drawPlan = (wishes: readonly Wish[], kept: readonly Kept[], context: PlanContext): Promise<DrawnPlan> => {
  const id = PlanId.parse(`p_${randomBytes(8).toString('hex')}`);
  const looked = wishes.map((wish) => ({ wish, outcome: look(wish, context.protectedPlaces), names: null }));
  return draw(id, looked, kept, context);
};

/**
 * Looks again at a plan that a person took their time over. The same plan with the same names comes back, with
 * refusals for whatever has changed: another directory, a new mount, somebody who uses it now.
 */
export const redrawPlan = ({ plan, parts }: DrawnPlan, context: PlanContext): Promise<DrawnPlan> => {
  const looked = parts.map(({ wish, assignment }) => ({
    wish: { ...wish, saw: assignment?.identity ?? wish.saw },
    outcome: look(wish, context.protectedPlaces),
    names: assignment?.names ?? null,
  }));
  return draw(plan.id, looked, plan.keeps, context);
};
