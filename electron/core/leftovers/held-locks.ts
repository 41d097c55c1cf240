import { CodedError } from '../../../shared/errors.ts';
import { type Flock, tryFlock } from '../usage/flock.ts';
import { networkType } from '../usage/lock-places.ts';

/** Lock files of a tool that this process has until `release`. */
export interface HeldLocks {
  release(): void;
}

const refused = (code: 'locked' | 'cannot-tell', file: string): CodedError =>
  new CodedError({
    code,
    path: file,
    message:
      code === 'locked'
        ? `Somebody holds the lock ${file}, so the tool works there now. Clean it when that has ended.`
        : `The lock ${file} cannot be taken any more, so nobody can tell whether the tool works there. Look again, then decide.`,
  });

/**
 * Takes these lock files without waiting: its tool begins nothing there until `release`. None is made. `certain`: the
 * verdict rests on them, so each must be had; else a person decided knowing that one could not be tried, and only one
 * that somebody has is an obstacle.
 * @throws CodedError `locked` or `cannot-tell`; none is held then.
 */
export const holdLocks = async (files: readonly string[], certain: boolean): Promise<HeldLocks> => {
  const held: Flock[] = [];
  const release = (): void => {
    for (const lock of held.splice(0).reverse()) lock.release();
  };
  for (const file of files) {
    const lock = networkType(file) === null ? await tryFlock(file) : 'cannot';
    if (typeof lock === 'object') held.push(lock);
    else if (lock === 'busy' || certain) {
      release();
      throw refused(lock === 'busy' ? 'locked' : 'cannot-tell', file);
    }
  }
  return { release };
};
