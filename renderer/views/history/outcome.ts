import { formatCount } from '../../../shared/format.ts';
import type { Leftover, Operation } from '../../../shared/model.ts';
import { wasStopped } from '../../frame/recent.ts';

export interface Outcome {
  readonly tone: 'good' | 'busy' | 'caution' | 'bad' | 'none';
  readonly words: string;
}

/** What came of an operation, in a few words. */
export const outcomeOf = (operation: Operation): Outcome => {
  const { state, kind, leftCount, steps, isWaited, holders, restoredTo } = operation;
  switch (state) {
    case 'waiting':
      return isWaited ? { tone: 'busy', words: 'Waiting' } : { tone: 'caution', words: 'No longer waiting' };
    case 'running':
      return { tone: 'busy', words: 'Running' };
    case 'done':
      if (kind === 'command') return { tone: 'good', words: 'Ran' };
      return { tone: 'good', words: kind === 'sweep' ? 'Cleaned' : 'Cleared' };
    case 'set-aside':
      return holders.length > 0 ? { tone: 'caution', words: 'Still in use' } : { tone: 'busy', words: 'Set aside' };
    case 'deleting':
      return { tone: 'busy', words: 'Being deleted' };
    case 'partial': {
      const stopped = steps.at(-1)?.note?.startsWith('stopped on request') === true;
      if (leftCount > 0) return { tone: 'bad', words: `In part, ${formatCount(leftCount)} left` };
      return stopped ? { tone: 'caution', words: 'Stopped' } : { tone: 'bad', words: 'In part' };
    }
    case 'refused':
      return wasStopped(operation) ? { tone: 'none', words: 'Stopped waiting' } : { tone: 'caution', words: 'Refused' };
    case 'failed':
      if (wasStopped(operation)) return { tone: 'caution', words: 'Stopped' };
      return { tone: 'bad', words: 'Failed' };
    case 'undone':
      return { tone: 'none', words: restoredTo === null ? 'Put back' : 'Put beside' };
    case 'nothing-to-do':
      return { tone: 'none', words: 'Nothing was there' };
  }
};

/** Outcomes that a person looks for, each with the states that it means. */
export const outcomeFilters = [
  { id: 'cleared', label: 'Cleared', states: ['done'] },
  { id: 'open', label: 'Still going on', states: ['waiting', 'running', 'set-aside', 'deleting'] },
  { id: 'partial', label: 'In part', states: ['partial'] },
  { id: 'undone', label: 'Put back', states: ['undone'] },
  { id: 'refused', label: 'Refused or failed', states: ['refused', 'failed'] },
  { id: 'nothing', label: 'Nothing was there', states: ['nothing-to-do'] },
] as const satisfies readonly { id: string; label: string; states: readonly Operation['state'][] }[];

/** What a tool's own command wrote; null where there is none, or nothing yet. */
export const outputOf = ({ kind, state, steps }: Operation): string | null =>
  kind === 'command' && state !== 'running' ? (steps.at(-1)?.note ?? null) : null;

/** How long it worked, in ms: without the time in which a copy was kept whole for Undo. Null while it goes on, and when nothing was done. */
export const workedMs = ({ startedAt, endedAt, steps, state }: Operation): number | null => {
  if (endedAt === null || state === 'refused' || state === 'nothing-to-do') return null;
  if (steps.length === 0) return Date.parse(endedAt) - Date.parse(startedAt);
  return steps.reduce((sum, { step, at }, index) => {
    const until = steps[index + 1]?.at ?? endedAt;
    return step === 'set-aside' ? sum : sum + Math.max(0, Date.parse(until) - Date.parse(at));
  }, 0);
};

export { numbered, numberedError, otherErrors, stepText } from '../../../shared/words.ts';

export const canUndo = ({ state }: Operation): boolean => state === 'set-aside';

/** A tool's own command that goes on. */
export const canStop = ({ state }: Operation): boolean => state === 'running';

/** It waits now: that can be ended. */
export const canForget = ({ state, isWaited }: Operation): boolean => state === 'waiting' && isWaited;

/** What stopped: a delete in part, or left lying by a process that has ended; a wait whose door has closed. */
export const canResume = ({ id, state, isWaited }: Operation, leftovers: readonly Leftover[]): boolean =>
  state === 'partial' ||
  (state === 'waiting' && !isWaited) ||
  (state === 'deleting' && leftovers.some(({ operation, verdict }) => operation === id && verdict !== 'in-progress'));
