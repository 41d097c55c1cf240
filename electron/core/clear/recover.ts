import { DirectoryHandle } from '../fs/handle.ts';
import type { Record } from '../store/schema.ts';
import { readBack } from './assignment.ts';
import { isFree } from './at-hand.ts';
import { ownerText } from './end-wait.ts';
import type { Engine } from './engine.ts';
import { finish } from './finish.ts';
import { rollBackPieces } from './parts-recover.ts';
import { mustBeItsDisk, stillIs } from './same.ts';
import { finishUnlessHeld } from './second-look.ts';
import { settle } from './settle.ts';
import { explainedError } from './step-error.ts';
import { goOnWithUndo } from './undo.ts';
import { viewOf } from './view.ts';

export interface RecoverOptions {
  /** Undo windows of operations whose process has ended are over, and deletes that stopped half way are tried again. */
  readonly now: boolean;
  readonly signal?: AbortSignal;
}

/** `hidden`: something else has one of its names, so that nobody can tell whether it is still there. */
type Whereabouts = 'at its place' | 'beside its place' | 'set aside' | 'being deleted' | 'hidden' | 'nowhere';

/** By inode, never by name alone: which of its names does the thing have now? */
const whereabouts = async (engine: Engine, record: Record): Promise<Whereabouts> => {
  const parent = await DirectoryHandle.open(record.parent);
  try {
    let taken = false;
    const is = async (name: Buffer): Promise<boolean> => {
      const facts = await parent.look(name);
      const isIt = stillIs(record, facts, engine.self.bootId) !== null;
      if (facts !== null && !isIt && !name.equals(record.name)) taken = true;
      return isIt;
    };
    if (await is(record.deleting)) return 'being deleted';
    if (await is(record.stale)) return 'set aside';
    if (record.restored !== null && (await is(record.restored))) return 'beside its place';
    // The copy of a clear in parts never had that name.
    if (record.parts === null && (await is(record.name))) return 'at its place';
    if (taken) return 'hidden';
    mustBeItsDisk(record, parent.facts);
    return 'nowhere';
  } finally {
    await parent.close();
  }
};

/** Goes on with one operation that nobody works on; null when there is nothing to do for it now, or another was first. */
const recoverOne = async (engine: Engine, record: Record, options: RecoverOptions): Promise<Record | null> => {
  if (!isFree(record)) return null;
  if (record.phase === 'waiting') {
    // A wait is a person's wish of a moment: only they make it go on.
    const isOver = options.now && (record.waitUntil ?? 0) <= engine.now();
    return isOver ? settle(engine, record, 'refused', 'nobody waited any more') : null;
  }
  if (record.phase === 'partial' && !options.now) return null;
  if (record.phase === 'intent' && record.parts !== null) return rollBackPieces(engine, record);
  const where = await whereabouts(engine, record);
  const how = { ownedBy: ownerText(record.owner), ...(options.signal && { signal: options.signal }) };
  const goOn = () => finish(engine, record.id, [record.phase], how);
  if (record.phase === 'partial' || record.phase === 'deleting') {
    return where === 'at its place' ? settle(engine, record, 'undone', 'found whole at its place') : goOn();
  }
  switch (where) {
    case 'being deleted':
      return goOn();
    case 'set aside': {
      if (record.phase === 'undoing') return goOnWithUndo(engine, record);
      const windowOpen = (record.undoUntil ?? 0) > engine.now();
      if (!windowOpen || options.now) {
        const result = await finishUnlessHeld(engine, record.id, [record.phase], how);
        // That it is still kept is news to whoever asked only.
        return result?.phase === 'set-aside' && !options.now ? null : result;
      }
      if (record.phase === 'set-aside' && record.owner === null) return null;
      return settle(engine, record, 'set-aside', 'its process ended; kept whole until the undo window is over');
    }
    case 'beside its place':
      return settle(engine, record, 'undone', 'found whole beside its place', record.restored);
    case 'at its place':
      return record.phase === 'intent'
        ? settle(engine, record, 'failed', 'interrupted before anything was touched')
        : settle(engine, record, 'undone', 'found whole at its place');
    case 'nowhere':
      // The last piece is back, or the copy was removed: only its pieces tell.
      if (record.phase === 'undoing' && record.parts !== null) return goOnWithUndo(engine, record);
      return record.phase === 'intent'
        ? settle(engine, record, 'failed', 'interrupted; it is not there any more, and not by this program')
        : settle(engine, record, 'done', 'the copy was gone already');
    case 'hidden':
      // What hides it may go away again while it can still be put back.
      return record.phase !== 'intent' && !options.now && (record.undoUntil ?? 0) > engine.now() ? null : goOn();
  }
};

/**
 * Goes on with one open operation that nobody works on. Resolves with it when something came of that, an error that is
 * in its history now included; null when there is nothing to do for it, or another process was first.
 */
export const goOnWith = async (engine: Engine, record: Record, options: RecoverOptions): Promise<Record | null> => {
  try {
    return await recoverOne(engine, record, options);
  } catch (thrown) {
    const error = await explainedError('recover', thrown, viewOf(record).path);
    // What is tried every few seconds fails every few seconds.
    const isKnown = record.errors.some(({ step, message }) => step === 'recover' && message === error.message);
    const errors = [...record.errors.filter((it) => it.step !== 'recover'), error];
    const patch = { errors, note: error.message };
    const { id, phase } = record;
    const isNews =
      !isKnown && (await engine.store.advance(id, [phase], phase, engine.now(), patch, ownerText(record.owner)));
    // Somebody else went on with it meanwhile: theirs to tell.
    if (!isKnown && !isNews) return null;
    const now = await readBack(engine, id);
    if (isNews) engine.changed(viewOf(now));
    return options.now ? now : null;
  }
};

/**
 * Finishes what was interrupted: deletes go on, undo windows that are over end, intents that never became renames are
 * closed. A copy that somebody still has open is kept, and so is every wait of a person. Idempotent, and safe to run in
 * several processes at once: each operation is taken by exactly one.
 * Resolves with what changed. A place that cannot be reached (a disk that is not there) leaves its operation open, with
 * the error in its history.
 */
export const recover = async (engine: Engine, options: RecoverOptions): Promise<readonly Record[]> => {
  const recovered: Record[] = [];
  for (const { id, phase } of await engine.store.open()) {
    if (options.signal?.aborted) break;
    // Deletes before it may have taken minutes: what somebody has gone on with since is theirs.
    const record = await readBack(engine, id);
    if (record.phase !== phase) continue;
    const result = await goOnWith(engine, record, options);
    if (result !== null) recovered.push(result);
  }
  return recovered;
};
