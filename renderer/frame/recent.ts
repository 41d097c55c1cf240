import type { OperationId } from '../../shared/ids.ts';
import type { Operation } from '../../shared/model.ts';

/** Still going on, or can still be taken back. */
export const isOpen = ({ state }: Operation): boolean => state === 'set-aside' || state === 'deleting';

/**
 * The operations that a person is told of, newest first: those that go on, and those that ended since the page was
 * opened (`since`, ISO 8601) and have not been put away. An open one cannot be put away for good: it comes back when it ends.
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
