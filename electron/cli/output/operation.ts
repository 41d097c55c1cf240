import type { Operation } from '../../../shared/model.ts';
import { bytes, counted, errorText, moment, place, subjectOf } from '../../../shared/words.ts';
import type { Terminal } from '../terminal.ts';
import { bad, indented, type Line } from './lines.ts';

const shownAtMost = 10;

export type Around = Pick<Terminal, 'home' | 'self'>;

const whyOf = (operation: Operation, home: string): string => {
  const [first] = operation.errors;
  // A recovery that closes an operation says why with the step.
  return first ? errorText(first, home) : `${operation.steps.at(-1)?.note ?? 'no reason was recorded'}.`;
};

const ended = (sentence: string): string => (/[.?!]$/.test(sentence) ? sentence : `${sentence}.`);

/** An undo leaves what a tool has made anew, or lets the two change places: then there is more to say. */
const whereTo = ({ restoredTo, steps }: Operation, home: string): string => {
  if (restoredTo !== null) return `whole again beside the new one, as ${place(restoredTo, home)}`;
  const note = steps.at(-1)?.note ?? null;
  return note === null ? 'back as it was' : `back as it was (${note})`;
};

const holdersOf = ({ holders }: Operation): string =>
  holders.map(({ command, pid, evidence }) => `${command} (process ${pid}, ${evidence})`).join('; ');

/** Who is waited for, in a sentence. */
export const waitingLine = (operation: Operation, subject: string): string => {
  const { isWaited, waitUntil } = operation;
  if (!isWaited) return `${subject} was to be cleared when idle, but nobody waits any more. Nothing was touched.`;
  const who = holdersOf(operation);
  const until = waitUntil === null ? '' : `, until ${moment(waitUntil)} at the latest`;
  return `Waiting until ${subject} is idle${until}. ${who === '' ? 'Who uses it cannot be told.' : `In use by ${who}.`}`;
};

const keptLine = (operation: Operation, subject: string): Line =>
  bad(`Set aside ${subject}, and kept: the copy is still in use by ${holdersOf(operation)}. 0 B freed so far.`);

/** What came of an operation, in a sentence. That nothing was freed is said. */
export const headline = (operation: Operation, { home }: Around): Line => {
  const subject = subjectOf(operation, home);
  const freed = bytes(operation.bytes.freed);
  if (operation.kind === 'command' && operation.state === 'done') return `Ran ${subject}: ${freed} freed.`;
  switch (operation.state) {
    case 'running':
      return `Running ${subject}.`;
    case 'done':
      return `Cleared ${subject}: ${freed} freed, ${counted(operation.entriesDeleted, 'entry', 'entries')} deleted.`;
    case 'waiting':
      return waitingLine(operation, subject);
    case 'set-aside':
      if (operation.holders.length > 0) return keptLine(operation, subject);
      return operation.undoUntil === null
        ? `Set aside ${subject}. ${freed} freed so far.`
        : `Set aside ${subject}. It can be undone until ${moment(operation.undoUntil)}, and is deleted after that. ${freed} freed so far.`;
    case 'deleting':
      return `${subject} is not fully deleted yet: ${freed} freed so far.`;
    case 'partial':
      return bad(`Partly cleared ${subject}: ${freed} freed, ${counted(operation.leftCount, 'item')} left.`);
    case 'refused':
      if (operation.errors[0]?.code === 'cancelled')
        return `Not cleared: ${subject}. ${ended(operation.errors[0].message)} ${freed} freed.`;
      return `Refused ${subject}: ${ended(whyOf(operation, home))} ${freed} freed.`;
    case 'failed':
      return bad(`Failed ${subject}: ${ended(whyOf(operation, home))} ${freed} freed.`);
    case 'undone':
      return `Undone: ${subject} is ${whereTo(operation, home)}.`;
    case 'nothing-to-do':
      return `Nothing to do for ${subject}: it is clear already. ${freed} freed.`;
  }
};

/** Where the copy stands, and what can be done about it. */
export const nextStep = (operation: Operation, { home, self }: Around): readonly string[] => {
  const { asidePath, occupied } = operation;
  const takes = occupied === null ? '' : ` and takes ${bytes(occupied)} there`;
  const aside = asidePath === null ? [] : [`It stands at ${place(asidePath, home)}${takes}`];
  if (operation.state === 'waiting') {
    const again = operation.isWaited ? [] : [`To wait again: ${self} resume ${operation.id}`];
    return [...again, `To ${operation.isWaited ? 'stop waiting' : 'forget it'}: ${self} cancel ${operation.id}`];
  }
  if (operation.state === 'set-aside') {
    const due = operation.holders.length > 0 ? [`The next command that finds it idle deletes it: ${self} recover`] : [];
    return [...aside, ...due, `To undo it: ${self} undo ${operation.id}`];
  }
  if (operation.state === 'deleting' || operation.state === 'partial') {
    return [...aside, `To go on: ${self} resume ${operation.id}`];
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

/** What came of one operation, what is left and why, and what to do next. */
export const operationLines = (operation: Operation, around: Around): readonly Line[] => {
  const { home } = around;
  const { errors, state } = operation;
  // The first error of these is in the headline; what an undo met before it worked is history.
  const more = state === 'refused' || state === 'failed' ? errors.slice(1) : state === 'undone' ? [] : errors;
  return [
    headline(operation, around),
    ...indented(troubleLines({ ...operation, errors: more }, home, shownAtMost)),
    ...indented(nextStep(operation, around)),
  ];
};

/** What to do about caches that are in use, said once for all of them. */
const whenInUse = (operations: readonly Operation[]): readonly string[] =>
  operations.some(({ state, errors }) => state === 'refused' && errors[0]?.code === 'in-use')
    ? ['With --wait it is cleared as soon as it is idle; with --even-if-in-use at once, whoever uses it.']
    : [];

/** What came of several, with the sum freed when there is more than one. */
export const operationsLines = (operations: readonly Operation[], around: Around): readonly Line[] => {
  const freed = operations.reduce((sum, { bytes: { freed } }) => sum + freed, 0);
  const cleared = operations.filter(({ bytes: { freed } }) => freed > 0).length;
  return [
    ...operations.flatMap((operation) => operationLines(operation, around)),
    ...(cleared > 1 ? [`${bytes(freed)} freed in all.`] : []),
    ...whenInUse(operations),
  ];
};
