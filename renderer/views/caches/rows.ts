import type { Target } from '../../../shared/api.ts';
import type { CacheId } from '../../../shared/ids.ts';
import type { Cache, Unit } from '../../../shared/model.ts';

/** A line of the table: a cache, or a unit of one that is unfolded. */
export type Row =
  | { readonly kind: 'cache'; readonly cache: Cache }
  | { readonly kind: 'unit'; readonly cache: Cache; readonly unit: Unit };

/** The lines in the order in which they are shown. Units that are not there are left out. */
export const rowsOf = (caches: readonly Cache[], open: ReadonlySet<CacheId>): readonly Row[] =>
  caches.flatMap((cache): Row[] => {
    const head: Row = { kind: 'cache', cache };
    if (!open.has(cache.id)) return [head];
    const units = cache.units
      .filter(({ present }) => present)
      .toSorted((a, b) => (b.bytes?.allocated ?? 0) - (a.bytes?.allocated ?? 0));
    return [head, ...units.map((unit): Row => ({ kind: 'unit', cache, unit }))];
  });

/** Something stands there that could be cleared. */
export const isThere = (row: Row): boolean =>
  row.kind === 'unit' ? row.unit.present : row.cache.units.some(({ present }) => present);

export const rowId = (row: Row): string => (row.kind === 'cache' ? row.cache.id : row.unit.id);

/** The targets of a clear of these lines: a cache stands for all its units. */
export const targetsOf = (rows: readonly Row[]): Target[] => {
  const whole = new Set(rows.flatMap((row) => (row.kind === 'cache' ? [row.cache.id] : [])));
  return rows.flatMap((row): Target[] => {
    if (row.kind === 'cache') return [{ cache: row.cache.id }];
    if (whole.has(row.cache.id)) return [];
    return [{ unit: row.unit.id, ...(row.unit.identity && { saw: row.unit.identity }) }];
  });
};

/** `npm's cache`, `npm’s _cacache`, `3 caches`: what is about to be cleared, in a few words. */
export const nameOf = (rows: readonly Row[]): string => {
  const [first] = rows;
  if (rows.length === 1 && first) {
    return first.kind === 'cache' ? ownName(first.cache) : `${ownName(first.cache, '')}${first.unit.name}`;
  }
  const caches = new Set(rows.map(({ cache }) => cache.id)).size;
  return rows.every(({ kind }) => kind === 'cache')
    ? `${caches} caches`
    : `${rows.length} parts of ${caches === 1 ? 'a cache' : `${caches} caches`}`;
};

/** What a cache is called: its tool, or the last part of a folder's path. */
export const titleOf = ({ tool, name, root }: Cache): string =>
  tool === 'folder' ? (root.split(/[\\/]/).findLast((part) => part !== '') ?? name) : name;

const ownName = (cache: Cache, what = 'cache'): string =>
  cache.tool === 'folder' ? `the folder ${titleOf(cache)}${what === '' ? ': ' : ''}` : `${cache.name}’s ${what}`;
