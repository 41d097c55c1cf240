import type { UndoChoice } from '../../../shared/model.ts';
import { numberName } from '../fs/folders.ts';
import { DirectoryHandle } from '../fs/handle.ts';
import { raw } from '../fs/raw.ts';
import { cutName, nameBudget } from '../leftovers/grammar.ts';
import type { KeptPieces, Record } from '../store/schema.ts';
import type { Engine } from './engine.ts';
import { putAllBack } from './parts-back.ts';
import { mustTakeRows } from './parts-rows.ts';
import { survey } from './parts-survey.ts';
import { cannotSwap, lostNote, piecesRecreated, rowsNote } from './parts-words.ts';
import { stillIs } from './same.ts';
import { putBeside } from './undo-beside.ts';
import { type Back, durable } from './undo-place.ts';
import { gone, placeOf } from './undo-words.ts';

const joined = (notes: readonly (string | null)[]): { readonly note?: string } => {
  const told = notes.filter((it) => it !== null);
  return told.length === 0 ? {} : { note: told.join('; ') };
};

/** Of an undo that was interrupted after its last step. @throws CodedError when nothing of it stands anywhere. */
const backAlready = async (
  engine: Engine,
  parent: DirectoryHandle,
  record: Record,
  { pieces }: KeptPieces,
  sameBoot: boolean,
): Promise<Back> => {
  const { restored } = record;
  if (restored !== null && stillIs(record, await parent.look(restored), engine.self.bootId) !== null) {
    return { errors: [], restored, note: 'it stood beside its place already' };
  }
  const { back, lost } = await survey(null, pieces, sameBoot);
  if (back === 0) throw gone(record);
  return { errors: [], restored: null, ...joined(['it stood at its place already', lostNote(lost)]) };
};

/** A number says nothing to a person: what is put beside gets its own names again, as far as they are free. */
const nameAgain = async (folder: DirectoryHandle, { pieces }: KeptPieces): Promise<void> => {
  for (const [n, { name }] of pieces.entries()) {
    const from = numberName(n);
    if ((await folder.look(from)) === null) continue;
    const numbered = Buffer.concat([raw(`${n}-`), cutName(name, nameBudget - `${n}-`.length)]);
    const isFree = !/^\d+$/.test(name.toString('latin1')) && (await folder.look(name)) === null;
    const to = isFree ? name : numbered;
    if (isFree || (await folder.look(numbered)) === null) await folder.rename(from, to);
  }
};

/**
 * Puts single things back that a clear took, all of them or, where some of their places are taken, none: nothing is
 * moved then, unless the rest is to be put beside the unit. Rows come after the pieces that they lead to. May be asked
 * for again after it was cut off anywhere: what is back counts as back.
 * @throws CodedError `recreated`, `not-undoable`, and what the system says. What is back by then stays back, and the
 * rest is whole in the copy.
 */
export const restorePieces = async (
  engine: Engine,
  parent: DirectoryHandle,
  record: Record,
  ifRecreated: UndoChoice,
): Promise<Back> => {
  const kept = await engine.store.pieces(record.id);
  const sameBoot = record.boot !== null && record.boot === engine.self.bootId;
  if (stillIs(record, await parent.look(record.stale), engine.self.bootId) === null) {
    return backAlready(engine, parent, record, kept, sameBoot);
  }
  const handle = await DirectoryHandle.open(parent.at(record.stale));
  try {
    const { taken, held, back, lost } = await survey(handle, kept.pieces, sameBoot);
    if (held + back === 0) throw gone(record);
    if (taken.length > 0 && ifRecreated === 'swap') throw cannotSwap(record, taken);
    if (taken.length > 0 && ifRecreated === 'refuse') throw piecesRecreated(record, taken, back === 0);
    await mustTakeRows(kept.rows);
    const { stuck, rows, isGone } = await putAllBack({ parent, name: record.stale, handle, kept, sameBoot });
    const notes = [lostNote(lost), rowsNote(rows)];
    if (stuck.length === 0) {
      const strange = isGone ? null : 'the folder that held it holds something else as well, and was left alone';
      return { errors: [], restored: null, ...joined([...notes, strange]) };
    }
    // Somebody was quicker than the look.
    if (ifRecreated !== 'beside') throw piecesRecreated(record, stuck, false);
    const restored = await putBeside(engine, parent, record);
    await nameAgain(handle, kept).catch(() => undefined);
    const note = `${stuck.length} of ${kept.pieces.length} stand beside, since their places are taken; the others are back`;
    return { errors: await durable(parent, placeOf(record)), restored, ...joined([note, ...notes]) };
  } finally {
    await handle.close();
  }
};
