import { CodedError } from '../../../shared/errors.ts';
import type { StepError, UndoChoice } from '../../../shared/model.ts';
import { DirectoryHandle } from '../fs/handle.ts';
import type { Patch, Record } from '../store/schema.ts';
import type { Engine } from './engine.ts';
import { stillIs } from './same.ts';
import { readBack } from './set-aside.ts';
import { explainedError } from './step-error.ts';
import { putBeside } from './undo-beside.ts';
import { durable, putBack } from './undo-place.ts';
import { type SwapOrder, swapIn } from './undo-swap.ts';
import { notUndoable, placeOf } from './undo-words.ts';
import { viewOf } from './view.ts';

export interface UndoOptions {
  /** What to do when something that is not to be replaced stands at the place. The default refuses. */
  readonly ifRecreated?: UndoChoice;
  /** Looks at what stands there like for a clear. Asked for a swap alone. @throws CodedError when it must stay. */
  readonly orderFor?: (record: Record) => Promise<SwapOrder>;
  /** Told of the operation that holds what was put aside by a swap. */
  readonly swapped?: (record: Record) => void;
}

/** What the journal is told when the copy is back. */
type Back = Pick<Patch, 'note'> & { readonly errors: readonly StepError[] };

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
  return { errors: [], note: `changed places with the new one, which is kept as operation ${other.id}` };
};

const restore = async (engine: Engine, record: Record, options: UndoOptions): Promise<Back> => {
  const parent = await DirectoryHandle.open(record.parent);
  try {
    const copy = await parent.look(record.stale);
    if (copy === null || stillIs(record, copy, engine.self.bootId) === null) {
      if (stillIs(record, await parent.look(record.name), engine.self.bootId) === null) throw gone(record);
      return { errors: [], note: 'it stood at its place already' };
    }
    const result = await putBack(engine, parent, record, copy);
    if (result.state === 'back') {
      const errors = await durable(parent, placeOf(record));
      return { errors, ...(result.note !== null && { note: result.note }) };
    }
    switch (options.ifRecreated ?? 'refuse') {
      case 'refuse':
        throw result.because;
      case 'beside':
        await putBeside(engine, parent, record);
        return { errors: await durable(parent, placeOf(record)) };
      case 'swap':
        return await swap(engine, parent, record, options, result.because);
    }
  } finally {
    await parent.close();
  }
};

const gone = (record: Record): CodedError => notUndoable({ ...record, phase: 'done' }, record.id);

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

/** Writes down why it was not undone. What cannot be seen to be as it was stays open: a recovery says what became of it. */
const giveUp = async (engine: Engine, before: Record, error: StepError): Promise<void> => {
  if (error.code !== 'not-undoable' && !(await standsAside(engine, before))) return;
  await engine.store.advance(before.id, ['undoing'], 'set-aside', engine.now(), {
    owner: null,
    undoUntil: before.undoUntil,
    restored: null,
    errors: [...before.errors, error],
    note: error.message,
  });
  const still = await engine.store.get(before.id);
  if (still !== null) engine.changed(viewOf(still));
};

/**
 * Puts a set-aside copy back under its name, whole as it was: one rename, of the very directory. Of an undo and a delete
 * that are asked for at the same moment exactly one happens, and of two undos as well: each needs the journal's word
 * first. Works from any door, whichever did the clear. When the tool has made something new there meanwhile, an empty
 * folder is replaced in that one step; anything else stays, and `ifRecreated` says what becomes of the old one.
 * @throws CodedError `not-undoable`, `recreated`, `mount-point`, what a swap is refused for (the copy is kept each time),
 * `unknown-target`, `store-unavailable`.
 */
export const undo = async (engine: Engine, id: string, options: UndoOptions = {}): Promise<Record> => {
  const before = await engine.store.get(id);
  const taken =
    before !== null && (await engine.store.advance(id, ['set-aside'], 'undoing', engine.now(), { owner: engine.self }));
  if (!taken) throw notUndoable(await engine.store.get(id), id);
  let back: Back;
  try {
    back = await restore(engine, before, options);
  } catch (thrown) {
    const error = await explainedError('undo', thrown, placeOf(before));
    // A history that cannot be written now must not hide what went wrong first.
    await giveUp(engine, before, error).catch(() => undefined);
    throw asCoded(thrown, error);
  }
  await engine.store.advance(id, ['undoing'], 'undone', engine.now(), {
    owner: null,
    endedAt: engine.now(),
    errors: [...before.errors, ...back.errors],
    ...(back.note !== undefined && { note: back.note }),
  });
  const record = await readBack(engine, id);
  engine.changed(viewOf(record));
  return record;
};
