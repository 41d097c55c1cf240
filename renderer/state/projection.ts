import type { EventName, Events } from '../../shared/api.ts';
import type { CacheId, OperationId, UnitId, ViewId } from '../../shared/ids.ts';
import type { Cache, EntryView, Notice, Operation, Progress, Snapshot, Usage } from '../../shared/model.ts';
import type { News } from '../../shared/wire.ts';

/** What core knows, as this page last heard it. Changed by news alone, never by what a person does here. */
export interface Projection extends Snapshot {
  readonly usage: ReadonlyMap<CacheId, Usage>;
  readonly measuring: ReadonlyMap<UnitId, Progress>;
  readonly deleting: ReadonlyMap<OperationId, Progress>;
  readonly views: ReadonlyMap<ViewId, EntryView>;
  readonly walking: ReadonlyMap<CacheId, Progress>;
}

export const projectionOf = (snapshot: Snapshot): Projection => ({
  ...snapshot,
  usage: new Map(),
  measuring: new Map(),
  deleting: new Map(),
  views: new Map(),
  walking: new Map(),
});

const withKey = <Key, Value>(map: ReadonlyMap<Key, Value>, key: Key, value: Value): ReadonlyMap<Key, Value> =>
  new Map(map).set(key, value);

const without = <Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): ReadonlyMap<Key, Value> => {
  if (!map.has(key)) return map;
  const rest = new Map(map);
  rest.delete(key);
  return rest;
};

const withUnit = (caches: readonly Cache[], { cache, unit }: Events['unitMeasured']): readonly Cache[] =>
  caches.map((it) => {
    if (it.id !== cache) return it;
    const known = it.units.some(({ id }) => id === unit.id);
    const units = known ? it.units.map((old) => (old.id === unit.id ? unit : old)) : [...it.units, unit];
    return { ...it, units, present: it.present || unit.present };
  });

/** Newest first, one line an operation. */
const withOperation = (operations: readonly Operation[], operation: Operation): readonly Operation[] => {
  const rest = operations.filter(({ id }) => id !== operation.id);
  const at = rest.findIndex(({ startedAt }) => startedAt <= operation.startedAt);
  return at < 0 ? [...rest, operation] : rest.toSpliced(at, 0, operation);
};

const withNotice = (notices: readonly Notice[], notice: Notice): readonly Notice[] =>
  notices.some(({ message }) => message === notice.message) ? notices : [...notices, notice];

type Reducers = { readonly [Name in EventName]: (now: Projection, news: Events[Name]) => Projection };

const reducers: Reducers = {
  unitMeasured: (now, news) => ({
    ...now,
    caches: withUnit(now.caches, news),
    measuring: without(now.measuring, news.unit.id),
  }),
  measuring: (now, { unit, progress }) => ({ ...now, measuring: withKey(now.measuring, unit, progress) }),
  operation: (now, operation) => ({
    ...now,
    operations: withOperation(now.operations, operation),
    deleting: operation.state === 'deleting' ? now.deleting : without(now.deleting, operation.id),
  }),
  deleting: (now, { operation, progress }) => ({ ...now, deleting: withKey(now.deleting, operation, progress) }),
  leftovers: (now, leftovers) => ({ ...now, leftovers }),
  notice: (now, notice) => ({ ...now, notices: withNotice(now.notices, notice) }),
  caches: (now, caches) => ({ ...now, caches }),
  settings: (now, settings) => ({ ...now, settings }),
  disk: (now, disk) => ({ ...now, disk }),
  usage: (now, usage) => ({ ...now, usage: new Map(usage.map((it) => [it.cache, it.usage])) }),
  entries: (now, view) => ({ ...now, views: withKey(now.views, view.view, view) }),
  walking: (now, { cache, progress }) => ({ ...now, walking: withKey(now.walking, cache, progress) }),
};

export const eventNames = Object.keys(reducers) as readonly EventName[];

/** What is known after a piece of news. */
export const withNews = (now: Projection, [name, news]: News): Projection =>
  (reducers[name] as (now: Projection, news: Events[EventName]) => Projection)(now, news);
