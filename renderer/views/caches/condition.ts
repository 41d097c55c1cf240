import type { ErrorCode } from '../../../shared/errors.ts';
import type { CacheId, OperationId } from '../../../shared/ids.ts';
import type { Cache, Operation, Progress, Usage } from '../../../shared/model.ts';
import { sizeOf } from '../../state/sums.ts';

/** What is the case with a cache now, in the order in which it matters to a person. */
export type Condition =
  | { readonly is: 'unusable'; readonly code: ErrorCode; readonly why: string }
  /** No cache at all: only leftovers are looked for in it. */
  | { readonly is: 'project'; readonly why: string }
  | { readonly is: 'clearing'; readonly share: number | null }
  | { readonly is: 'set-aside'; readonly operation: OperationId }
  | { readonly is: 'waiting' }
  | { readonly is: 'in-use'; readonly by: string }
  | { readonly is: 'cannot-tell' }
  | { readonly is: 'measuring'; readonly entries: number }
  | { readonly is: 'idle' }
  | { readonly is: 'absent' }
  | { readonly is: 'unknown' };

interface Known {
  readonly operations: readonly Operation[];
  readonly usage: ReadonlyMap<CacheId, Usage>;
  readonly measuring: ReadonlyMap<string, Progress>;
  readonly deleting: ReadonlyMap<OperationId, Progress>;
}

const belongs = (cache: Cache, { tool, path }: Operation): boolean =>
  tool === cache.tool && cache.units.some((unit) => unit.path === path);

/** Is it anything to this machine: it is there, something is the matter with it, a person added it, or cleared it. */
export const concerns = (cache: Cache, operations: readonly Operation[]): boolean =>
  cache.present ||
  cache.added ||
  cache.problem !== null ||
  cache.units.some(({ present }) => present) ||
  operations.some((operation) => belongs(cache, operation));

/** How much of what was planned has been deleted, 0 to 1; null when it was never measured. */
export const shareDone = ({ bytes }: Operation, progress: Progress | undefined): number | null =>
  bytes.planned && progress ? Math.min(1, progress.bytes / bytes.planned) : null;

/** Says what is the case with a cache. */
export const conditionOf = (cache: Cache, now: Known): Condition => {
  if (cache.problem?.code === 'no-evidence' && cache.tool === 'project') {
    return { is: 'project', why: cache.problem.message };
  }
  if (cache.problem !== null) return { is: 'unusable', code: cache.problem.code, why: cache.problem.message };
  const own = now.operations.filter((operation) => belongs(cache, operation));
  const deleting = own.find(({ state }) => state === 'deleting');
  if (deleting) return { is: 'clearing', share: shareDone(deleting, now.deleting.get(deleting.id)) };
  const present = cache.units.some((unit) => unit.present);
  const aside = own.find(({ state }) => state === 'set-aside');
  if (aside && !present) return { is: 'set-aside', operation: aside.id };
  if (!present) return { is: 'absent' };
  const measuring = cache.units.map(({ id }) => now.measuring.get(id)).filter((it) => it !== undefined);
  if (measuring.length > 0) {
    return { is: 'measuring', entries: measuring.reduce((sum, { entries }) => sum + entries, 0) };
  }
  if (own.some(({ state, isWaited }) => state === 'waiting' && isWaited)) return { is: 'waiting' };
  const usage = now.usage.get(cache.id);
  if (usage === undefined) return { is: 'unknown' };
  const [holder] = usage.holders;
  if (usage.verdict === 'in-use') return { is: 'in-use', by: holder ? `${holder.command} (${holder.pid})` : '' };
  return { is: usage.verdict };
};

export type CacheOrder = 'name' | 'place' | 'size' | 'entries' | 'used';

const keys: { readonly [Name in CacheOrder]: (cache: Cache) => string | number | null } = {
  name: ({ name }) => name.toLowerCase(),
  place: ({ root }) => root,
  size: (cache) => sizeOf(cache).allocated,
  entries: (cache) => sizeOf(cache).files,
  used: (cache) => sizeOf(cache).lastUsed,
};

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

/** Sorted; what is not known comes last either way. Equal ones keep the order of core. */
export const sorted = (caches: readonly Cache[], by: CacheOrder, descending: boolean): readonly Cache[] => {
  const key = keys[by];
  return caches.toSorted((one, other) => {
    const [a, b] = [key(one), key(other)];
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    return descending ? compare(b, a) : compare(a, b);
  });
};

/** Every word of the search must stand somewhere in what a person sees of the cache. */
export const found = (caches: readonly Cache[], search: string): readonly Cache[] => {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return caches.filter((cache) => {
    const text = [cache.name, cache.tool, cache.root, ...cache.units.map(({ name }) => name)].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
};

/**
 * Keeps caches where they stand: those in `before` (ids) first, in that order, others behind. Numbers change while a
 * person looks; the line that they are about to click must not move.
 */
export const kept = (caches: readonly Cache[], before: readonly CacheId[]): readonly Cache[] => {
  const rank = new Map(before.map((id, at) => [id, at]));
  return caches.toSorted((a, b) => (rank.get(a.id) ?? before.length) - (rank.get(b.id) ?? before.length));
};
