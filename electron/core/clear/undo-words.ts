import { CodedError } from '../../../shared/errors.ts';
import type { Facts } from '../fs/identity.ts';
import { joinRaw, showRaw } from '../fs/raw.ts';
import type { Phase, Record } from '../store/schema.ts';

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

/** The place is a mount point by now: nothing can be renamed onto it. */
export const mountedOn = (record: Record): CodedError =>
  new CodedError({
    code: 'mount-point',
    path: placeOf(record),
    message:
      `Something has been mounted on ${placeOf(record)} meanwhile, so the old one cannot take its place. It is kept ` +
      `whole as ${showRaw(record.stale)}. Unmount what is there, or put the old one beside it.`,
  });
