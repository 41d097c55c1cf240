import { CodedError } from '../../shared/errors.ts';
import { goOnWith } from './clear/recover.ts';
import type { Parts } from './parts.ts';
import type { Phase, Record } from './store/schema.ts';
import { isAlive } from './usage/processes.ts';

const ends: Partial<{ readonly [Name in Phase]: string }> = {
  done: 'everything of it is deleted',
  undone: 'it has been put back',
  refused: 'it was refused, so nothing was touched. Make a new plan',
  failed: 'it failed before anything was set aside. Make a new plan',
  'nothing-to-do': 'there was nothing to clear',
  intent: "it was interrupted before anything was set aside. 'recover' closes it",
  undoing: "it was interrupted while it was being put back. 'recover' ends that",
};

const nothingToGoOnWith = (id: string, because: string): CodedError =>
  new CodedError({ code: 'invalid-argument', message: `${id} cannot be gone on with: ${because}.` });

const busy = (id: string, who: string): CodedError =>
  new CodedError({ code: 'in-use', message: `${id} is being worked on by ${who}. Wait until that has ended.` });

/** Why a delete cannot be gone on with now; null when it can. */
const objection = (parts: Parts, record: Record | null, id: string): CodedError | null => {
  if (record === null) {
    return new CodedError({ code: 'unknown-target', message: `There is no operation ${id}. Look into the history.` });
  }
  const { phase, owner, undoUntil } = record;
  const end = ends[phase];
  if (end !== undefined) return nothingToGoOnWith(id, end);
  if (phase === 'set-aside' && (undoUntil ?? 0) > parts.engine.now()) {
    return nothingToGoOnWith(id, 'it can still be undone, and is deleted when that time is over');
  }
  if (parts.clears.runs(id)) return busy(id, 'this program');
  const alive = owner === null ? 'dead' : isAlive(owner);
  if (owner === null || alive === 'dead') return null;
  // Cannot tell counts as somebody.
  return busy(id, alive === 'alive' ? `process ${owner.pid}` : `process ${owner.pid} on ${owner.host}, perhaps`);
};

/**
 * Goes on with a delete that stopped, to its end. Resolves with the operation, `done` or `partial` again with what is
 * left and why.
 * @throws CodedError `unknown-target`; `invalid-argument` when nothing of it is left to delete or it can still be
 * undone; `in-use` while somebody works on it; `store-unavailable`.
 */
export const resumeOperation = async (parts: Parts, id: string): Promise<Record> => {
  const { store, clears, engine } = parts;
  const record = await store.get(id);
  const against = objection(parts, record, id);
  if (against !== null || record === null) throw against;
  const result = await clears.enqueue(id, (signal) => goOnWith(engine, record, { now: true, signal }));
  if (result === null) throw busy(id, 'another window or terminal, which was first');
  return result;
};
