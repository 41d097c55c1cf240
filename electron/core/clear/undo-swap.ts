import { CodedError } from '../../../shared/errors.ts';
import { sameIdentity } from '../../../shared/identity.ts';
import { isErrno } from '../fs/errno.ts';
import { exchange } from '../fs/exchange.ts';
import type { DirectoryHandle } from '../fs/handle.ts';
import type { Facts } from '../fs/identity.ts';
import type { Entry, Patch, Record } from '../store/schema.ts';
import { lockForClear } from '../usage/clear-locks.ts';
import { type Assignment, newEntry, readBack } from './assignment.ts';
import { release } from './at-hand.ts';
import type { Engine } from './engine.ts';
import { freeNames, namesFor } from './names.ts';
import { anotherBirth, stillIs } from './same.ts';
import { explainedError } from './step-error.ts';
import { durable } from './undo-place.ts';
import { placeOf } from './undo-words.ts';

/** What stands at the place now and is to be set aside, as it was looked at like for a clear. */
export type SwapOrder = Omit<Assignment, 'names' | 'undoWindowMs'>;

/** How long others may keep the lock: another clear holds it for a few renames only, a tool for a short command. */
const lockPatienceMs = 10_000;

const otherWays = 'Put the old one beside it instead, or keep the new one.';

/** There is no overruling here, since there is another way: what the lock says of that would mislead. */
const keptOff = (thrown: unknown): unknown => {
  if (!(thrown instanceof CodedError)) return thrown;
  const { code, message, path = '' } = thrown;
  const words = `The lock of ${path} is not to be had, so the new one is not moved away now. Try again later, or put the old one beside it.`;
  return new CodedError({ code, path, message: words, detail: message });
};

/** What stands at the old name has become another thing since it was looked at. */
const changed = (record: Record): CodedError =>
  new CodedError({
    code: 'changed',
    path: placeOf(record),
    message: `${placeOf(record)} was replaced at that very moment. Both are whole where they were: look again, then decide.`,
  });

const explained = (record: Record, thrown: unknown): unknown => {
  if (isErrno(thrown, 'ENOENT')) return changed(record);
  if (!(thrown instanceof CodedError)) return thrown;
  const { code, message } = thrown;
  return new CodedError({ code, path: placeOf(record), message: `${message} Nothing was touched. ${otherWays}` });
};

/** Nobody chose to have no window here. */
const leastWindowMs = 20_000;

/** The window of the new one is as long as that of the old one was; where that had none, it is that of the settings. */
const windowOf = async (engine: Engine, { undoWindowMs }: Record): Promise<number> =>
  undoWindowMs !== null && undoWindowMs > 0
    ? undoWindowMs
    : Math.max(leastWindowMs, (await engine.store.settings()).undoWindowMs);

const isOrdered = (facts: Facts | null, { identity, born }: SwapOrder): boolean =>
  facts !== null && sameIdentity(facts.identity, identity) && !anotherBirth(facts.born, born);

/**
 * The one step, and the proof that it was the two that were meant. What somebody put there between the look and the step
 * goes back. Resolves with what stands under the stale name now: another one than ordered only when that failed.
 * @throws CodedError, or what the system says; both are where they were then.
 */
const changePlaces = async (
  engine: Engine,
  parent: DirectoryHandle,
  record: Record,
  order: SwapOrder,
): Promise<Facts | null> => {
  try {
    await exchange(parent, record.name, record.stale);
  } catch (thrown) {
    throw explained(record, thrown);
  }
  const out = await parent.look(record.stale);
  if (out === null || isOrdered(out, order)) return out;
  await exchange(parent, record.name, record.stale).catch(() => undefined);
  if (stillIs(record, await parent.look(record.stale), engine.self.bootId) !== null) throw changed(record);
  return parent.look(record.stale);
};

/** What the journal is told of the one that was put aside: as a rule that it is the one in the intent. */
const outcomeOf = (entry: Entry, out: Facts | null, order: SwapOrder): Patch => {
  if (isOrdered(out, order)) return {};
  const { token, stale, deleting, boot, planned } = entry;
  if (out === null) return { note: 'somebody took it away at that very moment' };
  const { identity, born } = out;
  return {
    assignment: { token, stale, deleting, identity, boot, born, planned },
    occupied: null,
    note: 'another one was put there at that very moment: it is kept in its stead',
  };
};

const underLock = async (
  engine: Engine,
  parent: DirectoryHandle,
  record: Record,
  order: SwapOrder,
): Promise<Record> => {
  if (!isOrdered(await parent.look(record.name), order)) throw changed(record);
  const { pid } = engine.self;
  const free = await freeNames(parent, namesFor(order.name, pid), order.name, pid);
  const undoWindowMs = await windowOf(engine, record);
  // The step gives it the name that the old one has now: only by its inode is it known whose copy stands there.
  const job = { ...order, names: { ...free, stale: record.stale }, undoWindowMs };
  const entry = newEntry(engine, job, 'intent');
  const note = `to change places with what ${record.id} set aside`;
  try {
    await engine.store.begin(entry, { step: 'intent', at: entry.startedAt, note });
    let out: Facts | null;
    try {
      out = await changePlaces(engine, parent, record, order);
    } catch (thrown) {
      const error = await explainedError('swap', thrown, placeOf(record));
      const patch = { endedAt: engine.now(), owner: null, errors: [error], note: error.message };
      await engine.store.advance(entry.id, ['intent'], 'failed', engine.now(), patch);
      throw thrown;
    }
    const errors = await durable(parent, placeOf(record));
    const undoUntil = engine.now() + undoWindowMs;
    const patch = { undoUntil, errors, ...outcomeOf(entry, out, order) };
    await engine.store.advance(entry.id, ['intent'], 'set-aside', engine.now(), patch);
    return await readBack(engine, entry.id);
  } catch (thrown) {
    // What is not written down now is for the next recovery, of this process as well.
    release(entry.id);
    throw thrown;
  }
};

/**
 * Lets a set-aside copy and what stands at its place change places: one step of the kernel, with no moment where neither
 * is there. The new one is then the set-aside copy of an operation of its own, with an intent in the journal before the
 * step, and a window as long. A kill before the step leaves both where they were, one after it leaves each where it
 * belongs: recovery finds them by inode. Resolves with the operation that holds the new one.
 * @throws CodedError `in-use`, `locked`, `not-lockable`, `changed`, `not-available`, `helper-died`, `store-unavailable`, or what the system says:
 * both are where they were then.
 */
export const swapIn = async (
  engine: Engine,
  parent: DirectoryHandle,
  record: Record,
  order: SwapOrder,
): Promise<Record> => {
  const { root, locks: toolLocks } = order;
  const wish = { root, stateDir: engine.stateDir, locks: toolLocks, patienceMs: lockPatienceMs, evenIfInUse: false };
  const locks = await lockForClear(wish).catch((thrown: unknown) => {
    throw keptOff(thrown);
  });
  try {
    return await underLock(engine, parent, record, order);
  } finally {
    locks.release();
  }
};
