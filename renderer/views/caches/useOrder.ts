import { useState } from 'react';
import type { CacheId } from '../../../shared/ids.ts';
import type { Cache } from '../../../shared/model.ts';
import { useNow } from '../../state/connection.ts';
import { sizeOf } from '../../state/sums.ts';
import { type CacheOrder, sorted } from './condition.ts';

interface Sort {
  readonly by: CacheOrder;
  readonly descending: boolean;
}

/**
 * The order of the table. It is made anew when a person sorts, when a cache comes or goes, and as long as caches are
 * being measured for the first time; after that lines stay where they are, whatever happens to their numbers.
 */
export const useOrder = (caches: readonly Cache[], sort: Sort): readonly CacheId[] => {
  const unmeasured = caches.filter((cache) => cache.problem === null && sizeOf(cache).partly).length;
  const measuring = useNow((now) => now.measuring.size > 0);
  const reason = JSON.stringify([sort, caches.map(({ id }) => id).toSorted(), unmeasured]);
  const [held, setHeld] = useState<{ readonly reason: string; readonly order: readonly CacheId[] }>();
  if (held && held.reason === reason && (unmeasured === 0 || !measuring)) return held.order;
  const order = sorted(caches, sort.by, sort.descending).map(({ id }) => id);
  // State of the render before, not of a later one: https://react.dev/reference/react/useState#storing-information-from-previous-renders
  if (held?.reason !== reason || held.order.join() !== order.join()) setHeld({ reason, order });
  return order;
};
