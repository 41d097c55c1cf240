import type { OperationId } from '../../shared/ids.ts';
import type { Operation } from '../../shared/model.ts';
import { counted } from '../../shared/words.ts';

/** Still going on, or can still be taken back. */
export const isOpen = ({ state }: Operation): boolean =>
  ['waiting', 'running', 'set-aside', 'deleting'].includes(state);

/** A wait, or a tool's own command, that a person ended themselves: no failure. */
export const wasStopped = ({ kind, state, errors }: Operation): boolean =>
  (state === 'refused' || (kind === 'command' && state === 'failed')) &&
  errors.length > 0 &&
  errors.every(({ code }) => code === 'cancelled');

/** What was cleared with one click, as one thing: the parts of one plan that are in the same state. */
export interface Group {
  readonly key: string;
  readonly operations: readonly [Operation, ...Operation[]];
}

/**
 * The operations that a person is told of, newest first: those that go on, and those that ended since the page was
 * opened (`since`, ISO 8601) and have not been put away. An open one cannot be put away: it is told of until it ends.
 */
export const recent = (
  operations: readonly Operation[],
  dismissed: ReadonlySet<OperationId>,
  since: string,
): readonly Operation[] =>
  operations.filter(
    (operation) =>
      isOpen(operation) || (operation.endedAt !== null && operation.endedAt >= since && !dismissed.has(operation.id)),
  );

/** Groups by plan and state, in the order of each group's first. What failed stands alone: each has its own reason. */
export const grouped = (operations: readonly Operation[]): readonly Group[] => {
  const groups = new Map<string, [Operation, ...Operation[]]>();
  for (const operation of operations) {
    const failed = ['partial', 'refused', 'failed'].includes(operation.state) && !wasStopped(operation);
    const alone = operation.plan === null || failed;
    // Who keeps one from going on does not keep the others.
    const by = operation.holders.map(({ pid }) => pid).join();
    const how = `${operation.isWaited} ${operation.restoredTo ?? ''} ${by}`;
    const key = alone ? operation.id : `${operation.plan} ${operation.state} ${how}`;
    const group = groups.get(key);
    if (group) group.push(operation);
    else groups.set(key, [operation]);
  }
  return [...groups].map(([key, list]) => ({ key, operations: list }));
};

/** `412 entries of npm/_cacache`; the command itself where it was the tool's own. */
export const nameOfOne = ({ kind, parts, tool, unit, path }: Operation): string => {
  if (kind === 'command' && unit !== null) return unit;
  const whole =
    tool === null || tool === 'folder' || unit === null ? (path.split(/[\\/]/).at(-1) ?? path) : `${tool}/${unit}`;
  return parts === null ? whole : `${counted(parts.entries, 'entry', 'entries')} of ${whole}`;
};

/** `npm/_cacache`, `3 parts of npm`, `5 parts of npm and pip`. */
export const nameOf = ({ operations }: Group): string => {
  if (operations.length === 1) return nameOfOne(operations[0]);
  const tools = [...new Set(operations.map(({ tool, path }) => (tool === 'folder' ? path : tool)))];
  return `${operations.length} parts of ${new Intl.ListFormat('en').format(tools.map((tool) => tool ?? 'a cache'))}`;
};
