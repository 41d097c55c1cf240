import { CodedError } from '../../shared/errors.ts';
import type { Cache, Unit } from '../../shared/model.ts';
import { closedBecause, type KnownCache } from './caches.ts';
import { reader } from './fs/reader.ts';
import { cachesNow, type Parts } from './parts.ts';
import { unitView } from './sizes.ts';

/** A cache as every door shows it, with these units. */
export const cacheView = (cache: KnownCache, units: readonly Unit[]): Cache => ({
  id: cache.id,
  tool: cache.tool.id,
  name: cache.name,
  root: cache.root,
  present: cache.facts !== null && (cache.units.length > 0 || cache.tool.sharesRoot !== true),
  added: cache.added,
  because: cache.because,
  what: cache.tool.whatAt?.(cache.root, reader) ?? cache.tool.what,
  cost: cache.tool.cost,
  command: cache.tool.command,
  own: cache.tool.own === undefined || cache.added ? null : { ...cache.tool.own, line: cache.tool.own.argv.join(' ') },
  links: cache.tool.links ?? null,
  parts: cache.tool.parts !== undefined || cache.tool.hasUnitPerEntry === true,
  keeps: closedBecause(cache) === null ? cache.keeps() : [],
  problem: cache.problem,
  units,
});

/** Every cache with sizes as last measured. Walks nothing. */
export const lastViews = async (parts: Parts, known?: readonly KnownCache[]): Promise<readonly Cache[]> =>
  Promise.all(
    (known ?? (await cachesNow(parts))).map(async (cache) =>
      cacheView(
        cache,
        await Promise.all(cache.units.map(async (unit) => unitView(unit, await parts.sizes.last(unit)))),
      ),
    ),
  );

/** Tells every cache anew, if anybody wants to hear it. */
export const tellCaches = async (parts: Parts): Promise<void> => {
  if (parts.events.isHeard('caches')) parts.events.emit('caches', await lastViews(parts));
};

/** The cache with that id. @throws CodedError `unknown-target` when there is none any more. */
export const findCache = (caches: readonly KnownCache[], id: string): KnownCache => {
  const cache = caches.find((it) => it.id === id);
  if (cache) return cache;
  throw new CodedError({
    code: 'unknown-target',
    message: `There is no cache with the id ${id} any more. List them again.`,
  });
};
