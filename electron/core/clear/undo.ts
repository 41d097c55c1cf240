import { CodedError } from '../../../shared/errors.ts';
import type { StepError, UndoChoice } from '../../../shared/model.ts';
import { isErrno } from '../fs/errno.ts';
import { DirectoryHandle } from '../fs/handle.ts';
import type { Record } from '../store/schema.ts';
import { readBack } from './assignment.ts';
import { isFree, release, takeUp } from './at-hand.ts';
import { ownerText } from './end-wait.ts';
import type { Engine } from './engine.ts';
import { restorePieces } from './parts-undo.ts';
import { stillIs } from './same.ts';
import { explainedError } from './step-error.ts';
import { putBeside } from './undo-beside.ts';
import { type Back, durable, putBack } from './undo-place.ts';
import { type SwapOrder, swapIn } from './undo-swap.ts';
import { folderAway, gone, notUndoable, placeOf } from './undo-words.ts';
import { viewOf } from './view.ts';

export interface UndoOptions {
  /** What to do when something that is not to be replaced stands at the place. The default refuses. */
  readonly ifRecreated?: UndoChoice;
  /** Looks at what stands there like for a clear. Asked for a swap alone. @throws CodedError when it must stay. */
  readonly orderFor?: (record: Record) => Promise<SwapOrder>;
  /** Told of the operation that holds what was put aside by a swap. */
  readonly swapped?: (record: Record) => void;
}

/** Whoever is told that it cannot go back just so needs time (ms) to read why, and to choose. */
const timeToChooseMs = 300_000;

/** Nobody waits for the answer of an undo that a recovery goes on with: they find it later. */
const timeToFindMs = 3_600_000;

const swap = async (
  engine: Engine,
  parent: DirectoryHandle,
  record: Record,
  options: UndoOptions,
  because: CodedError,
): Promise<Back> => {
  if (options.orderFor === undefined) throw because;
  const other = await swapIn(engine, parent, record, await options.orderFor(record));
  engine.changed(viewOf(other));
  options.swapped?.(other);
  const note = `changed places with the new one, which is kept as operation ${other.id}`;
  return { errors: [], restored: null, note };
};

/** Of an undo that was interrupted after its rename. @throws CodedError when it stands nowhere. */
const backAlready = async (engine: Engine, parent: DirectoryHandle, record: Record): Promise<Back> => {
  const standsAt = async (name: Buffer): Promise<boolean> =>
    stillIs(record, await parent.look(name), engine.self.bootId) !== null;
  if (await standsAt(record.name)) return { errors: [], restored: null, note: 'it stood at its place already' };
  const { restored } = record;
  if (restored === null || !(await standsAt(restored))) throw gone(record);
  return { errors: [], restored, note: 'it stood beside its place already' };
};

const restore = async (engine: Engine, record: Record, options: UndoOptions): Promise<Back> => {
  const parent = await DirectoryHandle.open(record.parent).catch((thrown: unknown) => {
    throw isErrno(thrown, 'ENOENT') ? folderAway(record) : thrown;
  });
  try {
    if (record.parts !== null) return await restorePieces(engine, parent, record, options.ifRecreated ?? 'refuse');
    const copy = await parent.look(record.stale);
    if (copy === null || stillIs(record, copy, engine.self.bootId) === null) {
      return await backAlready(engine, parent, record);
    }
    const result = await putBack(engine, parent, record, copy);
    if (result.state === 'back') {
      const errors = await durable(parent, placeOf(record));
      return { errors, restored: null, ...(result.note !== null && { note: result.note }) };
    }
    switch (options.ifRecreated ?? 'refuse') {
      case 'refuse':
        throw result.because;
      case 'beside': {
        const restored = await putBeside(engine, parent, record);
        return { errors: await durable(parent, placeOf(record)), restored };
      }
      case 'swap':
        return await swap(engine, parent, record, options, result.because);
    }
  } finally {
    await parent.close();
  }
};

/** An error of the system with the sentence that the history has, and a path that means something to a person. */
const asCoded = (thrown: unknown, { errno, code, path, message }: StepError): unknown =>
  errno === null || thrown instanceof CodedError
    ? thrown
    : new CodedError({ code: 'io', message: `${message} (${code})`, detail: code, ...(path !== null && { path }) });

/** Only what is seen there is said to be there: anything else is for a recovery to find out. */
const standsAside = async (engine: Engine, record: Record): Promise<boolean> => {
  try {
    const parent = await DirectoryHandle.open(record.parent);
    try {
      return stillIs(record, await parent.look(record.stale), engine.self.bootId) !== null;
    } finally {
      await parent.close();
    }
  } catch {
    return false;
  }
};

