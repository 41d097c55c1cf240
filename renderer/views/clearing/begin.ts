import type { Target } from '../../../shared/api.ts';
import type { CacheId } from '../../../shared/ids.ts';
import type { Cache } from '../../../shared/model.ts';
import { counted } from '../../../shared/words.ts';
import { client, useConnection } from '../../state/connection.ts';
import { ask, askToRun, say } from '../../state/ui.ts';
import { nameOf, type Row, targetsOf } from '../caches/rows.ts';

/**
 * Begins to clear: opens the sheet, except where the door asks the person itself or they wished not to be asked, and
 * there is nothing that they would have to know first.
 */
export const begin = async (rows: readonly Row[]): Promise<void> => {
  const title = nameOf(rows);
  const targets = targetsOf(rows);
  const { now } = useConnection.getState();
  if (now === null || targets.length === 0) return;
  const { door, settings } = now;
  if (!door.confirms && !settings.oneClick) return ask({ title, targets });
  const plan = await client.call('plan', { targets, measure: false });
  const simple = plan.ok && plan.value.usage === 'idle' && plan.value.refusals.length === 0;
  const undoable = settings.undoWindowMs > 0;
  if (!simple || (settings.oneClick && !door.confirms && !undoable)) return ask({ title, targets });
  const done = await client.call('clear', { plan: plan.value.id, evenIfInUse: false });
  if (!done.ok && done.error.code !== 'cancelled') {
    say({ key: 'clear', tone: 'bad', text: done.error.message });
  }
};

/** Begins to clear single entries: always by the sheet, where each of them can be taken out again. */
export const beginEntries = (cache: Cache, count: number, targets: readonly Target[]): void => {
  const of = nameOf([{ kind: 'cache', cache }]);
  ask({ title: `${counted(count, 'entry', 'entries')} of ${of}`, targets, of });
};

/** Begins to run the tool's own command: asks by the sheet, except where the door asks the person itself. */
export const beginOwn = async (cache: CacheId): Promise<void> => {
  if (!useConnection.getState().now?.door.confirms) return askToRun(cache);
  const begun = await client.call('runOwn', { cache });
  if (!begun.ok && begun.error.code !== 'cancelled') say({ key: 'own', tone: 'bad', text: begun.error.message });
};
