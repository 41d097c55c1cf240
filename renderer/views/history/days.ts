import type { Operation } from '../../../shared/model.ts';

/** A line of the history: the beginning of a day, or one operation of it. */
export type Line =
  | { readonly kind: 'day'; readonly key: string; readonly title: string; readonly freed: number }
  | { readonly kind: 'operation'; readonly key: string; readonly operation: Operation };

const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];
const two = (part: number): string => String(part).padStart(2, '0');

/** A day of the person's own calendar as one word: `2026-05-12`. */
export const dayKey = (at: Date): string => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

/** Midnight `days` days later; right across changes of the clock. */
export const dayAfter = (at: Date, days: number): Date =>
  new Date(at.getFullYear(), at.getMonth(), at.getDate() + days);

/** `12 May`. */
export const shortDay = (at: Date): string => `${at.getDate()} ${(months[at.getMonth()] ?? '').slice(0, 3)}`;

/** `Today`, `Yesterday`, `12 May 2026`. */
export const dayTitle = (at: Date, now: Date): string => {
  if (dayKey(at) === dayKey(now)) return 'Today';
  if (dayKey(at) === dayKey(dayAfter(now, -1))) return 'Yesterday';
  return `${at.getDate()} ${months[at.getMonth()]} ${at.getFullYear()}`;
};

/** `09:30`. */
export const clock = (when: string): string => {
  const at = new Date(when);
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
};

/** `09:30:04`. */
export const exactClock = (when: string): string => `${clock(when)}:${two(new Date(when).getSeconds())}`;

/** One line a day, and below it its operations in the order in which they came: newest first. */
export const linesOf = (operations: readonly Operation[], now: Date): readonly Line[] => {
  const days = new Map<string, { readonly at: Date; readonly operations: Operation[] }>();
  for (const operation of operations) {
    const at = new Date(operation.startedAt);
    const day = days.get(dayKey(at)) ?? { at, operations: [] };
    day.operations.push(operation);
    days.set(dayKey(at), day);
  }
  return [...days].flatMap(([key, day]): Line[] => [
    {
      kind: 'day',
      key,
      title: dayTitle(day.at, now),
      freed: day.operations.reduce((sum, { bytes }) => sum + bytes.freed, 0),
    },
    ...day.operations.map((operation): Line => ({ kind: 'operation', key: operation.id, operation })),
  ]);
};