/**
 * Writes down why it was not undone. It is kept for whoever kept it before, and for `leastMs` from now: somebody wants it
 * back. What cannot be seen to be as it was stays as it is, for whoever tries next.
 */
const giveUp = async (engine: Engine, before: Record, error: StepError, leastMs: number): Promise<void> => {
  const { id } = before;
  const now = engine.now();
  const patch = { errors: [...before.errors, error], note: error.message };
  if (error.code !== 'not-undoable' && !(await standsAside(engine, before))) {
    await engine.store.advance(id, ['undoing'], 'undoing', now, { ...patch, owner: null });
  } else {
    await engine.store.advance(id, ['undoing'], 'set-aside', now, {
      ...patch,
      owner: before.phase === 'undoing' ? null : before.owner,
      undoUntil: Math.max(before.undoUntil ?? 0, now + leastMs),
      restored: null,
    });
  }
  const still = await engine.store.get(id);
  if (still !== null) engine.changed(viewOf(still));
};

/** The journal's word, which is given once. An undo that was left half way, and that nobody works on, is gone on with. */
const take = async (engine: Engine, before: Record): Promise<boolean> => {
  const { id, phase, owner } = before;
  const isBegun = phase === 'undoing';
  if (isBegun && !isFree(before)) return false;
  // Before anything is waited for: in this process nobody else takes it up then.
  takeUp(id);
  const patch = { owner: engine.self, ...(isBegun && { note: 'the undo goes on' }) };
  const ownedBy = isBegun ? ownerText(owner) : undefined;
  try {
    return await engine.store.advance(id, [isBegun ? 'undoing' : 'set-aside'], 'undoing', engine.now(), patch, ownedBy);
  } catch (thrown) {
    // It may have been written all the same.
    release(id);
    throw thrown;
  }
};

const carryOut = async (engine: Engine, before: Record, options: UndoOptions, leastMs: number): Promise<Record> => {
  const { id } = before;
  let back: Back;
  try {
    back = await restore(engine, before, options);
  } catch (thrown) {
    const error = await explainedError('undo', thrown, placeOf(before));
    // A history that cannot be written now must not hide what went wrong first.
    await giveUp(engine, before, error, leastMs).catch(() => release(id));
    throw asCoded(thrown, error);
  }
  try {
    await engine.store.advance(id, ['undoing'], 'undone', engine.now(), {
      owner: null,
      endedAt: engine.now(),
      restored: back.restored,
      errors: [...before.errors, ...back.errors],
      ...(back.note !== undefined && { note: back.note }),
    });
  } catch (thrown) {
    release(id);
    throw thrown;
  }
  const record = await readBack(engine, id);
  engine.changed(viewOf(record));
  return record;
};

/**
 * Puts a set-aside copy back under its name, whole as it was: one rename, of the very directory. Of an undo and a delete
 * that are asked for at the same moment exactly one happens, and of two undos as well: each needs the journal's word
 * first. Works from any door, whichever did the clear. When the tool has made something new there meanwhile, an empty
 * folder that nobody uses is replaced in that one step; anything else stays, and `ifRecreated` says what becomes of the
 * old one. Of a clear in parts each piece goes back by a rename of its own, see `restorePieces`. When it does not go back
 * it is kept for some minutes at least, so that there is time to choose.
 * @throws CodedError `not-undoable`, `recreated`, `mount-point`, what a swap is refused for
 * (the copy is kept each time), `unknown-target`, `store-unavailable`.
 */
export const undo = async (engine: Engine, id: string, options: UndoOptions = {}): Promise<Record> => {
  const before = await engine.store.get(id);
  if (before === null || !(await take(engine, before))) throw notUndoable(await engine.store.get(id), id);
  return carryOut(engine, before, options, timeToChooseMs);
};

/**
 * Goes on with an undo whose process ended half way: a person asked to have that copy back. Beside its place, if it was
 * on its way there. Resolves with the operation, `set-aside` again with the reason when it does not go back; null when
 * another process was first.
 * @throws what keeps the place from being looked at; it stays open then.
 */
export const goOnWithUndo = async (engine: Engine, before: Record): Promise<Record | null> => {
  if (!(await take(engine, before))) return null;
  const ifRecreated = before.restored === null ? 'refuse' : 'beside';
  try {
    return await carryOut(engine, before, { ifRecreated }, timeToFindMs);
  } catch (thrown) {
    const after = await readBack(engine, before.id);
    if (after.phase === 'set-aside') return after;
    throw thrown;
  }
};
