import { CodedError } from '../../../shared/errors.ts';
import { DirectoryHandle } from '../fs/handle.ts';
import { joinRaw, showRaw } from '../fs/raw.ts';
import type { Record } from '../store/schema.ts';
import { readBack } from './assignment.ts';
import { release, takeUp } from './at-hand.ts';
import { ownerText } from './end-wait.ts';
import type { Engine } from './engine.ts';
import { survey } from './parts-survey.ts';
import { takeBack } from './parts-take-back.ts';
import { mustBeItsDisk, stillIs } from './same.ts';
import { settle } from './settle.ts';
import { viewOf } from './view.ts';

/** The folder that gathers the pieces is removed when the last is back, so all are, or somebody has removed it. */
const withoutCopy = async (engine: Engine, record: Record): Promise<Record | null> => {
  const { pieces } = await engine.store.pieces(record.id);
  const { lost } = await survey(null, pieces, record.boot !== null && record.boot === engine.self.bootId);
  const note =
    lost === 0
      ? 'interrupted; all of it is at its place'
      : `interrupted; ${lost} of ${pieces.length} are not at their places any more, and not by this program`;
  return settle(engine, record, 'failed', note);
};

const putBack = async (engine: Engine, before: Record, parent: DirectoryHandle): Promise<Record | null> => {
  const { id } = before;
  takeUp(id);
  try {
    const patch = { owner: engine.self, note: 'its process ended half way: what was moved goes back' };
    if (!(await engine.store.advance(id, ['intent'], 'intent', engine.now(), patch, ownerText(before.owner)))) {
      return null;
    }
    const record = await readBack(engine, id);
    const handle = await DirectoryHandle.open(parent.at(record.stale));
    try {
      const copy = {
        parent,
        name: record.stale,
        handle,
        kept: await engine.store.pieces(id),
        sameBoot: record.boot !== null && record.boot === engine.self.bootId,
      };
      const end = async (): Promise<Record> =>
        (await settle(engine, record, 'failed', 'interrupted; what had been moved was put back')) ??
        readBack(engine, id);
      return await takeBack(engine, record, copy, { errors: [], owner: null, end });
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    // It is for the next recovery, of this process as well.
    release(id);
    throw thrown;
  }
};

/**
 * Goes on with a clear in parts whose process ended before all of it was set aside: nobody was told that anything is
 * gone, so all of it goes back. Resolves with the operation, `failed`, or `set-aside` with what could not go back; null
 * when another process was first.
 * @throws what keeps its places from being looked at; it stays open then.
 */
export const rollBackPieces = async (engine: Engine, record: Record): Promise<Record | null> => {
  const parent = await DirectoryHandle.open(record.parent);
  try {
    const there = await parent.look(record.stale);
    if (there === null) {
      mustBeItsDisk(record, parent.facts);
      return await withoutCopy(engine, record);
    }
    if (stillIs(record, there, engine.self.bootId) === null) {
      const path = showRaw(joinRaw(record.parent, record.stale));
      const message = `${path} is not the folder into which things were moved, or cannot be told to be: it is left alone. Unmount what may be mounted there, or look at it; then recover again.`;
      throw new CodedError({ code: 'changed', path, message });
    }
    const result = await putBack(engine, record, parent);
    if (result?.phase === 'set-aside') engine.changed(viewOf(result));
    return result;
  } finally {
    await parent.close();
  }
};
