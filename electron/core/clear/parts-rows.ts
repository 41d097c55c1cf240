import { Worker } from 'node:worker_threads';
import { CodedError } from '../../../shared/errors.ts';
import { sibling } from '../fs/sibling.ts';
import type { RowsAnswer, RowsFailure, RowsOrder } from './parts-rows-worker.ts';
import type { PieceRow } from './pieces.ts';

/** SQLITE_BUSY and SQLITE_LOCKED (sqlite.org/rescode.html). */
const busy = new Set([5, 6]);

const failure = ({ file, message, errcode, isOdd }: RowsFailure): CodedError => {
  if (isOdd) {
    const words = `The book of this cache, ${file}, is not as it was planned: ${message}. A row of it could not be put back whole, so single things of this cache are left alone. Clear all of it, or use the tool's own command.`;
    return new CodedError({ code: 'changed', path: file, message: words });
  }
  if (errcode !== null && busy.has(errcode & 0xff)) {
    const words = `${file} is being written by another program, which did not let go of it. Try again when that is done.`;
    return new CodedError({ code: 'locked', path: file, message: words });
  }
  const words = `${file} cannot be changed: ${message}. See whether you may write it, and whether it is in order.`;
  return new CodedError({ code: 'io', path: file, message: words });
};

/** In a thread of its own: SQLite waits for the disk, and for the tool. */
const ask = (order: RowsOrder): Promise<RowsAnswer> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(sibling(import.meta.url, 'parts-rows-worker'), { workerData: order });
    worker.once('message', (answer: RowsAnswer | RowsFailure) =>
      'rows' in answer ? resolve(answer) : reject(failure(answer)),
    );
    worker.once('error', reject);
    worker.once('exit', () => {
      reject(new CodedError({ code: 'helper-died', message: "The thread that writes the tool's book ended." }));
    });
  });

const numbered = async (what: RowsOrder['do'], rows: readonly PieceRow[]): Promise<readonly PieceRow[]> => {
  if (rows.length === 0) return [];
  const { rows: some } = await ask({ do: what, rows });
  return rows.filter((_, n) => some.includes(n));
};

/**
 * Those of the rows that are in their files now; none of a file or table that is not there.
 * @throws CodedError `changed` when a table is not the plain one with these columns alone; `locked`, `io`.
 */
export const rowsThere = (rows: readonly PieceRow[]): Promise<readonly PieceRow[]> => numbered('there', rows);

/**
 * Takes rows out of their files, each file in one transaction; `taken` hears of those whose file has been changed. One
 * that is not there is fine.
 * @throws CodedError `changed`, `locked`, `io`: the file that it names has not been changed.
 */
export const takeRows = async (
  rows: readonly PieceRow[],
  taken: (rows: readonly PieceRow[]) => void,
): Promise<void> => {
  for (const some of Map.groupBy(rows, ({ file }) => file).values()) {
    await numbered('take', some);
    taken(some);
  }
};

/**
 * Sees whether rows could be put back now, before anything is done that they belong to.
 * @throws CodedError `locked`, `io`.
 */
export const mustTakeRows = async (rows: readonly PieceRow[]): Promise<void> => void (await numbered('ready', rows));

/**
 * Puts rows back that are not there. Resolves with those that cannot be: another row is in their way, or their file or
 * table is not as it was. To be asked again is fine, and nothing is written when all of them are there.
 * @throws CodedError `locked`, `io`: files before the one that it names may have been changed.
 */
export const giveBackRows = (rows: readonly PieceRow[]): Promise<readonly PieceRow[]> => numbered('give back', rows);
