import { CodedError } from '../../../shared/errors.ts';
import { sameIdentity } from '../../../shared/identity.ts';
import type { StepError } from '../../../shared/model.ts';
import { isErrno } from '../fs/errno.ts';
import { DirectoryHandle, mustHaveHandles } from '../fs/handle.ts';
import { joinRaw, type Raw, showRaw } from '../fs/raw.ts';
import type { Record } from '../store/schema.ts';
import { type ClearLocks, lockForClear } from '../usage/clear-locks.ts';
import { afterErrorMs, failIntent, handlesAhead } from './aside-ends.ts';
import { type Assignment, newEntry, readBack, recordEnd } from './assignment.ts';
import { release } from './at-hand.ts';
import { ownerText } from './end-wait.ts';
import type { Engine } from './engine.ts';
import { freeNames } from './names.ts';
import { setPiecesAside } from './parts-aside.ts';
import { putBack, renameAside } from './rename-aside.ts';
import { anotherBirth } from './same.ts';
import { explainedError, stepError } from './step-error.ts';

/** How long others may keep the lock: another clear holds it for a few renames only, a tool for a short command. */
const lockPatienceMs = 10_000;

/** What was set aside by mistake is kept until a person decides: nobody agreed to its end. In ms, some ten years. */
const mistakenWindowMs = 315_576_000_000;

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

/** Whether it was renamed cannot be seen now: a recovery finds out, of any process. */
const leaveOpen = async (engine: Engine, id: string, error: StepError): Promise<Record> => {
  const patch = { owner: null, errors: [error], note: error.message };
  await engine.store.advance(id, ['intent'], 'intent', engine.now(), patch);
  return readBack(engine, id);
};

const keptAnother = (path: string, stale: Raw): string =>
  `Something else was put at ${path} at that very moment, and could not go back, since the next one stood there already. It is kept whole as ${showRaw(stale)}: look at it, and undo it beside the new one.`;

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
      if (aside === null) return await failIntent(engine, id, error);
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
        undoUntil: engine.now() + (isMeant ? Math.max(job.undoWindowMs, afterErrorMs) : mistakenWindowMs),
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
 * P1 to P3 of the protocol: lock, durable intent, one atomic rename; of single things one each (`setPiecesAside`).
 * Resolves with the operation: `set-aside`, or `refused`, `failed` or `nothing-to-do` with the thing untouched at its
 * place.
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
    return await (job.pieces === undefined
      ? underLock(engine, job, locks)
      : setPiecesAside(engine, job, job.pieces, locks));
  } finally {
    locks.release();
  }
};
