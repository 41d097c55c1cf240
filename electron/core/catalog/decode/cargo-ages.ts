import { join } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import { type Row, readTables } from './sqlite.ts';

/** When cargo last used a thing, in ms; null where its book says nothing. `path` is below the unit: `<source>/<name>`. */
export type CargoAges = (path: string) => number | null;

const sourceTables = ['registry_index', 'git_db'] as const;

/** Which table keeps which unit, and how its rows name the source they belong to (core/global_cache_tracker.rs). */
const tables = {
  'registry/index': { table: 'registry_index', source: null },
  'registry/cache': { table: 'registry_crate', source: ['registry_index', 'registry_id'] },
  'registry/src': { table: 'registry_src', source: ['registry_index', 'registry_id'] },
  'git/db': { table: 'git_db', source: null },
  'git/checkouts': { table: 'git_checkout', source: ['git_db', 'git_id'] },
} as const;

const columns = ['id', 'registry_id', 'git_id', 'name', 'timestamp'];

const isUnit = (unit: string): unit is keyof typeof tables => Object.hasOwn(tables, unit);

/** Seconds since 1970 as cargo writes them; anything else is no time. */
const msOf = ({ timestamp }: Row): number | null =>
  typeof timestamp === 'number' && timestamp > 0 ? timestamp * 1000 : null;

/**
 * What cargo noted in `.global-cache` about when it last used the parts of a unit, to five minutes. It may lag behind what
 * is there: older releases note nothing. Says null for everything where there is no such file or it cannot be read.
 */
export const cargoAges = (home: string, unit: string, read: Reader): CargoAges => {
  if (!isUnit(unit)) return () => null;
  const { table, source } = tables[unit];
  const wanted = Object.fromEntries([...sourceTables, table].map((name) => [name, columns]));
  const found = readTables(read, join(home, '.global-cache'), wanted);
  if (found === null) return () => null;
  const sources = new Map((found[source?.[0] ?? ''] ?? []).map(({ id, name }) => [id, name]));
  const ages = new Map<string, number>();
  for (const row of found[table] ?? []) {
    const ms = msOf(row);
    const prefix = source === null ? '' : `${sources.get(row[source[1]])}/`;
    if (ms !== null) ages.set(`${prefix}${row['name']}`, ms);
  }
  return (path) => ages.get(path) ?? null;
};
