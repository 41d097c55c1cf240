import type { EntryFilter } from '../../../shared/filter.ts';
import { parseDuration } from '../../../shared/format.ts';
import { counted } from '../../../shared/words.ts';

const dayMs = 86_400_000;

/** Usual lengths of time, in ms. */
export const usualAges: readonly number[] = [7, 30, 90, 180, 365].map((days) => days * dayMs);
/** Usual sizes, in bytes. */
export const usualSizes: readonly number[] = [1e6, 1e7, 1e8, 1e9];

const spans = [
  ['year', 365 * dayMs],
  ['week', 7 * dayMs],
  ['day', dayMs],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** A length of time as one says it: `90 days`, `2 weeks`, `1 year`. In ms. */
export const lengthWords = (ms: number): string => {
  const span = spans.find(([name, length]) => ms % length === 0 && (name !== 'week' || ms < 28 * dayMs));
  return span ? counted(ms / span[1], span[0]) : counted(Math.round(ms / 1000), 'second');
};

const words: Readonly<Record<string, string>> = {
  ...{ s: 's', second: 's', seconds: 's', min: 'm', minute: 'm', minutes: 'm', h: 'h', hour: 'h', hours: 'h' },
  ...{ d: 'd', day: 'd', days: 'd', w: 'w', week: 'w', weeks: 'w', y: 'y', year: 'y', years: 'y' },
};

/** `90d`, `90 days`, `2 weeks`, `90` (days) in ms; null for anything else, and for no time at all. */
export const lengthOf = (text: string): number | null => {
  const match = /^(\d{1,6})\s*([a-z]*)$/.exec(text.trim().toLowerCase());
  const unit = match?.[2] === '' ? 'd' : words[match?.[2] ?? ''];
  const ms = match && unit ? parseDuration(`${match[1]}${unit}`) : null;
  return ms === null || ms === 0 || ms > 10 * 365 * dayMs ? null : ms;
};

const factors: Readonly<Record<string, number>> = {
  ...{ b: 1, k: 1e3, kb: 1e3, m: 1e6, mb: 1e6, g: 1e9, gb: 1e9, t: 1e12, tb: 1e12 },
  ...{ kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40 },
};

/** `10 MB`, `1.5GiB`, `250` (MB) in bytes; null for anything else. */
export const sizeOf = (text: string): number | null => {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)\s*([a-z]*)$/.exec(text.trim().toLowerCase());
  const factor = match?.[2] === '' ? 1e6 : factors[match?.[2] ?? ''];
  return match && factor ? Math.round(Number(match[1]) * factor) : null;
};

/** How a filter is said. `used`: the tool records when things were used. */
export interface Saying {
  readonly used: boolean;
  readonly bytes: (value: number) => string;
}

export const ageWords = (ms: number, { used }: Pick<Saying, 'used'>): string =>
  used ? `not used for ${lengthWords(ms)}` : `made over ${lengthWords(ms)} ago`;

/** A filter as it goes on after `entries`: ` not used for 90 days, larger than 10 MB, with “react” in it`; '' for none. */
export const filterWords = (where: EntryFilter, text: string, saying: Saying): string => {
  const parts = [
    where.olderThanMs === undefined ? null : ageWords(where.olderThanMs, saying),
    where.largerThan === undefined ? null : `larger than ${saying.bytes(where.largerThan)}`,
    where.notNewest ? 'not the newest version' : null,
    where.unused ? 'used by no project' : null,
    where.damaged ? 'damaged' : null,
    text === '' ? null : `with “${text}” in it`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? '' : ` ${parts.join(', ')}`;
};
