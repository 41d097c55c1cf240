import type { Operation } from '../../../shared/model.ts';
import { bytes, counted, errorText, moment, place, subjectOf } from '../../../shared/words.ts';
import type { Terminal } from '../terminal.ts';
import { bad, indented, type Line } from './lines.ts';

const shownAtMost = 10;

type Around = Pick<Terminal, 'home' | 'self'>;

const whyOf = (operation: Operation, home: string): string => {
  const [first] = operation.errors;
  // A recovery that closes an operation says why with the step.
  return first ? errorText(first, home) : `${operation.steps.at(-1)?.note ?? 'no reason was recorded'}.`;
};

const headline = (operation: Operation, { home }: Around): Line => {
  const subject = subjectOf(operation, home);
  const freed = bytes(operation.bytes.freed);
  switch (operation.state) {
    case 'done':
      return `Cleared ${subject}: ${freed} freed, ${counted(operation.entriesDeleted, 'entry', 'entries')} deleted.`;
    case 'waiting':
      return `Waiting until ${subject} is idle.`;
    case 'set-aside':
      return operation.undoUntil === null
        ? `Set aside ${subject}.`
        : `Set aside ${subject}. It can be undone until ${moment(operation.undoUntil)}, and is deleted after that.`;
    case 'deleting':
      return `${subject} is not fully deleted yet: ${freed} freed so far.`;
    case 'partial':
      return bad(`Partly cleared ${subject}: ${freed} freed, ${counted(operation.leftCount, 'item')} left.`);
    case 'refused':
      return `Refused ${subject}: ${whyOf(operation, home)}`;
    case 'failed':
      return bad(`Failed ${subject}: ${whyOf(operation, home)}`);
    case 'undone':
      return `Undone: ${subject} is back as it was.`;
    case 'nothing-to-do':
      return `Nothing to do for ${subject}.`;
  }
};

const nextStep = (operation: Operation, { home, self }: Around): readonly string[] => {
  const aside = operation.asidePath === null ? [] : [`It stands at ${place(operation.asidePath, home)}`];
  if (operation.state === 'set-aside') return [...aside, `To undo it: ${self} undo ${operation.id}`];
  if (operation.state === 'deleting' || operation.state === 'partial') {
    return [...aside, `To go on: ${self} recover`];
  }
  return operation.state === 'failed' ? aside : [];
};

/** What went wrong, most telling first: what is left and why, then errors that are not about those. */
const troubleLines = ({ left, leftCount, errors }: Operation, home: string, atMost: number): readonly string[] => {
  const items = left.slice(0, atMost).map((item) => `${place(item.path, home)}: ${item.message}`);
  const rest = Math.max(leftCount, left.length) - items.length;
  const named = new Set(left.map(({ path }) => path));
  return [
    ...items,
    ...(items.length > 0 && rest > 0 ? [`and ${counted(rest, 'more item', 'more items')}`] : []),
    ...errors.filter(({ path }) => path === null || !named.has(path)).map((error) => errorText(error, home)),
  ];
};

/** The same for a line of the history, where all of it stands below. */
export const historyTrouble = (operation: Operation, home: string): readonly Line[] =>
  indented(troubleLines(operation, home, 3), '    ');

/** What came of one operation, what is left and why, and what to do next. */
export const operationLines = (operation: Operation, around: Around): readonly Line[] => {
  const { home } = around;
  const { errors, state } = operation;
  // The first error of these is in the headline.
  const more = state === 'refused' || state === 'failed' ? errors.slice(1) : errors;
  return [
    headline(operation, around),
    ...indented(troubleLines({ ...operation, errors: more }, home, shownAtMost)),
    ...indented(nextStep(operation, around)),
  ];
};

/** What came of several, with the sum freed when there is more than one. */
export const operationsLines = (operations: readonly Operation[], around: Around): readonly Line[] => {
  const freed = operations.reduce((sum, { bytes: { freed } }) => sum + freed, 0);
  const cleared = operations.filter(({ bytes: { freed } }) => freed > 0).length;
  return [
    ...operations.flatMap((operation) => operationLines(operation, around)),
    ...(cleared > 1 ? [`${bytes(freed)} freed in all.`] : []),
  ];
};
