import { formatCount } from '../../../shared/format.ts';
import type { Leftover, Operation, StepError } from '../../../shared/model.ts';
import { errorText } from '../../../shared/words.ts';

export interface Outcome {
  readonly tone: 'good' | 'busy' | 'caution' | 'bad' | 'none';
  readonly words: string;
}

/** What came of an operation, in a few words. */
export const outcomeOf = ({ state, kind, leftCount, steps }: Operation): Outcome => {
  switch (state) {
    case 'waiting':
      return { tone: 'busy', words: 'Waiting' };
    case 'done':
      return { tone: 'good', words: kind === 'sweep' ? 'Cleaned' : 'Cleared' };
    case 'set-aside':
      return { tone: 'busy', words: 'Set aside' };
    case 'deleting':
      return { tone: 'busy', words: 'Being deleted' };
    case 'partial': {
      const stopped = steps.at(-1)?.note?.startsWith('stopped on request') === true;
      if (leftCount > 0) return { tone: 'bad', words: `In part, ${formatCount(leftCount)} left` };
      return stopped ? { tone: 'caution', words: 'Stopped' } : { tone: 'bad', words: 'In part' };
    }
    case 'refused':
      return { tone: 'caution', words: 'Refused' };
    case 'failed':
      return { tone: 'bad', words: 'Failed' };
    case 'undone':
      return { tone: 'none', words: 'Put back' };
    case 'nothing-to-do':
      return { tone: 'none', words: 'Nothing was there' };
  }
};

/** Outcomes that a person looks for, each with the states that it means. */
export const outcomeFilters = [
  { id: 'cleared', label: 'Cleared', states: ['done'] },
  { id: 'open', label: 'Still going on', states: ['waiting', 'set-aside', 'deleting'] },
  { id: 'partial', label: 'In part', states: ['partial'] },
  { id: 'undone', label: 'Put back', states: ['undone'] },
  { id: 'refused', label: 'Refused or failed', states: ['refused', 'failed'] },
  { id: 'nothing', label: 'Nothing was there', states: ['nothing-to-do'] },
] as const satisfies readonly { id: string; label: string; states: readonly Operation['state'][] }[];

/** How long it worked, in ms: without the time in which a copy was kept whole for Undo. Null while it goes on, and when nothing was done. */
export const workedMs = ({ startedAt, endedAt, steps, state }: Operation): number | null => {
  if (endedAt === null || state === 'refused' || state === 'nothing-to-do') return null;
  if (steps.length === 0) return Date.parse(endedAt) - Date.parse(startedAt);
  return steps.reduce((sum, { step, at }, index) => {
    const until = steps[index + 1]?.at ?? endedAt;
    return step === 'set-aside' ? sum : sum + Math.max(0, Date.parse(until) - Date.parse(at));
  }, 0);
};

const stepWords: Readonly<Record<string, string>> = {
  intent: 'Written down before anything was touched',
  'set-aside': 'Set aside in one step',
  undoing: 'Being put back',
  undone: 'Put back, whole as it was',
  deleting: 'Deleting began',
  done: 'All of it deleted',
  partial: 'Ended with something left',
  refused: 'Refused: nothing was touched',
  failed: 'Failed',
  'nothing-to-do': 'Nothing was there',
};

/** A step of the journal in plain words. */
export const stepText = (step: string): string => stepWords[step] ?? step;

/** What the system says about a file, with its number. */
export const numbered = (message: string, errno: number): string => `${message} (errno ${Math.abs(errno)})`;

/** An error as a sentence, with the system's number for it. */
export const numberedError = (error: StepError, home: string): string => {
  const text = errorText(error, home);
  return error.errno === null ? text : numbered(text, error.errno).replace(/\) \(/, ', ');
};

/** Errors that are not about one of the items left: those stand there already. */
export const otherErrors = ({ errors, left }: Operation): readonly StepError[] => {
  const named = new Set(left.map(({ path }) => path));
  return errors.filter(({ path }) => path === null || !named.has(path));
};

export const canUndo = ({ state }: Operation): boolean => state === 'set-aside';

/** A delete that stopped: in part, or left lying by a process that has ended. */
export const canResume = ({ id, state }: Operation, leftovers: readonly Leftover[]): boolean =>
  state === 'partial' ||
  (state === 'deleting' && leftovers.some(({ operation, verdict }) => operation === id && verdict !== 'in-progress'));
