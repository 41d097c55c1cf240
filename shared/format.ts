const decimal = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;
const binary = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
export type ByteUnits = 'decimal' | 'binary';

/** Bytes for people, three significant digits at most: `999 B`, `1.24 GB`, `86 MB`. Negative: a minus in front. */
export const formatBytes = (bytes: number, units: ByteUnits = 'decimal'): string => {
  if (!Number.isFinite(bytes)) return '–';
  const step = units === 'decimal' ? 1000 : 1024;
  const names = units === 'decimal' ? decimal : binary;
  const sign = bytes < 0 ? '-' : '';
  let value = Math.abs(bytes);
  let rank = 0;
  // 999.5 would be written as 1000 of its unit: it belongs to the next one.
  while (rank < names.length - 1 && (rank === 0 ? value >= step : value >= step - 0.5)) {
    value /= step;
    rank += 1;
  }
  const digits = rank === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${sign}${value.toFixed(digits)} ${names[rank]}`;
};

/** A whole number with thousands separated: `34,120`. */
export const formatCount = (count: number): string => count.toLocaleString('en-US');

const spans = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['week', 7 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** How long ago, in one unit: `3 days ago`, `just now`, `in 2 hours`. Both in ms since 1970. */
export const formatAge = (then: number, now: number): string => {
  const ms = Math.abs(now - then);
  const span = spans.find(([, length]) => ms >= length);
  if (!span) return 'just now';
  const amount = Math.floor(ms / span[1]);
  const words = `${amount} ${span[0]}${amount === 1 ? '' : 's'}`;
  return now >= then ? `${words} ago` : `in ${words}`;
};

/** A length of time in ms: `340 ms`, `1.2 s`, `3 min 5 s`, `2 h 10 min`. */
export const formatDuration = (ms: number): string => {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

const sizes: Readonly<Record<string, number>> = {
  '': 1,
  k: 1000,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  ki: 1024,
  mi: 1024 ** 2,
  gi: 1024 ** 3,
  ti: 1024 ** 4,
};

/** `500`, `10MB`, `1.5 GiB`, `200k` in bytes; null for anything else. Without an `i` they are powers of 1000. */
export const parseBytes = (text: string): number | null => {
  const match = /^(\d{1,12}(?:\.\d{1,6})?) ?([kmgt]i?)?b?$/i.exec(text.trim());
  const unit = sizes[match?.[2]?.toLowerCase() ?? ''];
  return match === null || unit === undefined ? null : Math.round(Number(match[1]) * unit);
};

const letters = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, y: 31_536_000_000 } as const;

/** `30d`, `12h`, `90s`, `2w` in ms; null for anything else. A bare number is not a length of time. */
export const parseDuration = (text: string): number | null => {
  const match = /^(\d{1,6})([smhdwy])$/.exec(text);
  if (!match) return null;
  return Number(match[1]) * letters[match[2] as keyof typeof letters];
};
