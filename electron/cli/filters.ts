import type { Command } from 'commander';
import type { EntryFilter } from '../../shared/filter.ts';
import { bytesOf, durationOf } from './arguments.ts';

/** The words that say which entries are meant, as commander reads them. */
export interface FilterOptions {
  readonly filter?: string;
  readonly olderThan?: number;
  readonly largerThan?: number;
  readonly notNewest?: true;
  readonly unused?: true;
  readonly damaged?: true;
}

/** The same words wherever entries are chosen. */
export const withFilters = (command: Command): Command =>
  command
    .option('--filter <text>', 'only entries with this in their name, version or address')
    .option('--older-than <age>', 'only entries not used for so long: 90d, 12h', durationOf)
    .option('--larger-than <size>', 'only entries of more than this: 10MB, 1.5GiB', bytesOf)
    .option('--not-newest', 'only versions of which a newer one is there')
    .option('--unused', "only entries that nobody uses, by the tool's own book; none where it keeps no book")
    .option('--damaged', 'only damaged entries');

/** What these words come to; null when none was said. */
export const filterFrom = ({
  filter,
  olderThan,
  largerThan,
  notNewest,
  unused,
  damaged,
}: FilterOptions): { readonly filter?: string; readonly where: EntryFilter } | null => {
  const where: EntryFilter = {
    ...(olderThan !== undefined && { olderThanMs: olderThan }),
    ...(largerThan !== undefined && { largerThan }),
    ...(notNewest && { notNewest }),
    ...(unused && { unused }),
    ...(damaged && { damaged }),
  };
  if (filter === undefined) return Object.keys(where).length === 0 ? null : { where };
  return { filter, where };
};
