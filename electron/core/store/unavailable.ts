import { CodedError } from '../../../shared/errors.ts';

/** What went wrong in the store's thread, as it crosses to the door's. */
export interface StoreFailure {
  readonly message: string;
  /** SQLite's number (sqlite.org/rescode.html), where the error is SQLite's. */
  readonly errcode: number | null;
}

const elsewhere = 'name another place in CACHE_INSPECTOR_HOME, on another disk for instance';

const readOnly = `It cannot be written there: make the place writable again, or ${elsewhere}.`;

/** SQLITE_IOERR_SHMSIZE: no room for the index of its log. It is no SQLITE_FULL, and means the same. */
const noRoomForIndex = 4874;

/** What a person can do about it, by the primary result code; the higher bits tell what SQLite was about. */
const nextStep = ({ message, errcode }: StoreFailure): string => {
  if (/EMFILE|ENFILE|too many open files/i.test(message)) {
    return 'Too many files are open: end a program, or raise the limit (ulimit -n).';
  }
  if (errcode === noRoomForIndex || /no space left|ENOSPC|EDQUOT/i.test(message))
    return `Free space there, or ${elsewhere}.`;
  if (/read-only/i.test(message)) return readOnly;
  switch (errcode === null ? null : errcode & 0xff) {
    case 5:
    case 6:
      return 'Another process keeps it locked: end that one, or try again in a moment.';
    case 8:
      return readOnly;
    case 13:
      return `Free space there, or ${elsewhere}.`;
    default:
      return `Free space there if it is full, see whether its disk is in order, or ${elsewhere}.`;
  }
};

/** The error of a store that cannot be used: what happened, and the next step. Nothing was written then. */
export const unavailable = (failure: StoreFailure, dir: string): CodedError =>
  new CodedError({
    code: 'store-unavailable',
    message: `The history in ${dir} cannot be used (${failure.message}). Nothing is cleared without it. ${nextStep(failure)}`,
    path: dir,
  });
