import { join } from 'node:path';
import type { PlanStep, Sizes, Usage } from '../../../shared/model.ts';
import { joinRaw, raw, showRaw } from '../fs/raw.ts';
import type { Part } from './plan.ts';

/** So many steps are shown; all of them are counted. */
export const mostSteps = 1000;

export const stepsOf = ({ wish, outcome, pieces, assignment }: Part): readonly PlanStep[] => {
  if (assignment === null) return [];
  const aside = join(showRaw(assignment.parent), showRaw(assignment.names.stale));
  if (pieces === null) {
    return [{ unit: wish.unit.id, rename: { from: outcome.path, to: aside }, identity: assignment.identity }];
  }
  return pieces.pieces.slice(0, mostSteps).map(({ parent, name, identity }, number) => ({
    unit: wish.unit.id,
    rename: { from: showRaw(joinRaw(parent, name)), to: showRaw(joinRaw(raw(aside), raw(String(number)))) },
    identity,
  }));
};

export const stepCount = ({ pieces, assignment }: Part): number =>
  assignment === null ? 0 : pieces === null ? 1 : pieces.pieces.length;

export const sum = (parts: readonly Part[]): Sizes =>
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

export const worst = (verdicts: readonly Usage['verdict'][]): Usage['verdict'] =>
  verdicts.includes('in-use') ? 'in-use' : verdicts.includes('cannot-tell') ? 'cannot-tell' : 'idle';

/** One who holds several of the units is told once. */
export const unique = <T>(items: readonly T[], key: (item: T) => unknown): readonly T[] => [
  ...new Map(items.map((item) => [key(item), item])).values(),
];
