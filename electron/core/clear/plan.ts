import { randomBytes } from 'node:crypto';
import type { ApiError } from '../../../shared/errors.ts';
import { type Identity, sameIdentity } from '../../../shared/identity.ts';
import { PlanId } from '../../../shared/ids.ts';
import type { Kept, Plan, PlanChosen, Sizes, StepError, Usage } from '../../../shared/model.ts';
import type { KnownCache, KnownUnit } from '../caches.ts';
import type { ProtectedPlaces } from '../fs/protected.ts';
import { reader } from '../fs/reader.ts';
import type { UsePlace } from '../usage/holders.ts';
import { type Assignment, assignmentNames } from './assignment.ts';
import { holdersText } from './end-wait.ts';
import { lookAtPieces, type PiecesWish } from './look-pieces.ts';
import { type AsideNames, namesFor } from './names.ts';
import type { Pieces } from './pieces.ts';
import { mostSteps, stepCount, stepsOf, sum, unique, worst } from './plan-sums.ts';
import { type Preflight, preflight } from './preflight.ts';

/** A unit that a person wants cleared, or single things of it. */
export interface Wish {
  readonly cache: KnownCache;
  /** With `pieces`: the first of their units. */
  readonly unit: KnownUnit;
  readonly pieces?: PiecesWish;
  /** What stood there when they looked. */
  readonly saw: Identity | undefined;
  /** Reclaimable bytes when it was last measured; null when it never was. */
  readonly sizes: Sizes | null;
}

/** What is known of one wish after looking. */
export interface Part {
  readonly wish: Wish;
  readonly outcome: Preflight;
  /** What was found of single things; null where the whole unit goes. */
  readonly pieces: Pieces | null;
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

/** What is shown of a plan beside what is looked at. */
interface Told {
  readonly keeps: readonly Kept[];
  readonly chosen: PlanChosen | null;
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

const lookAt = (
  { root, isDefault, tool }: KnownCache,
  { path, definition }: KnownUnit,
  protectedPlaces: ProtectedPlaces,
): Preflight =>
  preflight(
    {
      path,
      kind: definition.kind,
      hasGit: definition.hasGit === true,
      root: isDefault ? undefined : root,
      contradiction: () => (isDefault ? null : tool.contradiction(root, definition, reader)),
    },
    protectedPlaces,
  );

/** Of single things every unit that they stand in must be what it is taken for, and the first says where they gather. */
const look = async (
  { cache, unit, pieces: wish }: Wish,
  protectedPlaces: ProtectedPlaces,
): Promise<{ readonly outcome: Preflight; readonly pieces: Pieces | null }> => {
  const outcome = lookAt(cache, unit, protectedPlaces);
  if (wish === undefined || outcome.state !== 'ready') return { outcome, pieces: null };
  const { path } = outcome;
  const others = wish.units.filter((it) => it !== unit).map((it) => lookAt(cache, it, protectedPlaces));
  const refusals = others.flatMap((it) => (it.state === 'refused' ? it.refusals : []));
  if (refusals.length > 0) return { outcome: { state: 'refused', path, refusals }, pieces: null };
  const pieces = await lookAtPieces(cache.root, wish);
  if ('code' in pieces) return { outcome: { state: 'refused', path, refusals: [pieces] }, pieces: null };
  if (pieces.pieces.length === 0) return { outcome: { state: 'absent', path }, pieces: null };
  return { outcome, pieces };
};

interface Looked {
  readonly wish: Wish;
  readonly outcome: Preflight;
  readonly pieces: Pieces | null;
  /** Names that were shown already. */
  readonly names: AsideNames | null;
}

const partOf = (id: PlanId, pid: number, looked: Looked, usage: Usage | null): Part => {
  const { wish, outcome, pieces } = looked;
  const base = { wish, outcome, pieces, usage };
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
    unit: unitText(wish),
    root: wish.cache.root,
    names: looked.names ?? namesFor(names.name, pid),
    identity: facts.identity,
    born: facts.born,
    planned: wish.sizes?.reclaimable ?? null,
    occupied: wish.sizes?.allocated ?? null,
    ...(wish.cache.tool.locks && { locks: wish.cache.tool.locks }),
    ...(pieces && { pieces }),
  };
  return { ...base, refusals, assignment };
};

/** What the history calls it. */
const unitText = ({ unit, pieces }: Wish): string =>
  [...new Set([unit, ...(pieces?.units ?? [])].map(({ definition }) => definition.name))].join(', ');

/** Who uses one of several units uses what is taken out of them. */
const usageFor = ({ outcome, wish }: Looked, usages: ReadonlyMap<string, Usage>): Usage | null => {
  const own = usages.get(outcome.path) ?? null;
  const others = (wish.pieces?.units ?? []).flatMap(({ path }) => usages.get(path) ?? []);
  return [own, ...others].reduce((sum, it) => {
    if (sum === null || it === null || sum === it) return sum ?? it;
    return {
      verdict: worst([sum.verdict, it.verdict]),
      holders: unique([...sum.holders, ...it.holders], ({ pid }) => pid),
      evidence: [...new Set([...sum.evidence, ...it.evidence])],
    };
  }, null);
};

export interface PlanContext {
  readonly protectedPlaces: ProtectedPlaces;
  readonly pid: number;
  /** Asked once for all of a plan. */
  readonly usageOf: (places: readonly UsePlace[]) => Promise<ReadonlyMap<string, Usage>>;
}

const draw = async (
  id: PlanId,
  looked: readonly Looked[],
  { keeps, chosen }: Told,
  context: PlanContext,
): Promise<DrawnPlan> => {
  const ready = looked
    .filter(({ outcome }) => outcome.state === 'ready')
    .flatMap(({ outcome: { path }, wish: { cache, pieces } }) =>
      [path, ...(pieces?.units ?? []).slice(1).map((unit) => unit.path)].map((it) => ({
        path: it,
        root: cache.root,
        tool: cache.tool,
      })),
    );
  const usages = ready.length === 0 ? new Map<string, Usage>() : await context.usageOf(ready);
  const parts = looked.map((it) => partOf(id, context.pid, it, usageFor(it, usages)));
  const steps = parts.flatMap(stepsOf).slice(0, mostSteps);
  const all = [...usages.values()];
  return {
    parts,
    plan: {
      id,
      steps,
      moreSteps: parts.reduce((count, part) => count + stepCount(part), 0) - steps.length,
      chosen,
      bytes: sum(parts),
      keeps,
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
export const drawPlan = async (
  wishes: readonly Wish[],
  keeps: readonly Kept[],
  context: PlanContext,
  chosen: PlanChosen | null = null,
): Promise<DrawnPlan> => {
  const id = PlanId.parse(`p_${randomBytes(8).toString('hex')}`);
  const looked: Looked[] = [];
  for (const wish of wishes) looked.push({ wish, ...(await look(wish, context.protectedPlaces)), names: null });
  return draw(id, looked, { keeps, chosen }, context);
};

/**
 * Looks again at a plan that a person took their time over. The same plan with the same names comes back, with
 * refusals for whatever has changed: another directory, a new mount, somebody who uses it now.
 */
export const redrawPlan = async ({ plan, parts }: DrawnPlan, context: PlanContext): Promise<DrawnPlan> => {
  const looked: Looked[] = [];
  for (const { wish, assignment } of parts) {
    looked.push({
      wish: { ...wish, saw: assignment?.identity ?? wish.saw },
      ...(await look(wish, context.protectedPlaces)),
      names: assignment?.names ?? null,
    });
  }
  return draw(plan.id, looked, plan, context);
};
