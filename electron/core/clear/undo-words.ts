import { CodedError } from '../../../shared/errors.ts';
import type { Usage } from '../../../shared/model.ts';
import type { Facts } from '../fs/identity.ts';
import { joinRaw, showRaw } from '../fs/raw.ts';
import type { Phase, Record } from '../store/schema.ts';
import { holdersText } from './end-wait.ts';

/** Where an operation's thing belongs, as a person reads it. */
export const placeOf = (record: Record): string => showRaw(joinRaw(record.parent, record.name));

const over: Partial<{ readonly [Name in Phase]: string }> = {
  undoing: 'it is being undone right now',
  deleting: 'its files are being deleted, or have been in part: what is left is no whole cache',
  partial: 'its files are being deleted, or have been in part: what is left is no whole cache',
  done: 'its files are deleted',
  undone: 'it has been undone already',
};

export const notUndoable = (record: Record | null, id: string): CodedError => {
  const because = record === null ? 'there is no such operation' : (over[record.phase] ?? 'it set nothing aside');
  return new CodedError({
    code: record === null ? 'unknown-target' : 'not-undoable',
    message: `${id} cannot be undone: ${because}.`,
  });
};

/** Nobody can say what became of it: it may have been removed, or its disk may not be there. */
export const gone = (record: Record): CodedError =>
  new CodedError({
    code: 'not-undoable',
    path: placeOf(record),
    message:
      `${record.id} cannot be undone: ${showRaw(joinRaw(record.parent, record.stale))} is not there. Somebody removed ` +
      'or moved it, or its disk is not mounted: then mount that, and undo it once more.',
  });

/** The folder that holds both names is not there: with it the copy may come back. */
export const folderAway = (record: Record): CodedError => {
  const path = showRaw(record.parent);
  const message = `${path} is not there, so nothing can be put back into it now. If its disk is not mounted, or the folder was moved, bring it back; then undo it once more.`;
  return new CodedError({ code: 'io', detail: 'ENOENT', path, message });
};

const isNow: { readonly [Name in Facts['kind']]: string } = {
  directory: 'has been made anew meanwhile and is not empty',
  file: 'is a file now',
  link: 'is a link to somewhere else now',
  other: 'is a special file now',
};

/** Something stands at the place that is not to be replaced. The words name the choices as every door has them. */
export const recreated = (record: Record, kind: Facts['kind']): CodedError => {
  const swap = kind === 'link' || kind === 'other' ? '' : 'let the two change places, ';
  return new CodedError({
    code: 'recreated',
    path: placeOf(record),
    message:
      `${placeOf(record)} ${isNow[kind]}, so the old one cannot take its place. ` +
      `It is kept whole as ${showRaw(record.stale)}. Choose: put the old one beside it, ${swap}` +
      'or do nothing and keep the new one: then the old one goes when its undo window is over.',
  });
};

/** What stands there is an empty folder, and somebody may be about to write into that very one. */
export const emptyInUse = (record: Record, { holders, evidence }: Usage): CodedError => {
  const why =
    holders.length > 0
      ? `is in use by ${holdersText(holders)}`
      : `cannot be shown to be nobody's (${evidence.join('; ')})`;
  return new CodedError({
    code: 'recreated',
    path: placeOf(record),
    message:
      `${placeOf(record)} has been made anew meanwhile, and the empty folder ${why}, so the old one does not take its ` +
      `place. It is kept whole as ${showRaw(record.stale)}. Undo it again when that has ended, or put the old one beside it.`,
  });
};

/** The place is a mount point by now: nothing can be renamed onto it. */
export const mountedOn = (record: Record): CodedError =>
  new CodedError({
    code: 'mount-point',
    path: placeOf(record),
    message:
      `Something has been mounted on ${placeOf(record)} meanwhile, so the old one cannot take its place. It is kept ` +
      `whole as ${showRaw(record.stale)}. Unmount what is there, or put the old one beside it.`,
  });
