import { formatAge, formatBytes, formatCount } from './format.ts';
import type { Leftover, Operation, StepError, Timestamp } from './model.ts';

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

/** What an operation was about, as one would name it: `npm/_cacache`, or its path. */
export const subjectOf = ({ tool, unit, path }: Pick<Operation, 'tool' | 'unit' | 'path'>, home: string): string =>
  tool === null
    ? place(path, home)
    : unit === null || unit === ''
      ? `${tool} (${place(path, home)})`
      : `${tool}/${unit}`;

/** An error as a sentence, with its place and its code where the sentence does not name them. */
export const errorText = ({ message, code, path }: Omit<StepError, 'step' | 'errno'>, home: string): string => {
  const where = path === null || message.includes(path) ? '' : `${place(path, home)}: `;
  return `${where}${message}${message.includes(code) ? '' : ` (${code})`}`;
};

export const verdictWords: { readonly [Name in Leftover['verdict']]: string } = {
  'in-progress': 'in progress',
  abandoned: 'abandoned',
  undoable: 'can be undone',
  odd: 'odd',
  'cannot-tell': 'cannot tell',
};
