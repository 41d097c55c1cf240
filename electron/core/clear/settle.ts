import type { Record } from '../store/schema.ts';
import { readBack } from './assignment.ts';
import { ownerText } from './end-wait.ts';
import type { Engine } from './engine.ts';
import { viewOf } from './view.ts';

/** Writes down where a recovery found an operation. Null when another process was first. */
export const settle = async (
  engine: Engine,
  record: Record,
  to: 'refused' | 'failed' | 'undone' | 'set-aside' | 'done',
  note: string,
  restored: Buffer | null = null,
): Promise<Record | null> => {
  const taken = await engine.store.advance(
    record.id,
    [record.phase],
    to,
    engine.now(),
    { owner: null, note, restored, ...(to !== 'set-aside' && { endedAt: engine.now() }) },
    ownerText(record.owner),
  );
  if (!taken) return null;
  const settled = await readBack(engine, record.id);
  engine.changed(viewOf(settled));
  return settled;
};
