import type { Args } from '../../shared/api.ts';
import { type EntryFilter, isMeant, Newest } from '../../shared/filter.ts';
import type { Entry } from '../../shared/model.ts';
import type { KnownCache, KnownUnit } from './caches.ts';
import type { Decoder } from './catalog/decoder.ts';
import { entryHash, entryId, seenText } from './catalog/entry-id.ts';
import type { RawEntry } from './catalog/tool.ts';

const named = (unit: KnownUnit, { key, ...entry }: RawEntry): Entry => ({
  id: entryId(entryHash(unit.id, key)),
  unit: unit.definition.name,
  ...entry,
});

/** Entries that a filter means. Those of `notNewest` are only known when all have been seen. */
class Matching {
  readonly #wanted: string | undefined;
  readonly #where: EntryFilter;
  readonly #now = Date.now();
  readonly #newest = new Newest();
  readonly #found: Entry[] = [];
  readonly #limit: number;
  #total = 0;

  constructor({ filter, where, limit }: Pick<Args<'show'>, 'filter' | 'where' | 'limit'>) {
    this.#wanted = filter?.toLowerCase();
    this.#where = where ?? {};
    this.#limit = limit ?? Number.POSITIVE_INFINITY;
  }

  add(unit: KnownUnit, entry: RawEntry): void {
    const seen = { ...entry, unit: unit.definition.name };
    const { notNewest, ...rest } = this.#where;
    this.#newest.add(seen);
    if (this.#wanted !== undefined && !seenText(entry).toLowerCase().includes(this.#wanted)) return;
    if (!isMeant(seen, rest, this.#now, this.#newest)) return;
    this.#total += 1;
    if (notNewest || this.#found.length < this.#limit) this.#found.push(named(unit, entry));
  }

  get all(): { readonly entries: readonly Entry[]; readonly total: number } {
    if (!this.#where.notNewest) return { entries: this.#found, total: this.#total };
    const old = this.#found.filter((entry) => this.#newest.hasNewer(entry));
    return { entries: old.slice(0, this.#limit), total: old.length };
  }
}

/** The entries of a cache in the tool's own terms; `total` counts all that match, `entries` holds at most `limit`. */
export const entriesOf = async (
  decoder: Decoder,
  cache: KnownCache,
  args: Args<'show'>,
): Promise<{ readonly entries: readonly Entry[]; readonly total: number }> => {
  const matching = new Matching(args);
  for (const unit of cache.units) {
    if (args.units && !args.units.includes(unit.id)) continue;
    await decoder.entries({ tool: cache.tool.id, root: cache.root, unit: unit.definition }, (batch) => {
      for (const entry of batch) matching.add(unit, entry);
    });
  }
  return matching.all;
};
