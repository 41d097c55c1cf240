import type { Operation } from '../../shared/model.ts';

const nameOf = ({ tool, path }: Operation): string => tool ?? path;
const list = (operations: readonly Operation[]): string => [...new Set(operations.map(nameOf))].join(', ');

/** What quitting now means for what is going on, in sentences; null when it means nothing. */
export const quitWords = (deletes: readonly Operation[], undoable: readonly Operation[]): string | null => {
  const sentences = [
    ...(deletes.length > 0
      ? [
          `Deleting ${list(deletes)} stops here. What is left of it stays a leftover, and the next start goes on with it.`,
        ]
      : []),
    ...(undoable.length > 0
      ? [
          `What was cleared of ${list(undoable)} stays whole until the next start, and can be put back until it is deleted.`,
        ]
      : []),
  ];
  return sentences.length === 0 ? null : sentences.join('\n\n');
};
