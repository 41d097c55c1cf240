import { randomBytes } from 'node:crypto';
import { CodedError } from '../../../shared/errors.ts';
import { type Identity, sameIdentity } from '../../../shared/ids.ts';
import type { StepError } from '../../../shared/model.ts';
import type { ToolLocks } from '../catalog/tool.ts';
import { isErrno } from '../fs/errno.ts';
import { DirectoryHandle, mustHaveHandles } from '../fs/handle.ts';
import { joinRaw, type Raw, raw, showRaw } from '../fs/raw.ts';
import type { Entry, Record } from '../store/schema.ts';
import { type ClearLocks, lockForClear } from '../usage/clear-locks.ts';
import { release } from './at-hand.ts';
import { endWait, ownerText, waitable } from './end-wait.ts';
import type { Engine } from './engine.ts';
import { type AsideNames, freeNames, namesFor } from './names.ts';
import { anotherBirth } from './same.ts';
import { explainedError, stepError } from './step-error.ts';

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
  /** The operation that waited for this: it goes on under its own id. */
  readonly waited?: string;
  /** When that wait is over (ms since 1970): it does not begin any more then. */
  readonly waitUntil?: number;
}

/** How long others may keep the lock: another clear holds it for a few renames only, a tool for a short command. */
const lockPatienceMs = 10_000;

/**
 * What is opened from here to the end, starting the helper process included. Looked at first: whoever has no handles
 * left to delete with is told before anything is renamed.
 */
const handlesAhead = 8;

const nobody: Identity = { dev: 0, ino: 0 };

/** What was set aside by mistake and cannot be put back is kept for so long (ms) at least: nobody agreed to its end. */
const mistakenWindowMs = 3_600_000;

