import type { Operation } from '../../../shared/model.ts';
import {
  bytes,
  counted,
  errorStep,
  errorText,
  moment,
  numbered,
  numberedError,
  otherErrors,
  place,
  stepText,
} from '../../../shared/words.ts';
import { accent, indented, type Line } from './lines.ts';
import { type Around, headline, nextStep } from './operation.ts';
import { type Column, table } from './table.ts';

/** So much of what went wrong with one stands in the list of all; the rest is told by `history OPERATION`. */
const namedInList = 3;

const leftOf = ({ left, leftCount }: Operation): number => Math.max(leftCount, left.length);

/** What went wrong with one, for a list of all: the step, the path and the sentence of each, and what to do next. */
export const historyTrouble = (operation: Operation, around: Around): readonly Line[] => {
  const { home, self } = around;
  const errors = otherErrors(operation);
  const lines = [
    ...errors.map((error) => `${errorStep(error)}: ${errorText(error, home)}`),
    ...operation.left.map(({ path, message }) => `Left: ${place(path, home)}: ${message}`),
  ].slice(0, namedInList);
  const rest = errors.length + leftOf(operation) - lines.length;
  const more = rest > 0 ? [`and ${counted(rest, 'more', 'more')}: ${self} history ${operation.id}`] : [];
  return indented([...lines, ...more, ...nextStep(operation, around)], '    ');
};

const pairs: readonly Column<readonly [string, string]>[] = [
  { title: 'Operation', cell: ([name]) => name },
  { title: '', cell: ([, value]) => value },
];

const about = (operation: Operation, home: string): readonly (readonly [string, string])[] => {
  const { planned, freed } = operation.bytes;
  const expected = planned === null ? '' : ` of ${bytes(planned)} expected`;
  const { asidePath, occupied, endedAt, restoredTo } = operation;
  return [
    ['id', operation.id],
    ['kind', operation.kind],
    ['state', operation.state],
    ['place', place(operation.path, home)],
    ['door', operation.door],
    ['began', moment(operation.startedAt)],
    ...(endedAt === null ? [] : [['ended', moment(endedAt)] as const]),
    ['freed', `${bytes(freed)}${expected}, ${counted(operation.entriesDeleted, 'entry', 'entries')} deleted`],
    ...(asidePath === null ? [] : [['the copy', place(asidePath, home)] as const]),
    ...(asidePath === null ? [] : [['it takes', occupied === null ? 'not measured' : bytes(occupied)] as const]),
    ...(restoredTo === null ? [] : [['put back as', place(restoredTo, home)] as const]),
  ];
};

const section = (title: string, lines: readonly string[]): readonly Line[] =>
  lines.length === 0 ? [] : ['', accent(title), ...indented(lines)];

/** Everything that the history has about one operation: each step with its moment, every error, all that is named as left. */
export const historyDetails = (operation: Operation, around: Around): readonly Line[] => {
  const { home } = around;
  const { left, steps, holders } = operation;
  const unnamed = leftOf(operation) - left.length;
  return [
    headline(operation, around),
    '',
    ...table(pairs, about(operation, home), null),
    ...section(
      'Steps',
      steps.map(({ step, at, note }) => `${moment(at)}  ${stepText(step)}${note === null ? '' : ` (${note})`}`),
    ),
    ...section(
      'Errors',
      otherErrors(operation).map((error) => `${errorStep(error)}: ${numberedError(error, home)}`),
    ),
    ...section('Left', [
      ...left.map(({ path, message, errno }) => `${place(path, home)}: ${numbered(message, errno)}`),
      ...(unnamed > 0 ? [`and ${counted(unnamed, 'more', 'more')}, not named`] : []),
    ]),
    ...section(
      'In use by',
      holders.map(({ command, pid, evidence }) => `${command} (pid ${pid}): ${evidence}`),
    ),
    ...section('Next', nextStep(operation, around)),
  ];
};
