import { CodedError } from '../../shared/errors.ts';
import { findCache } from './cache-views.ts';
import { closedBecause } from './caches.ts';
import { cachesNow, type Parts, protectedNow } from './parts.ts';
import { resolveText } from './resolve.ts';
import { type Hold, type HoldOptions, holdCaches } from './usage/hold.ts';

/**
 * Holds the caches that these words name (as for a clear: an id, a tool, a unit, a path) until `release`. A unit means
 * its cache: one lock keeps clears off all of it.
 * @throws CodedError as `resolve` does for words that mean nothing; `locked`, `not-lockable`, `cancelled`.
 */
export const holdNamed = async (parts: Parts, names: readonly string[], options: HoldOptions): Promise<Hold> => {
  const caches = await cachesNow(parts);
  const places = await protectedNow(parts);
  const roots = names.map((name) => {
    const cache = findCache(caches, resolveText(name, caches, places).cache);
    const closed = closedBecause(cache);
    if (closed !== null) throw new CodedError(closed);
    return cache.root;
  });
  return holdCaches(roots, parts.stateDir, options);
};
