import type { Leftover, Operation } from '../../../shared/model.ts';
import { counted, errorText, moment, place, verdictWords } from '../../../shared/words.ts';

/** As the end of a name: `pkgs.stale-4711`, with a mark of ours behind it or not. */
const numbered = /\.(?:stale|deleting)-(\d+)(?:-[0-9a-f]{16})?$/;
/** Core's words about a process that still runs. */
const running = /^process (\d+) \((.+)\) runs/;
/** What the verdict's sentence or a column says already. */
const saidAlready =
  /^(?:last changed |our history knows it: |process \d+ does not run any more$|process \d+ \(.+\) runs, and did so)/;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
/** Core writes moments in UTC, as no door has its own; a person reads theirs. */
const local = (text: string): string =>
  text.replaceAll(/(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/g, (_, day, time) => moment(`${day}T${time}Z`));
const sentence = (text: string): string => local(/[.!?]$/.test(text) ? capital(text) : `${capital(text)}.`);

const first = ({ evidence, verdict }: Leftover): string =>
  sentence(`${verdictWords[verdict]}: ${evidence[0] ?? 'no reason was given'}`);

/** The verdict on a leftover and what it rests on, as one sentence. */
export const verdictSentence = (leftover: Leftover): string => {
  const { verdict, operation, path, evidence, origin, cleaning } = leftover;
  // Of ours, the history knows more than a name tells.
  if (operation !== null) return first(leftover);
  if (verdict === 'abandoned') {
    const pid = numbered.exec(path)?.[1];
    const given = evidence.some((told) => /was given (?:to another program|away)$/.test(told));
    if (pid === undefined || given) return first(leftover);
    return `Abandoned: its process ${pid} has ended, and nothing in it changes.`;
  }
  // Of another tool's, whoever runs there does not delete it.
  if (verdict === 'in-progress' && ['ours', 'pip-tools', 'unknown'].includes(origin)) {
    const [, pid, command] = evidence.map((told) => running.exec(told)).find((match) => match !== null) ?? [];
    if (pid !== undefined && command !== undefined) return `Still being deleted by ${command} (${pid}).`;
  }
  if (verdict === 'cannot-tell' && cleaning !== 'never') return `${first(leftover)} Look before you clean.`;
  return first(leftover);
};

/** The rest of the evidence. */
export const furtherEvidence = (leftover: Leftover): string => {
  const rest = leftover.evidence.slice(1).filter((told) => !saidAlready.test(told));
  return rest.map(sentence).join(' ');
};

/** All of it, each as a sentence: for somebody who is asked to look. */
export const allEvidence = ({ evidence }: Leftover): readonly string[] => evidence.map(sentence);

/** Why a delete of ours stopped, or null when it did not. */
export const stopSentence = (operation: Operation | undefined, home: string): string | null => {
  if (operation?.state !== 'partial') return null;
  const { leftCount, left, errors, steps } = operation;
  const why = left[0]
    ? `${place(left[0].path, home)}: ${left[0].message}`
    : errors[0]
      ? errorText(errors[0], home)
      : (steps.at(-1)?.note ?? 'no reason was recorded');
  return sentence(
    leftCount > 0 ? `stopped with ${counted(leftCount, 'item')} left, the first ${why}` : `stopped: ${why}`,
  );
};

/** What it is, and what it was called before, as a sentence. */
export const whatSentence = ({ what, original }: Leftover, home: string): string =>
  original === null ? sentence(what) : `${what}: it was ${place(original, home)}.`;

/** The tool's own way, where this program has none or asks first; null where one click does. */
export const remedyOf = ({ remedy, cleaning }: Leftover): string | null => (cleaning === 'safe' ? null : remedy);

export type Way = 'clean' | 'ask' | 'resume' | 'stop' | 'put-back';

/** What can be done about a leftover; the first is the one that Enter does. */
export const waysOf = (leftover: Leftover, operation: Operation | undefined, isDeleting: boolean): readonly Way[] => {
  const { cleaning, verdict } = leftover;
  if (isDeleting) return ['stop'];
  const stopped = operation?.state === 'partial' || operation?.state === 'deleting';
  if (stopped && verdict !== 'in-progress' && cleaning !== 'never') return ['resume'];
  const ways: Way[] = cleaning === 'safe' ? ['clean'] : cleaning === 'ask' ? ['ask'] : [];
  if (verdict === 'undoable' && leftover.operation !== null) ways.push('put-back');
  return ways;
};

/** Why there is no button; null where there is one, or where the evidence says so itself. */
export const whyNever = ({ verdict, cleaning }: Leftover): string | null =>
  cleaning === 'never' && verdict === 'in-progress' ? 'It is left to the program that works on it.' : null;
