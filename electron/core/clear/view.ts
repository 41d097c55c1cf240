import { OperationId, PlanId } from '../../../shared/ids.ts';
import type { Operation, OperationState, Timestamp } from '../../../shared/model.ts';
import { look } from '../fs/identity.ts';
import { joinRaw, type Raw, showRaw } from '../fs/raw.ts';
import type { Phase, Record } from '../store/schema.ts';
import { isAlive } from '../usage/processes.ts';

export const timestamp = (ms: number): Timestamp => new Date(ms).toISOString();

const states: Readonly<{ [Name in Phase]: OperationState }> = {
  waiting: 'waiting',
  // Only an operation that is just beginning, or that died there, is in this phase: nothing has been done.
  intent: 'failed',
  'set-aside': 'set-aside',
  undoing: 'set-aside',
  deleting: 'deleting',
  done: 'done',
  partial: 'partial',
  refused: 'refused',
  failed: 'failed',
  undone: 'undone',
  'nothing-to-do': 'nothing-to-do',
};

const present = (path: Raw): boolean => {
  try {
    return look(path) !== null;
  } catch {
    return false;
  }
};

/** Where the copy of an operation that is not at its end stands now, as bytes; null when there is none. */
export const asideOf = (record: Record): Raw | null => {
  if (!['intent', 'set-aside', 'undoing', 'deleting', 'partial'].includes(record.phase)) return null;
  const places = [joinRaw(record.parent, record.deleting), joinRaw(record.parent, record.stale)];
  return places.find(present) ?? null;
};

/** An operation as every door shows it. */
export const viewOf = (record: Record): Operation => {
  const aside = asideOf(record);
  return {
    id: OperationId.parse(record.id),
    plan: record.plan === null ? null : PlanId.parse(record.plan),
    kind: record.kind,
    state: states[record.phase],
    tool: record.tool,
    unit: record.unit,
    path: showRaw(joinRaw(record.parent, record.name)),
    door: record.door,
    startedAt: timestamp(record.startedAt),
    endedAt: record.endedAt === null ? null : timestamp(record.endedAt),
    undoUntil: record.undoUntil === null || record.phase !== 'set-aside' ? null : timestamp(record.undoUntil),
    bytes: { planned: record.planned, freed: record.freed },
    entriesDeleted: record.entries,
    left: record.left,
    leftCount: record.leftCount,
    errors: record.errors,
    asidePath: aside === null ? null : showRaw(aside),
    occupied: aside === null || record.occupied === null ? null : Math.max(0, record.occupied - record.freed),
    holders: ['waiting', 'set-aside'].includes(record.phase) ? record.holders : [],
    waitUntil: record.phase !== 'waiting' || record.waitUntil === null ? null : timestamp(record.waitUntil),
    isWaited: record.phase === 'waiting' && record.owner !== null && isAlive(record.owner) !== 'dead',
    restoredTo:
      record.restored === null || record.phase !== 'undone' ? null : showRaw(joinRaw(record.parent, record.restored)),
    steps: record.steps.map(({ step, at, note }) => ({ step, at: timestamp(at), note })),
  };
};
