import type { Operation } from '../../../shared/model.ts';
import { tellCaches } from '../cache-views.ts';
import { viewOf } from '../clear/view.ts';
import { cachesNow, type Parts } from '../parts.ts';
import { unitView } from '../sizes.ts';
import { isAlive, type Owner } from '../usage/processes.ts';
import { Pulse } from './pulse.ts';
import { tellOnce } from './tell-once.ts';

/** How often it is asked whether another process has changed the database, in ms. One pragma, in the store's thread. */
const everyMs = 250;
/** How many of the newest operations are compared. */
const newest = 200;

/** Without what is looked up on the disk each time: that changes when nobody has told anything. */
const imageOf = (operation: Operation): string => JSON.stringify({ ...operation, asidePath: null, occupied: null });

/** All that another door can change, as it was when somebody began to listen or was last told. */
interface Known {
  readonly mark: number;
  readonly operations: ReadonlyMap<string, string>;
  readonly folders: string;
  readonly settings: string;
  /** Who waits for something: a process that is killed changes nothing in the database. */
  readonly waiting: readonly Owner[];
  /** The time of the newest measurement, in ms. */
  readonly measured: number;
}

/**
 * Tells what other doors do (a clear in a terminal, a folder added in another window) as if it had been done here,
 * while somebody listens to operations. The database is what they have in common.
 */
export const otherDoorsNews = (parts: Parts): void => {
  const { store, events } = parts;
  const told = new Map<string, string>();
  const heard = new Set<string>();
  let known: Known | null = null;

  const compare = async (): Promise<void> => {
    heard.clear();
    const isAsKnown = known !== null && known.mark === (await store.changeMark());
    if (isAsKnown && known?.waiting.every((owner) => isAlive(owner) !== 'dead')) return;
    // All are asked for at once: what is read here at the start is no newer than a snapshot that is taken afterwards.
    // The mark comes first: what changes in between is found by the next look.
    const [mark, records, folders, settings, measured] = await Promise.all([
      store.changeMark(),
      store.history({ limit: newest }),
      store.folders(),
      store.settings(),
      store.measuredSince(known?.measured ?? Date.now()),
    ]);
    const before = known;
    const operations = records.map(viewOf);
    known = {
      mark,
      operations: new Map(operations.map((operation) => [operation.id, imageOf(operation)])),
      folders: JSON.stringify(folders),
      settings: JSON.stringify(settings),
      waiting: records.flatMap(({ phase, owner }) =>
        phase === 'waiting' && owner !== null && isAlive(owner) !== 'dead' ? [owner] : [],
      ),
      measured: Math.max(before?.measured ?? Date.now(), ...measured.map(({ at }) => at)),
    };
    if (before === null) return;
    // Oldest first, as they came to be.
    for (const operation of operations.toReversed()) {
      const { id } = operation;
      const image = known.operations.get(id);
      // What has been told while this was read is newer.
      if (image === before.operations.get(id) || image === told.get(id) || heard.has(id)) continue;
      events.emit('operation', operation);
    }
    if (known.settings !== before.settings) events.emit('settings', settings);
    // What is protected is a cache's problem.
    const isOther = known.folders !== before.folders || known.settings !== before.settings;
    if (isOther) await tellCaches(parts);
    await tellMeasured(new Set(measured.map(({ unit }) => unit)));
  };

  const tellMeasured = async (ids: ReadonlySet<string>): Promise<void> => {
    if (ids.size === 0 || !events.isHeard('unitMeasured')) return;
    for (const { id, units } of await cachesNow(parts)) {
      for (const unit of units) {
        if (!ids.has(unit.id)) continue;
        events.emit('unitMeasured', { cache: id, unit: unitView(unit, await parts.sizes.last(unit)) });
      }
    }
  };

  const pulse = new Pulse(everyMs, compare, tellOnce(events, 'What other windows and terminals do cannot be seen'));
  events.overhear('operation', (operation) => {
    if (!events.isHeard('operation')) return;
    told.set(operation.id, imageOf(operation));
    heard.add(operation.id);
  });
  events.whileHeard('operation', () => {
    known = null;
    told.clear();
    return pulse.start();
  });
};
