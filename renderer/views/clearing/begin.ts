import { client, useConnection } from '../../state/connection.ts';
import { ask, say } from '../../state/ui.ts';
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
