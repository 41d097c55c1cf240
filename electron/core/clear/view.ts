import { OperationId, PlanId } from '../../../shared/ids.ts';
import type { Operation, OperationState, StepError, Timestamp } from '../../../shared/model.ts';
import { look } from '../fs/identity.ts';
import { joinRaw, type Raw, showRaw } from '../fs/raw.ts';
import type { Phase, Record } from '../store/schema.ts';
import { isAlive, self } from '../usage/processes.ts';
import { stillIs } from './same.ts';

export const timestamp = (ms: number): Timestamp => new Date(ms).toISOString();

const states: Readonly<{ [Name in Phase]: OperationState }> = {
  waiting: 'waiting',
  running: 'running',
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

/** By inode: after a swap the copy of another operation stands under the name that this one's had. */
const standsAt = (record: Record, path: Raw): boolean => {
  try {
    return stillIs(record, look(path), self().bootId) !== null;
  } catch {
    return false;
  }
};

/** What was measured, without what is gone of it. More gone than was measured: the measurement was of another time. */
const stillTaken = ({ occupied, freed }: Record): number | null =>
  occupied === null || freed > occupied ? null : occupied - freed;

/** Where the copy of an operation that is not at its end stands now, as bytes; null when there is none. */
export const asideOf = (record: Record): Raw | null => {
  if (!['intent', 'set-aside', 'undoing', 'deleting', 'partial'].includes(record.phase)) return null;
  const places = [joinRaw(record.parent, record.deleting), joinRaw(record.parent, record.stale)];
  return places.find((path) => standsAt(record, path)) ?? null;
};

/** Said of a command of a tool's whose end nobody here saw. */
const lost: StepError = {
  step: 'command',
  errno: null,
  code: 'helper-died',
  path: null,
  message: 'This program ended before the command did, so what became of it is not known. Look at the cache again.',
};

/** An operation as every door shows it. */
export const viewOf = (record: Record): Operation => {
  const aside = asideOf(record);
  const isLost = record.phase === 'running' && (record.owner === null || isAlive(record.owner) === 'dead');
  return {
    id: OperationId.parse(record.id),
    plan: record.plan === null ? null : PlanId.parse(record.plan),
    kind: record.kind,
    parts: record.parts,
    state: isLost ? 'failed' : states[record.phase],
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
    errors: isLost ? [...record.errors, lost] : record.errors,
    asidePath: aside === null ? null : showRaw(aside),
    occupied: aside === null ? null : stillTaken(record),
    holders: ['waiting', 'set-aside'].includes(record.phase) ? record.holders : [],
    waitUntil: record.phase !== 'waiting' || record.waitUntil === null ? null : timestamp(record.waitUntil),
    isWaited: record.phase === 'waiting' && record.owner !== null && isAlive(record.owner) !== 'dead',
    restoredTo:
      record.restored === null || record.phase !== 'undone' ? null : showRaw(joinRaw(record.parent, record.restored)),
    steps: record.steps.map(({ step, at, note }) => ({ step, at: timestamp(at), note })),
  };
};