export const newEntry = (engine: Engine, job: Assignment, phase: Entry['phase']): Entry => {
  const at = engine.now();
  const ended = phase === 'intent' ? null : at;
  return {
    id: `o_${randomBytes(8).toString('hex')}`,
    token: job.names.token,
    plan: job.plan,
    kind: 'clear',
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

export const readBack = async (engine: Engine, id: string): Promise<Record> => {
  const record = await engine.store.get(id);
  if (record === null) throw new CodedError({ code: 'store-unavailable', message: 'The history lost an operation.' });
  return record;
};

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

/** P2: durable when it resolves. Null when this was waited for, and the wait has been ended by somebody else. */
const writeIntent = async (engine: Engine, job: Assignment, note: string | null): Promise<string | null> => {
  const { waited, names, identity, born, planned, occupied } = job;
  const entry = newEntry(engine, job, 'intent');
  if (waited === undefined) {
    try {
      await engine.store.begin(entry, { step: 'intent', at: entry.startedAt, note });
    } catch (thrown) {
      // It may have been written all the same.
      release(entry.id);
      throw thrown;
    }
    return entry.id;
  }
  const assignment = { ...names, identity, boot: entry.boot, born, planned };
  const patch = { assignment, occupied, undoUntil: entry.undoUntil, holders: [], ...(note !== null && { note }) };
  const self = ownerText(engine.self);
  const taken = await engine.store.advance(waited, ['waiting'], 'intent', entry.startedAt, patch, self);
  return taken ? waited : null;
};

const fail = async (engine: Engine, id: string, error: StepError): Promise<Record> => {
  await engine.store.advance(id, ['intent'], 'failed', engine.now(), {
    endedAt: engine.now(),
    owner: null,
    errors: [error],
    note: error.message,
  });
  return readBack(engine, id);
};

/** Whether it was renamed cannot be seen now: a recovery finds out, of any process. */
const leaveOpen = async (engine: Engine, id: string, error: StepError): Promise<Record> => {
  const patch = { owner: null, errors: [error], note: error.message };
  await engine.store.advance(id, ['intent'], 'intent', engine.now(), patch);
  return readBack(engine, id);
};

/**
 * P3: the rename, made durable, and the proof that what was renamed is what was meant. Whatever goes wrong after the
 * rename puts the thing back, so that it is whole at its place when this throws.
 */
const renameAside = async (parent: DirectoryHandle, name: Raw, stale: Raw, identity: Identity): Promise<void> => {
  try {
    await parent.rename(name, stale);
  } catch (thrown) {
    // A network file system can lose the reply of a rename that happened: only the inode tells.
    const isIt = async (at: Raw): Promise<boolean> => {
      const facts = await parent.look(at);
      return facts !== null && sameIdentity(facts.identity, identity);
    };
    if (!(await isIt(stale))) {
      if (!isErrno(thrown, 'ENOENT') || !(await isIt(name))) throw thrown;
      const message = 'the system said that it is gone, but it stands there: nothing was touched. Try again';
      throw new CodedError({ code: 'io', detail: 'ENOENT', message });
    }
  }
  try {
    const moved = await parent.look(stale);
    if (moved === null || !sameIdentity(moved.identity, identity)) {
      throw new CodedError({
        code: 'changed',
        message: 'Something else was put there at that very moment; it has been put back.',
      });
    }
    await parent.sync();
  } catch (thrown) {
    await putBack(parent, stale, name);
    throw thrown;
  }
};

const keptAnother = (path: string, stale: Raw): string =>
  `Something else was put at ${path} at that very moment, and could not go back, since the next one stood there already. It is kept whole as ${showRaw(stale)}: look at it, and undo it beside the new one.`;

/** Where a new one stands at its place by now, it stays aside. */
const putBack = async (parent: DirectoryHandle, stale: Raw, name: Raw): Promise<void> => {
  if ((await parent.look(name)) !== null) return;
  try {
    await parent.rename(stale, name);
  } catch (thrown) {
    if (!isErrno(thrown, 'ENOTEMPTY', 'EEXIST')) throw thrown;
  }
};

const underLock = async (engine: Engine, job: Assignment, { note }: ClearLocks): Promise<Record> => {
  const shown = showRaw(joinRaw(job.parent, job.name));
  let parent: DirectoryHandle;
  try {
    await mustHaveHandles(job.parent, handlesAhead);
    parent = await DirectoryHandle.open(job.parent);
  } catch (thrown) {
    if (isErrno(thrown, 'ENOENT')) return recordEnd(engine, job, 'nothing-to-do', []);
    return recordEnd(engine, job, 'failed', [await explainedError('preflight', thrown, shown)]);
  }
  try {
    const facts = await parent.look(job.name);
    if (facts === null) return await recordEnd(engine, job, 'nothing-to-do', []);
    if (!sameIdentity(facts.identity, job.identity) || anotherBirth(facts.born, job.born)) {
      const error = new CodedError({
        code: 'changed',
        path: shown,
        message: `${shown} was replaced since it was looked at. Look again, then decide.`,
      });
      return await recordEnd(engine, job, 'refused', [stepError('preflight', error, shown)]);
    }
    if (job.waitUntil !== undefined && job.waitUntil <= engine.now()) return await readBack(engine, job.waited ?? '');
    const names = await freeNames(parent, job.names, job.name, engine.self.pid);
    const id = await writeIntent(engine, { ...job, names }, note);
    if (id === null) return await readBack(engine, job.waited ?? '');
    try {
      await renameAside(parent, job.name, names.stale, job.identity);
    } catch (thrown) {
      const error = await explainedError('set-aside', thrown, shown);
      const aside = await parent.look(names.stale).catch(() => 'unseen' as const);
      if (aside === 'unseen') return await leaveOpen(engine, id, error);
      if (aside === null) return await fail(engine, id, error);
      // It could not be put back, since the tool made a new one: what stands aside is whole, and can be undone. By its
      // own identity, which may be that of something else than was meant.
      const { boot, born, planned, token, stale, deleting } = await readBack(engine, id);
      const isMeant = sameIdentity(aside.identity, job.identity);
      const told = isMeant ? error : { ...error, message: keptAnother(shown, joinRaw(job.parent, stale)) };
      await engine.store.advance(id, ['intent'], 'set-aside', engine.now(), {
        assignment: {
          ...{ token, stale, deleting, boot, identity: aside.identity },
          ...(isMeant ? { born, planned } : { born: null, planned: null }),
        },
        ...(!isMeant && { occupied: null }),
        undoUntil: engine.now() + Math.max(job.undoWindowMs, mistakenWindowMs),
        errors: [told],
        note: told.message,
      });
      return await readBack(engine, id);
    }
    try {
      await engine.store.advance(id, ['intent'], 'set-aside', engine.now(), {
        undoUntil: engine.now() + job.undoWindowMs,
      });
    } catch (thrown) {
      // Nobody could tell what became of it: undo the one thing that was done.
      release(id);
      await putBack(parent, names.stale, job.name);
      throw thrown;
    }
    return await readBack(engine, id);
  } finally {
    await parent.close();
  }
};

/**
 * P1 to P3 of the protocol: lock, durable intent, one atomic rename. Resolves with the operation: `set-aside`, or
 * `refused`, `failed` or `nothing-to-do` with the thing untouched at its place.
 * @throws CodedError `store-unavailable` when the intent cannot be written; nothing was touched then.
 */
export const setAside = async (engine: Engine, job: Assignment): Promise<Record> => {
  let locks: ClearLocks;
  try {
    locks = await lockForClear({
      root: job.root,
      stateDir: engine.stateDir,
      locks: job.locks,
      patienceMs: Math.min(lockPatienceMs, Math.max(0, (job.waitUntil ?? Number.POSITIVE_INFINITY) - engine.now())),
      evenIfInUse: job.evenIfInUse === true,
    });
  } catch (thrown) {
    if (!(thrown instanceof CodedError)) throw thrown;
    return recordEnd(engine, job, 'refused', [stepError('lock', thrown, job.root)]);
  }
  try {
    return await underLock(engine, job, locks);
  } finally {
    locks.release();
  }
};

export const assignmentNames = (path: string): { readonly parent: Raw; readonly name: Raw } => {
  const bytes = raw(path);
  const cut = Math.max(bytes.lastIndexOf(0x2f), process.platform === 'win32' ? bytes.lastIndexOf(0x5c) : -1);
  return { parent: cut === 0 ? bytes.subarray(0, 1) : bytes.subarray(0, cut), name: bytes.subarray(cut + 1) };
};
