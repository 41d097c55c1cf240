import type { SQLInputValue } from 'node:sqlite';

// What SQLite gives, as what it was written from.

export const text = (value: SQLInputValue | undefined): string | null => (typeof value === 'string' ? value : null);

export const number = (value: SQLInputValue | undefined): number | null => (typeof value === 'number' ? value : null);

export const bytes = (value: SQLInputValue | undefined): Buffer => Buffer.from(value as Uint8Array);

/** Device and inode are kept as text: they may not fit a number. */
export const idNumber = (value: SQLInputValue | undefined): number | string => {
  const asNumber = Number(value);
  return Number.isSafeInteger(asNumber) ? asNumber : String(value);
};
