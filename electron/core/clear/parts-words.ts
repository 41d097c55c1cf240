import { CodedError } from '../../../shared/errors.ts';
import { joinRaw, showRaw } from '../fs/raw.ts';
import type { KeptPiece, Record } from '../store/schema.ts';
import { pathOfPiece } from './parts-look.ts';
import type { PieceRow } from './pieces.ts';

const things = (count: number): string => (count === 1 ? '1 thing' : `${count} things`);
const copyOf = ({ parent, stale }: Record): string => showRaw(joinRaw(parent, stale));

const taken = (record: Record, pieces: readonly KeptPiece[]): string => {
  const [first] = pieces;
  const where = first === undefined ? showRaw(record.parent) : pathOfPiece(first);
  const names = pieces.length === 1 ? where : `the first is ${where}`;
  return `${things(pieces.length)} cannot go back, since something new stands at the place (${names}).`;
};

/** Of a clear that failed half way. */
export const keptInCopy = (record: Record, pieces: readonly KeptPiece[]): CodedError =>
  new CodedError({
    code: 'recreated',
    path: copyOf(record),
    message: `${taken(record, pieces)} What stood there is kept whole in ${copyOf(record)}. Undo this to have it put beside, or do nothing and keep the new one.`,
  });

/** Of an undo: the words name the choices as every door has them. */
export const piecesRecreated = (record: Record, pieces: readonly KeptPiece[], isWhole: boolean): CodedError =>
  new CodedError({
    code: 'recreated',
    path: pieces[0] === undefined ? copyOf(record) : pathOfPiece(pieces[0]),
    message:
      `${taken(record, pieces)} ${isWhole ? 'Nothing was moved: all of it' : 'What is not back'} is kept whole in ${copyOf(record)}. Choose: put back what has a free place and the rest ` +
      'beside it, or do nothing and keep the new: then the old goes when its undo window is over.',
  });

/** Many small places cannot change with one folder in one step. */
export const cannotSwap = (record: Record, pieces: readonly KeptPiece[]): CodedError =>
  new CodedError({
    code: 'recreated',
    path: pieces[0] === undefined ? copyOf(record) : pathOfPiece(pieces[0]),
    message: `${taken(record, pieces)} Single things cannot change places with the new ones. Nothing was moved. Put the old ones beside them, or keep the new ones.`,
  });

/** Rows that could not be written back; null: all could. */
export const rowsNote = (rows: readonly PieceRow[]): string | null => {
  const [first] = rows;
  if (first === undefined) return null;
  const which = rows.length === 1 ? 'a row' : `${rows.length} rows`;
  return `${which} of ${first.file} could not be put back, since another stands there or the file is not as it was`;
};

export const lostNote = (count: number): string | null =>
  count === 0 ? null : `${things(count)} had been taken out of the copy by somebody else`;
