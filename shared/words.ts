import { formatAge, formatBytes, formatCount } from './format.ts';
import type { Holder, Leftover, Operation, StepError, Timestamp } from './model.ts';

/** What stands where nothing is known: not measured, not recorded. */
export const unknown = '–';

/** A path with `~` for home. */
export const place = (path: string, home: string): string => {
  if (home === '' || !path.startsWith(home)) return path;
  const rest = path.slice(home.length);
  return rest === '' || rest.startsWith('/') || rest.startsWith('\\') ? `~${rest}` : path;
};

export const bytes = (value: number | null | undefined): string =>
  value === null || value === undefined ? unknown : formatBytes(value);

export const count = (value: number | null): string => (value === null ? unknown : formatCount(value));

export const age = (when: Timestamp | null, now: number): string =>
  when === null ? unknown : formatAge(Date.parse(when), now);

/** `1 file`, `2 files`. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${formatCount(value)} ${value === 1 ? one : many}`;

/** A moment as people read it, in their own time: `2026-05-12 09:30:00`. */
export const moment = (when: Timestamp): string => {
  const at = new Date(when);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
};

type Subject = Pick<Operation, 'tool' | 'unit' | 'path' | 'kind' | 'parts'>;

/** What an operation was about, as one would name it: `npm/_cacache`, `12 entries of npm/_cacache`, a command, or its path. */
export const subjectOf = ({ tool, unit, path, kind, parts }: Subject, home: string): string => {
  if (kind === 'command') return `‘${unit}’`;
  if (tool === null) return place(path, home);
  const whole = unit === null || unit === '' ? `${tool} (${place(path, home)})` : `${tool}/${unit === '.' ? '' : unit}`;
  return parts === null
    ? whole.replace(/\/$/, '')
    : `${counted(parts.entries, 'entry', 'entries')} of ${whole.replace(/\/$/, '')}`;
};

/** Who uses something: `npm install (4242)`. One that is told as 0 has no number here: it runs in a container. */
export const nameOfHolder = ({ command, pid }: Pick<Holder, 'command' | 'pid'>): string =>
  pid > 0 ? `${command} (${pid})` : command;

/** An error as a sentence, with its place and its code where the sentence does not name them. */
export const errorText = ({ message, code, path }: Omit<StepError, 'step' | 'errno'>, home: string): string => {
  const where = path === null || message.includes(path) ? '' : `${place(path, home)}: `;
  return `${where}${message.includes(code) ? message : message.replace(/[.!?]?$/, (end) => ` (${code})${end}`)}`;
};

/** What the system says about a file, with its number. */
export const numbered = (message: string, errno: number): string =>
  message.replace(/[.!?]?$/, (end) => ` (errno ${Math.abs(errno)})${end}`);

/** An error as a sentence, with the system's number for it. */
export const numberedError = (error: StepError, home: string): string => {
  const text = errorText(error, home);
  return error.errno === null ? text : numbered(text, error.errno).replace(/\) \(/, ', ');
};

const stepWords: Readonly<Record<string, string>> = {
  running: 'The command began',
  waiting: 'Waiting until it is idle',
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

const errorSteps: Readonly<Record<string, string>> = {
  preflight: 'Looking at it first',
  lock: 'Taking the lock',
  wait: 'Waiting',
  'set-aside': 'Setting it aside',
  undo: 'Putting it back',
  claim: 'Claiming it',
  delete: 'Deleting',
  recover: 'Going on with it',
};

/** Errors that are not about one of the items left: those stand there already, with the same sentence. */
export const otherErrors = ({ errors, left }: Pick<Operation, 'errors' | 'left'>): readonly StepError[] => {
  const named = new Set(left.map(({ path }) => path));
  return errors.filter(({ path }) => path === null || !named.has(path));
};

/** What was being done when an error came, in plain words. */
export const errorStep = ({ step }: Pick<StepError, 'step'>): string => errorSteps[step] ?? step;

export const verdictWords: { readonly [Name in Leftover['verdict']]: string } = {
  'in-progress': 'in progress',
  abandoned: 'abandoned',
  undoable: 'can be undone',
  odd: 'odd',
  'cannot-tell': 'cannot tell',
};
