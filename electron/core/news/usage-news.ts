import type { CacheUsage } from '../../../shared/model.ts';
import { closedBecause, type KnownCache } from '../caches.ts';
import { cachesNow, type Parts } from '../parts.ts';
import type { usageOf } from '../usage/holders.ts';
import { Pulse } from './pulse.ts';
import { tellOnce } from './tell-once.ts';

const everyMs = 5000;

const present = (caches: readonly KnownCache[]): readonly KnownCache[] =>
  caches.filter((cache) => cache.facts !== null && closedBecause(cache) === null);

/**
 * Tells who uses which cache while somebody listens: one look at all processes for all caches that are there, every
 * few seconds, and again when an operation has gone on.
 */
export const usageNews = (parts: Parts, usage: typeof usageOf): void => {
  const { events } = parts;
  let last: readonly CacheUsage[] | null = null;
  const look = async (): Promise<void> => {
    const caches = present(await cachesNow(parts));
    const places = caches.map(({ root, tool }) => ({ path: root, root, tool }));
    const found = await usage(places, { stateDir: parts.stateDir });
    last = caches.flatMap(({ id, root }) => {
      const answer = found.get(root);
      return answer === undefined ? [] : [{ cache: id, usage: answer }];
    });
    events.emit('usage', last);
  };
  const pulse = new Pulse(everyMs, look, tellOnce(events, 'Who uses a cache cannot be looked at'));
  // A second page need not wait for the next look.
  events.greet('usage', () => (last === null ? [] : [last]));
  events.whileHeard('usage', () => {
    const stop = pulse.start();
    return () => {
      stop();
      // An answer is true for its moment only.
      last = null;
    };
  });
  events.overhear('operation', () => pulse.poke());
  events.overhear('caches', () => pulse.poke());
};
