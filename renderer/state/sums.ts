import type { Cache } from '../../shared/model.ts';

/** What is known of a cache as a whole; null: none of its parts has been measured. Bytes. */
export interface Sum {
  readonly allocated: number | null;
  readonly reclaimable: number | null;
  readonly files: number | null;
  readonly lastUsed: string | null;
  /** Some part is still to be measured. */
  readonly partly: boolean;
  readonly unreadable: number;
}

/** Adds up the units of a cache. */
export const sizeOf = (cache: Cache): Sum => {
  const unmeasured = cache.units.some(({ present, bytes }) => present && bytes === null);
  // Parts that are not there are known to be empty: beside others that are not measured yet that says nothing.
  const measured = cache.units.filter(({ present, bytes }) => bytes !== null && (present || !unmeasured));
  const total = (part: (unit: (typeof measured)[number]) => number): number | null =>
    measured.length === 0 ? null : measured.reduce((sum, unit) => sum + part(unit), 0);
  return {
    allocated: total(({ bytes }) => bytes?.allocated ?? 0),
    reclaimable: total(({ bytes }) => bytes?.reclaimable ?? 0),
    files: total(({ files }) => files ?? 0),
    lastUsed: measured.reduce<string | null>(
      (newest, { lastUsed }) => (lastUsed !== null && (newest === null || lastUsed > newest) ? lastUsed : newest),
      null,
    ),
    partly: unmeasured,
    unreadable: cache.units.reduce((sum, { unreadable }) => sum + unreadable.length, 0),
  };
};
