import { expect } from 'vitest';
import type { Target } from '../../../shared/api.ts';
import type { ApiError, Result } from '../../../shared/errors.ts';
import type { OperationState } from '../../../shared/model.ts';
import type { OpenDoor } from './door.ts';

/** What came of a try to clear something: why nothing was done, and what the history keeps of it. */
export interface Tried {
  /** Empty: it was done, or there was nothing to do. */
  readonly codes: readonly string[];
  readonly states: readonly OperationState[];
}

const told = (error: ApiError): Tried => {
  expect(error.message).not.toBe('');
  return { codes: [error.code], states: [] };
};

/** Tries to clear what a person's words mean, with all that a person can say for it. */
export const tryClear = async (door: OpenDoor, text: string): Promise<Tried> => {
  const resolved: Result<{ readonly targets: readonly Target[] }> = await door.call('resolve', { text });
  if (!resolved.ok) return told(resolved.error);
  const plan = await door.call('plan', { targets: [...resolved.value.targets], measure: false });
  if (!plan.ok) return told(plan.error);
  const cleared = await door.call('clear', { plan: plan.value.id, undoWindowMs: 0, evenIfInUse: true });
  if (!cleared.ok) return told(cleared.error);
  const { operations } = cleared.value;
  return {
    codes: operations.flatMap(({ errors }) => errors.map(({ code }) => code)),
    states: operations.map(({ state }) => state),
  };
};

/** Why a folder cannot be added, on the person's word that it is a cache; null when it was. */
export const tryAdd = async (door: OpenDoor, path: string): Promise<string | null> => {
  const added = await door.call('add', { path, isCache: true });
  if (added.ok) return null;
  expect(added.error.message).not.toBe('');
  return added.error.code;
};
