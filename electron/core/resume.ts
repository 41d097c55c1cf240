import { CodedError } from '../../shared/errors.ts';
import { isFree } from './clear/at-hand.ts';
import { ownerText } from './clear/end-wait.ts';
import { goOnWith } from './clear/recover.ts';
import { viewOf } from './clear/view.ts';
import type { Parts } from './parts.ts';
import type { Phase, Record } from './store/schema.ts';
import { isAlive } from './usage/processes.ts';
import { drawWaited } from './waited.ts';

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

/** How long (ms) somebody waits again when it is not known how long they wanted to. */
const usualWaitMs = 3_600_000;

/** Why an operation cannot be gone on with now; null when it can. */
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
  if (owner === null || isFree(record)) return null;
  if (phase === 'waiting') {
    const message = `${id} is waited for already, by process ${owner.pid}. 'cancel' ends that.`;
    return new CodedError({ code: 'in-use', message });
  }
  // Cannot tell counts as somebody.
  return busy(
    id,
    isAlive(owner) === 'alive' ? `process ${owner.pid}` : `process ${owner.pid} on ${owner.host}, perhaps`,
  );
};

/** As long again as they wanted to wait when they began. */
const lengthOf = ({ waitUntil, steps }: Record): number => {
  const begun = steps.findLast(({ step, note }) => step === 'waiting' && note === null)?.at;
  const length = waitUntil === null || begun === undefined ? 0 : waitUntil - begun;
  return length > 0 ? length : usualWaitMs;
};

/** This process waits from now on. Of several that want to, one does. */
const waitAgain = async (parts: Parts, record: Record): Promise<Record> => {
  const { store, clears, engine } = parts;
  const part = await drawWaited(parts, record);
  if (part === null) {
    throw nothingToGoOnWith(record.id, "what it waits for is not known as a cache any more. 'cancel' forgets it");
  }
  const at = engine.now();
  const patch = { owner: engine.self, waitUntil: at + lengthOf(record), holders: part.usage?.holders ?? [] };
  if (!(await store.advance(record.id, ['waiting'], 'waiting', at, patch, ownerText(record.owner)))) {
    throw busy(record.id, 'another window or terminal, which was first');
  }
  const waiting = (await store.get(record.id)) ?? record;
  clears.waits.join(waiting, part);
  engine.changed(viewOf(waiting));
  return waiting;
};

/**
 * Goes on with what stopped. A delete goes to its end: resolves with the operation, `done` or `partial` again with what
 * is left and why, or `set-aside` when somebody still has the copy open. A wait whose door has closed is taken over:
 * resolves with it, `waiting`, at once.
 * @throws CodedError `unknown-target`; `invalid-argument` when nothing of it is left to delete or it can still be
 * undone; `in-use` while somebody works on it; `store-unavailable`.
 */
export const resumeOperation = async (parts: Parts, id: string): Promise<Record> => {
  const { store, clears, engine } = parts;
  const record = await store.get(id);
  const against = objection(parts, record, id);
  if (against !== null || record === null) throw against;
  if (record.phase === 'waiting') return waitAgain(parts, record);
  const result = await clears.enqueue(id, (signal) => goOnWith(engine, record, { now: true, signal }));
  if (result === null) throw busy(id, 'another window or terminal, which was first');
  return result;
};
