import type { StepError } from '../../../shared/model.ts';
import { joinRaw, showRaw } from '../fs/raw.ts';
import type { Record } from '../store/schema.ts';
import type { Owner } from '../usage/processes.ts';
import { afterErrorMs } from './aside-ends.ts';
import { readBack } from './assignment.ts';
import type { Engine } from './engine.ts';
import { type OpenCopy, putAllBack } from './parts-back.ts';
import { keptInCopy } from './parts-words.ts';
import { explainedError, stepError } from './step-error.ts';

export interface TakenBack {
  /** Why it goes back. */
  readonly errors: readonly StepError[];
  /** Who keeps what cannot go back; null: whoever comes. */
  readonly owner: Owner | null;
  /** All of it is back. */
  readonly end: () => Promise<Record>;
}

/** Nothing is touched then: all of it goes back. What cannot is kept, whole and undoable. */
export const takeBack = async (
  engine: Engine,
  record: Record,
  copy: OpenCopy,
  { errors, owner, end }: TakenBack,
): Promise<Record> => {
  let told: StepError;
  try {
    const back = await putAllBack(copy);
    if (back.stuck.length === 0) return await end();
    told = stepError('put back', keptInCopy(record, back.stuck), null);
  } catch (thrown) {
    told = await explainedError('put back', thrown, showRaw(joinRaw(record.parent, record.stale)));
  }
  await engine.store.advance(record.id, ['intent'], 'set-aside', engine.now(), {
    undoUntil: engine.now() + Math.max((record.undoUntil ?? 0) - record.startedAt, afterErrorMs),
    errors: [...errors, told],
    note: told.message,
    ...(owner === null && { owner }),
  });
  return readBack(engine, record.id);
};
