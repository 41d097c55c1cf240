import { sep } from 'node:path';
import type { Operation, OperationState, Unit } from '../../../shared/model.ts';
import { type KnownCache, type KnownUnit, unitIdOf } from '../caches.ts';
import { cachesNow, type Parts } from '../parts.ts';
import { unitView } from '../sizes.ts';
import { tellOnce } from './tell-once.ts';

/** The states after which a unit is another one than before. */
const changing: ReadonlySet<OperationState> = new Set(['set-aside', 'undone', 'done', 'partial', 'failed']);

interface Place {
  readonly cache: KnownCache;
  /** Null: the tool lists it no more, because it is gone. */
  readonly known: KnownUnit | null;
}

const placeOf = ({ tool, unit: name, path }: Operation, caches: readonly KnownCache[]): Place | null => {
  const cache = caches.find(({ tool: { id }, root }) => id === tool && `${path}${sep}`.startsWith(`${root}${sep}`));
  if (cache === undefined) return null;
  return { cache, known: cache.units.find((unit) => unit.path === path || unit.definition.name === name) ?? null };
};

const gone = (cache: KnownCache, name: string, path: string): Unit =>
  unitView({ id: unitIdOf(cache.id, name), path, definition: { name } }, null);

/**
 * Tells the unit of an operation as it is now, whichever door's operation it is: absent, with zeros, once it is set
 * aside; as last measured, and then as it is found by measuring it anew, when something stands there.
 */
export const operationNews = (parts: Parts): void => {
  const { events, sizes } = parts;
  const failed = tellOnce(events, 'What a clear has changed cannot be looked at');
  const latest = new Map<string, Operation>();
  let queue: Promise<void> = Promise.resolve();

  const tell = async (operation: Operation): Promise<void> => {
    if (operation.unit === null || !events.isHeard('unitMeasured')) return;
    const place = placeOf(operation, await cachesNow(parts));
    if (place === null) return;
    const { cache, known } = place;
    const say = (unit: Unit): void => events.emit('unitMeasured', { cache: cache.id, unit });
    if (known === null) {
      const unit = gone(cache, operation.unit, operation.path);
      if (!unit.present) say(unit);
      return;
    }
    const before = unitView(known, await sizes.last(known));
    const wasRestored = operation.state === 'undone' || operation.state === 'failed';
    // What the tool has made anew has nothing to do with what was measured before.
    if (!before.present || wasRestored) say(before);
    if (before.present && operation.state !== 'failed') say(unitView(known, await sizes.measure(known)));
  };

  const enqueue = (operation: Operation): void => {
    // One at a time, and of several states of one unit only the newest: a walk takes a while.
    const isNew = !latest.has(operation.path);
    latest.set(operation.path, operation);
    if (!isNew) return;
    queue = queue.then(async () => {
      const newest = latest.get(operation.path);
      latest.delete(operation.path);
      if (newest !== undefined) await tell(newest).catch(failed);
    });
  };

  events.overhear('operation', (operation) => {
    if (operation.unit !== null && changing.has(operation.state) && events.isHeard('unitMeasured')) enqueue(operation);
  });
};
