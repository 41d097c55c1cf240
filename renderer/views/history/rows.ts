import type { Operation } from '../../../shared/model.ts';
import { subjectOf } from '../../../shared/words.ts';
import { outcomeFilters, outcomeOf } from './outcome.ts';
import { noTool } from './weeks.ts';

/** Every operation once, newest first. `live` is what news keeps current: it wins over what was read before. */
export const merged = (live: readonly Operation[], older: readonly Operation[]): readonly Operation[] => {
  const all = new Map(older.map((operation) => [operation.id, operation]));
  for (const operation of live) all.set(operation.id, operation);
  return [...all.values()].sort((one, other) => (one.startedAt < other.startedAt ? 1 : -1));
};

export interface Filter {
  readonly text: string;
  /** Empty: any. */
  readonly tool: string;
  readonly outcome: string;
}

/** Those that fit all three. The text may stand in anything that a row says. */
export const filtered = (operations: readonly Operation[], filter: Filter, home: string): readonly Operation[] => {
  const text = filter.text.trim().toLowerCase();
  const states: readonly string[] | undefined = outcomeFilters.find(({ id }) => id === filter.outcome)?.states;
  return operations.filter((operation) => {
    const { tool, state, path, door, id, errors } = operation;
    if (filter.tool !== '' && (tool ?? noTool) !== filter.tool) return false;
    if (states !== undefined && !states.includes(state)) return false;
    const said = [subjectOf(operation, home), path, door, id, outcomeOf(operation).words];
    return [...said, ...errors.map(({ message }) => message)].some((part) => part.toLowerCase().includes(text));
  });
};

/** Every tool that the history knows, by name. */
export const toolsIn = (operations: readonly Operation[]): readonly string[] =>
  [...new Set(operations.map(({ tool }) => tool ?? noTool))].sort();
