import { randomBytes } from 'node:crypto';
import { CodedError } from '../../../shared/errors.ts';
import { type Identity, sameIdentity } from '../../../shared/identity.ts';
import { isErrno } from '../fs/errno.ts';
import { renameToFree } from '../fs/exchange.ts';
import { DirectoryHandle } from '../fs/handle.ts';
import { joinRaw, type Raw, showRaw } from '../fs/raw.ts';
import { holdLocks } from '../leftovers/held-locks.ts';
import type { Record } from '../store/schema.ts';
import { lockForClear } from '../usage/clear-locks.ts';
import { usageOf } from '../usage/holders.ts';
import { type Assignment, newEntry, readBack, recordEnd } from './assignment.ts';
import { holdersText } from './end-wait.ts';
import type { Engine } from './engine.ts';
import { finish } from './finish.ts';
import { freeNames, namesFor } from './names.ts';
import { anotherBirth } from './same.ts';
import { explainedError, stepError } from './step-error.ts';
import { viewOf } from './view.ts';

/** A leftover that somebody else made and that is to go, as it was looked at. */
export interface SweepOrder {
  readonly parent: Raw;
  readonly name: Raw;
  readonly identity: Identity;
  readonly born: string | null;
  readonly tool: string | null;
  readonly planned: number | null;
  readonly evidence: string;
  /** The root of the cache that it stands in: no clear of ours, and nobody's hold, may be under way there. Absent: none. */
  readonly cache?: string | null;
  /** Lock files of its tool, held from before the claim until after it. */
  readonly locks?: readonly string[];
  /** The verdict was `safe`, and rests on those locks. Else a person decided about it by its name. */
  readonly certain?: boolean;
  /** Asked under those locks: why it must stay after all, as a sentence without a full stop; null: it may go. */
  readonly again?: () => Promise<string | null>;
}

/** How long it waits for a clear of the same cache to get out of the way, in ms. */
const lockPatienceMs = 2000;

/**
 * Cleans one found leftover. The rename to a name of ours is the claim: of several that try, one gets it, and a former
 * owner that works by path finds nothing any more. It is journalled before, so a kill in between loses nothing, and
 * there is no undo: what is cleaned had been condemned by whoever set it aside.
 */
export const sweep = async (engine: Engine, order: SweepOrder, signal: AbortSignal): Promise<Record> => {
  const record = await claimAndFinish(engine, order, signal);
  engine.changed(viewOf(record));
  return record;
};

/** Something else that was put there between the look and the rename goes back, unless its name is taken again. */
const mustBeMeant = async (parent: DirectoryHandle, claimed: Raw, { name, identity, ...order }: SweepOrder) => {
  const moved = await parent.look(claimed);
  if (moved !== null && sameIdentity(moved.identity, identity)) return;
  const path = showRaw(joinRaw(order.parent, name));
  const isBack = await renameToFree(parent, claimed, name).then(
    () => true,
    () => false,
  );
  const now = isBack ? 'it has been put back' : `it stands at ${showRaw(joinRaw(order.parent, claimed))} now`;
  const message = `Something else was put at ${path} at that very moment; ${now}. Look again, then decide.`;
  throw new CodedError({ code: 'changed', path, message });
};

/** Why it must not be claimed as it stands now; null when it may. */
const objection = async (parent: DirectoryHandle, order: SweepOrder, shown: string): Promise<CodedError | null> => {
  const facts = await parent.look(order.name);
  const refuse = (code: 'changed' | 'in-use' | 'look-first', message: string) =>
    new CodedError({ code, path: shown, message });
  if (facts === null || !sameIdentity(facts.identity, order.identity) || anotherBirth(facts.born, order.born)) {
    return refuse('changed', `${shown} is another one than was looked at. Look again, then decide.`);
  }
  const usage = (await usageOf([{ path: shown, root: null, tool: null }])).get(shown);
  if (usage?.verdict === 'in-use') {
    const who = holdersText(usage.holders);
    return refuse('in-use', `${shown} is still in use by ${who}. Clean it when that has ended.`);
  }
  const news = (await order.again?.()) ?? null;
  return news === null ? null : refuse('look-first', `${shown} is left alone: ${news}. Look again, then decide.`);
};

