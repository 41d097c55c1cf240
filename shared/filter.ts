import type { Entry } from './model.ts';

/** Which entries are meant, as data: what is not said does not matter. All that is said must hold. */
export interface EntryFilter {
  /** Not used for so long, in ms; made so long ago where no use is recorded. What records neither is not meant. */
  readonly olderThanMs?: number | undefined;
  /** More bytes than this. */
  readonly largerThan?: number | undefined;
  /** A newer version of the same name and kind stands in the same unit. */
  readonly notNewest?: true | undefined;
  /** By the tool's own book nobody uses it. Where no book is kept nothing is meant: nobody can tell. */
  readonly unused?: true | undefined;
  readonly damaged?: true | undefined;
}

/** What a filter looks at; moments as ISO 8601 in UTC. */
export type Filtered = Pick<
  Entry,
  'unit' | 'kind' | 'name' | 'version' | 'bytes' | 'created' | 'lastUsed' | 'usedBy' | 'damaged'
>;

const numbers = /^\d+$/;

/** Parts of a version: runs of digits, and runs of letters; all else only separates them. */
const partsOf = (version: string): readonly string[] => version.toLowerCase().match(/\d+|[a-z]+/g) ?? [];

const comparePart = (a: string, b: string): number => {
  const [isA, isB] = [numbers.test(a), numbers.test(b)];
  if (isA && isB)
    return a.replace(/^0+(?=\d)/, '').length - b.replace(/^0+(?=\d)/, '').length || (a < b ? -1 : +(a > b));
  if (isA !== isB) return isA ? 1 : -1;
  return a < b ? -1 : +(a > b);
};

/** Words after a version that mean: before it was ready. */
const early = /^(?:a|alpha|b|beta|c|rc|pre|preview|dev|snapshot|canary|next|nightly|m|ea)$/;

/**
 * Negative when `a` is the older version. Numbers count as numbers, and `1.0.0-rc1` or `1.0b2` comes before `1.0.0`:
 * good for the versions of every tool here, exact for none of their rules in rare cases (build metadata, epochs).
 */
export const compareVersions = (a: string, b: string): number => {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const [one, other] = [left[at], right[at]];
    if (one === undefined || other === undefined) {
      const rest = one ?? other ?? '';
      const longer = early.test(rest) ? -1 : numbers.test(rest) && /^0+$/.test(rest) ? 0 : 1;
      if (longer !== 0) return one === undefined ? -longer : longer;
      continue;
    }
    const order = comparePart(one, other);
    if (order !== 0) return order;
  }
  return 0;
};

const groupOf = ({ unit, kind, name }: Filtered): string => `${unit}\0${kind}\0${name}`;

/** The newest version of each name. Every entry must have been added before the first is asked about. */
export class Newest {
  readonly #versions = new Map<string, string>();

  add(entry: Filtered): void {
    if (entry.name === null || entry.version === null) return;
    const group = groupOf(entry);
    const known = this.#versions.get(group);
    if (known === undefined || compareVersions(known, entry.version) < 0) this.#versions.set(group, entry.version);
  }

  /** False too for what has no name or version: nobody can tell. */
  hasNewer(entry: Filtered): boolean {
    if (entry.name === null || entry.version === null) return false;
    const newest = this.#versions.get(groupOf(entry));
    return newest !== undefined && compareVersions(entry.version, newest) < 0;
  }
}

/** Whether an entry is meant; `now` in ms since 1970. */
export const isMeant = (entry: Filtered, filter: EntryFilter, now: number, newest: Newest): boolean => {
  const { olderThanMs, largerThan, notNewest, unused, damaged } = filter;
  if (olderThanMs !== undefined) {
    const used = entry.lastUsed ?? entry.created;
    if (used === null || Date.parse(used) >= now - olderThanMs) return false;
  }
  if (largerThan !== undefined && (entry.bytes === null || entry.bytes <= largerThan)) return false;
  if (unused && entry.usedBy?.length !== 0) return false;
  if (damaged && entry.damaged === null) return false;
  return !notNewest || newest.hasNewer(entry);
};

/** True when it says nothing, so that every entry is meant. */
export const saysNothing = (filter: EntryFilter): boolean => Object.values(filter).every((it) => it === undefined);
