import { CodedError } from '../../../shared/errors.ts';
import { isErrno } from '../fs/errno.ts';
import { DirectoryHandle } from '../fs/handle.ts';
import { joinRaw, showRaw } from '../fs/raw.ts';
import type { Record } from '../store/schema.ts';
import type { Engine } from './engine.ts';
import { stillIs } from './same.ts';
import { readBack } from './set-aside.ts';
import { stepError } from './step-error.ts';
import { viewOf } from './view.ts';

const notUndoable = (record: Record | null, id: string): CodedError => {
  const because =
    record === null
      ? 'there is no such operation'
      : record.phase === 'deleting' || record.phase === 'partial'
        ? 'its files are being deleted, or have been in part: what is left is no whole cache'
        : record.phase === 'done'
          ? 'its files are deleted'
          : record.phase === 'undone'
            ? 'it has been undone already'
            : 'it set nothing aside';
  return new CodedError({
    code: record === null ? 'unknown-target' : 'not-undoable',
    message: `${id} cannot be undone: ${because}.`,
  });
};

const recreated = (record: Record): CodedError => {
  const path = showRaw(joinRaw(record.parent, record.name));
  return new CodedError({
    code: 'recreated',
    path,
    message:
      `${path} has been made anew meanwhile and is not empty, so the old one cannot take its place. ` +
      `It is kept whole as ${showRaw(record.stale)}. Clear the new one first, then undo this again.`,
  });
};

/** Renames back. An empty directory that the tool made meanwhile is replaced in the same step (rename(2)). */
const restore = async (engine: Engine, record: Record): Promise<void> => {
  const parent = await DirectoryHandle.open(record.parent);
  try {
    const copy = await parent.look(record.stale);
    if (copy === null || stillIs(record, copy, engine.self.bootId) === null)
      throw notUndoable({ ...record, phase: 'done' }, record.id);
    const now = await parent.look(record.name);
    // rename(2) would replace a file without a word.
    if (now !== null && (now.kind !== 'directory' || copy.kind !== 'directory')) throw recreated(record);
    try {
      await parent.rename(record.stale, record.name);
    } catch (thrown) {
      throw isErrno(thrown, 'ENOTEMPTY', 'EEXIST') ? recreated(record) : thrown;
    }
    await parent.sync();
  } finally {
    await parent.close();
  }
};

/**
 * Puts a set-aside copy back under its name, whole as it was. Of an undo and a delete that are asked for at the same
 * moment exactly one happens: both need the journal's word first. Works from any door, whichever did the clear.
 * @throws CodedError `not-undoable`, `recreated` (the copy is kept), `unknown-target`, `store-unavailable`.
 */
export const undo = async (engine: Engine, id: string): Promise<Record> => {
  const before = await engine.store.get(id);
  const until = before?.undoUntil ?? null;
  const taken =
    before !== null && (await engine.store.advance(id, ['set-aside'], 'undoing', engine.now(), { owner: engine.self }));
  if (!taken) throw notUndoable(await engine.store.get(id), id);
  try {
    await restore(engine, before);
  } catch (thrown) {
    const error = stepError('undo', thrown, showRaw(joinRaw(before.parent, before.name)));
    await engine.store.advance(id, ['undoing'], 'set-aside', engine.now(), {
      owner: null,
      undoUntil: until,
      errors: [...before.errors, error],
      note: error.message,
    });
    const still = await engine.store.get(id).catch(() => null);
    if (still !== null) engine.changed(viewOf(still));
    throw thrown;
  }
  await engine.store.advance(id, ['undoing'], 'undone', engine.now(), { owner: null, endedAt: engine.now() });
  const record = await readBack(engine, id);
  engine.changed(viewOf(record));
  return record;
};