const jobOf = (engine: Engine, order: SweepOrder): Assignment => ({
  tool: order.tool,
  parent: order.parent,
  name: order.name,
  identity: order.identity,
  born: order.born,
  planned: order.planned,
  plan: null,
  unit: null,
  root: showRaw(order.parent),
  names: namesFor(order.name, engine.self.pid),
  occupied: order.planned,
  undoWindowMs: 0,
});

/** The rename, journalled before. Gives the id of what is to be deleted now, or what has come of it. */
const claim = async (engine: Engine, parent: DirectoryHandle, order: SweepOrder): Promise<string | Record> => {
  const job = jobOf(engine, order);
  const shown = showRaw(joinRaw(order.parent, order.name));
  if ((await parent.look(order.name)) === null) return recordEnd(engine, job, 'nothing-to-do', []);
  const against = await objection(parent, order, shown);
  if (against !== null) return recordEnd(engine, job, 'refused', [stepError('claim', against, shown)]);
  const names = await freeNames(parent, job.names, order.name, engine.self.pid);
  // Condemned already: both names are the second one, so that nothing ever takes the copy for undoable.
  const entry = {
    ...newEntry(engine, { ...job, names }, 'intent'),
    id: `o_${randomBytes(8).toString('hex')}`,
    kind: 'sweep' as const,
    parts: null,
    stale: names.deleting,
  };
  await engine.store.begin(entry, { step: 'intent', at: entry.startedAt, note: order.evidence });
  try {
    await parent.rename(order.name, names.deleting);
    await mustBeMeant(parent, names.deleting, order);
    await parent.sync();
    return entry.id;
  } catch (thrown) {
    const error = await explainedError('claim', thrown, shown);
    await engine.store.advance(entry.id, ['intent'], 'failed', engine.now(), {
      endedAt: engine.now(),
      owner: null,
      errors: [error],
      note: error.message,
    });
    return readBack(engine, entry.id);
  }
};

/** Everything that keeps others off meanwhile: our own lock on its cache, then the tool's. @throws CodedError */
const lockAround = async (engine: Engine, { cache = null, locks = [], certain = false }: SweepOrder) => {
  const wish = { stateDir: engine.stateDir, locks: undefined, patienceMs: lockPatienceMs, evenIfInUse: false };
  const own =
    cache === null
      ? null
      : await lockForClear({ ...wish, root: cache }).catch((thrown: unknown) => {
          // A person decided about this one: where nothing can be locked, nobody else of ours can have locked it.
          if (!certain && thrown instanceof CodedError && thrown.code === 'not-lockable') return null;
          throw thrown;
        });
  try {
    const held = await holdLocks(locks, certain);
    return () => {
      held.release();
      own?.release();
    };
  } catch (thrown) {
    own?.release();
    throw thrown;
  }
};

const openParent = (path: Raw): Promise<DirectoryHandle | null> =>
  DirectoryHandle.open(path).catch((thrown: unknown) => {
    if (isErrno(thrown, 'ENOENT')) return null;
    throw thrown;
  });

const claimAndFinish = async (engine: Engine, order: SweepOrder, signal: AbortSignal): Promise<Record> => {
  let claimed: string | Record;
  let release: () => void;
  try {
    release = await lockAround(engine, order);
  } catch (thrown) {
    if (!(thrown instanceof CodedError)) throw thrown;
    const shown = showRaw(joinRaw(order.parent, order.name));
    return recordEnd(engine, jobOf(engine, order), 'refused', [stepError('claim', thrown, shown)]);
  }
  try {
    // Under the lock: a clear would take the folder elsewhere, whole, with what is in it.
    const parent = await openParent(order.parent);
    if (parent === null) return await recordEnd(engine, jobOf(engine, order), 'nothing-to-do', []);
    try {
      claimed = await claim(engine, parent, order);
    } finally {
      await parent.close();
    }
  } finally {
    release();
  }
  if (typeof claimed !== 'string') return claimed;
  return (await finish(engine, claimed, ['intent'], { signal })) ?? (await readBack(engine, claimed));
};
