import { hash } from 'node:crypto';
import type { Args } from '../../shared/api.ts';
import type { EntryId, UnitId } from '../../shared/ids.ts';
import type { Entry } from '../../shared/model.ts';
import type { KnownCache, KnownUnit } from './caches.ts';
import type { Decoder } from './catalog/decoder.ts';
import type { RawEntry } from './catalog/tool.ts';

/** 16 hex digits: the same in every run for the same key of the same unit. */
export const entryHash = (unit: UnitId, key: string): string => hash('sha256', `${unit}\0${key}`, 'hex').slice(0, 16);

/** The id of the entry with that hash. */
export const entryId = (hex: string): EntryId => `e_${hex}` as EntryId;

/** Where a filter of words looks: what a person sees of an entry. Both are compared in lower case. */
export const seenText = ({ kind, name, version, url }: Pick<RawEntry, 'kind' | 'name' | 'version' | 'url'>): string =>
  `${name ?? ''}@${version ?? ''} ${name ?? ''} ${version ?? ''} ${kind} ${url ?? ''}`;

const named = (unit: KnownUnit, { key, ...entry }: RawEntry): Entry => ({
  id: entryId(entryHash(unit.id, key)),
  unit: unit.definition.name,
  ...entry,
});

/** A filter of words matches when it stands anywhere in what a person sees of an entry. */
const matcher = ({ filter, olderThanMs }: Args<'show'>, now: number) => {
  const wanted = filter?.toLowerCase();
  const before = olderThanMs === undefined ? null : new Date(now - olderThanMs).toISOString();
  return (entry: RawEntry): boolean => {
    const used = entry.lastUsed ?? entry.created;
    if (before !== null && (used === null || used >= before)) return false;
    return wanted === undefined || seenText(entry).toLowerCase().includes(wanted);
  };
};

/** The entries of a cache in the tool's own terms; `total` counts all that match, `entries` holds at most `limit`. */
export const entriesOf = async (
  decoder: Decoder,
  cache: KnownCache,
  args: Args<'show'>,
): Promise<{ readonly entries: readonly Entry[]; readonly total: number }> => {
  const matches = matcher(args, Date.now());
  const limit = args.limit ?? Number.POSITIVE_INFINITY;
  const entries: Entry[] = [];
  let total = 0;
  for (const unit of cache.units) {
    if (args.units && !args.units.includes(unit.id)) continue;
    await decoder.entries({ tool: cache.tool.id, root: cache.root, unit: unit.definition }, (batch) => {
      for (const entry of batch) {
        if (!matches(entry)) continue;
        total += 1;
        if (entries.length < limit) entries.push(named(unit, entry));
      }
    });
  }
  return { entries, total };
};
