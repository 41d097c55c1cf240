import { randomBytes } from 'node:crypto';
import { CodedError } from '../../../shared/errors.ts';
import type { Identity } from '../../../shared/identity.ts';
import type { StepError } from '../../../shared/model.ts';
import type { ToolLocks } from '../catalog/tool.ts';
import { type Raw, raw } from '../fs/raw.ts';
import type { Entry, Record } from '../store/schema.ts';
import { endWait, ownerText, waitable } from './end-wait.ts';
import type { Engine } from './engine.ts';
import { type AsideNames, namesFor } from './names.ts';
import type { Pieces } from './pieces.ts';

/** One unit that is to be set aside, exactly as it was planned. */
export interface Assignment {
  readonly plan: string | null;
  readonly tool: string | null;
  readonly unit: string | null;
  /** The cache's root: what the lock stands beside. */
  readonly root: string;
  readonly parent: Raw;
  readonly name: Raw;
  readonly names: AsideNames;
  readonly identity: Identity;
  readonly born: string | null;
  readonly planned: number | null;
  /** Allocated bytes when it was last measured: what the copy takes. */
  readonly occupied: number | null;
  readonly undoWindowMs: number;
  /** A person's word that it is to be deleted whoever has it open. */
  readonly evenIfInUse?: boolean;
  /** The tool's own locks, taken while renaming. Absent: it has none. */
  readonly locks?: ToolLocks;
  /** Single things out of the unit, instead of all of it. `identity` and `born` mean nothing then. */
  readonly pieces?: Pieces;
  /** The operation that waited for this: it goes on under its own id. */
  readonly waited?: string;
  /** When that wait is over (ms since 1970): it does not begin any more then. */
  readonly waitUntil?: number;
}

/** A path cut into the folder it is in and its own name, as bytes. */
export const assignmentNames = (path: string): { readonly parent: Raw; readonly name: Raw } => {
  const bytes = raw(path);
  const cut = Math.max(bytes.lastIndexOf(0x2f), process.platform === 'win32' ? bytes.lastIndexOf(0x5c) : -1);
  return { parent: cut === 0 ? bytes.subarray(0, 1) : bytes.subarray(0, cut), name: bytes.subarray(cut + 1) };
};

/** The history's entry for a clear that begins now, or ends before it begins (`phase`). */
export const newEntry = (engine: Engine, job: Assignment, phase: Entry['phase']): Entry => {
  const at = engine.now();
  const ended = phase === 'intent' ? null : at;
  return {
    id: `o_${randomBytes(8).toString('hex')}`,
    token: job.names.token,
    plan: job.plan,
    kind: 'clear',
    parts: job.pieces?.about ?? null,
    phase,
    door: engine.door,
    tool: job.tool,
    unit: job.unit,
    parent: job.parent,
    name: job.name,
    stale: job.names.stale,
    deleting: job.names.deleting,
    identity: job.identity,
    boot: engine.self.bootId,
    born: job.born,
    owner: engine.self,
    startedAt: at,
    endedAt: ended,
    undoUntil: ended === null ? at + job.undoWindowMs : null,
    planned: job.planned,
    freed: 0,
    entries: 0,
    leftCount: 0,
    undoWindowMs: job.undoWindowMs,
    waitUntil: null,
    holders: [],
    occupied: job.occupied,
    restored: null,
    evenIfInUse: job.evenIfInUse ?? false,
  };
};

/** @throws CodedError `store-unavailable` when the history does not know it any more. */
export const readBack = async (engine: Engine, id: string): Promise<Record> => {
  const record = await engine.store.get(id);
  if (record === null) throw new CodedError({ code: 'store-unavailable', message: 'The history lost an operation.' });
  return record;
};

const nobody: Identity = { dev: 0, ino: 0 };

/**
 * Writes an operation that ends before it begins, so that refusals and empty clears are in the history too. One that
 * waited ends here, unless what is against it passes by itself: then it goes on waiting.
 */
export const recordEnd = async (
  engine: Engine,
  job: Omit<Assignment, 'names' | 'identity' | 'born' | 'occupied' | 'undoWindowMs'>,
  phase: 'refused' | 'failed' | 'nothing-to-do',
  errors: readonly StepError[],
): Promise<Record> => {
  if (job.waited !== undefined) {
    const goesOn = errors.length > 0 && errors.every(({ code }) => waitable(code));
    if (!goesOn) await endWait(engine, job.waited, phase, errors, ownerText(engine.self));
    return readBack(engine, job.waited);
  }
  const names = namesFor(job.name, engine.self.pid);
  const entry = newEntry(
    engine,
    { ...job, names, identity: nobody, born: null, occupied: null, undoWindowMs: 0 },
    phase,
  );
  await engine.store.begin(entry, { step: phase, at: entry.startedAt, note: null }, errors);
  return readBack(engine, entry.id);
};
