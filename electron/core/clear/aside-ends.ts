import type { StepError } from '../../../shared/model.ts';
import type { Record } from '../store/schema.ts';
import { readBack } from './assignment.ts';
import type { Engine } from './engine.ts';

/**
 * What is opened from here to the end, starting the helper process included. Looked at first: whoever has no handles
 * left to delete with is told before anything is renamed.
 */
export const handlesAhead = 8;

/** What was meant and stands aside after an error is kept for so long (ms) at least: nobody has seen that yet. */
export const afterErrorMs = 3_600_000;

/** Ends an intent of which nothing is left: all stands at its place. */
export const failIntent = async (engine: Engine, id: string, error: StepError): Promise<Record> => {
  await engine.store.advance(id, ['intent'], 'failed', engine.now(), {
    endedAt: engine.now(),
    owner: null,
    errors: [error],
    note: error.message,
  });
  return readBack(engine, id);
};
