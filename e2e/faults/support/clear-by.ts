import type { Result } from '../../../shared/errors.ts';
import type { Operation, Plan } from '../../../shared/model.ts';
import { the } from '../../support/answers.ts';
import type { OpenDoor } from './door.ts';

/** The answer of a call. Throws the error of one that was refused. */
export const answerOf = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new Error(`${result.error.code}: ${result.error.message}`);
};

export interface HowToClear {
  readonly undoWindowMs?: number;
  readonly evenIfInUse?: boolean;
}

/** Draws the plan of a clear at a door that stays open. */
export const planBy = async ({ call }: OpenDoor, unit: string): Promise<Plan> => {
  const { targets } = answerOf(await call('resolve', { text: unit }));
  return answerOf(await call('plan', { targets: [...targets], measure: false }));
};

/** Carries out a plan of one unit. */
export const carryOut = async ({ call }: OpenDoor, plan: Plan, how: HowToClear = {}): Promise<Operation> => {
  const { undoWindowMs = 0, evenIfInUse = false } = how;
  return the(answerOf(await call('clear', { plan: plan.id, undoWindowMs, evenIfInUse })).operations);
};

/** A clear of one unit at a door that stays open. */
export const clearBy = async (door: OpenDoor, unit: string, how: HowToClear = {}): Promise<Operation> =>
  carryOut(door, await planBy(door, unit), how);
