import { randomBytes } from 'node:crypto';
import { CodedError } from '../../../shared/errors.ts';
import { type Identity, sameIdentity } from '../../../shared/identity.ts';
import { renameToFree } from '../fs/exchange.ts';
import { DirectoryHandle } from '../fs/handle.ts';
import { joinRaw, type Raw, showRaw } from '../fs/raw.ts';
import type { Record } from '../store/schema.ts';
import { usageOf } from '../usage/holders.ts';
import { newEntry, readBack, recordEnd } from './assignment.ts';
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
}

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

const claimAndFinish = async (engine: Engine, order: SweepOrder, signal: AbortSignal): Promise<Record> => {
  const wished = namesFor(order.name, engine.self.pid);
  const job = {
    ...order,
    plan: null,
    unit: null,
    root: showRaw(order.parent),
    names: wished,
    occupied: order.planned,
    undoWindowMs: 0,
  };
  const shown = showRaw(joinRaw(order.parent, order.name));
  const parent = await DirectoryHandle.open(order.parent);
  try {
    const facts = await parent.look(order.name);
    if (facts === null) return await recordEnd(engine, job, 'nothing-to-do', []);
    if (!sameIdentity(facts.identity, order.identity) || anotherBirth(facts.born, order.born)) {
      const error = new CodedError({
        code: 'changed',
        path: shown,
        message: `${shown} is another one than was looked at. Look again, then decide.`,
      });
      return await recordEnd(engine, job, 'refused', [stepError('claim', error, shown)]);
    }
    const usage = (await usageOf([{ path: shown, root: null, tool: null }])).get(shown);
    if (usage?.verdict === 'in-use') {
      const message = `${shown} is still in use by ${holdersText(usage.holders)}. Clean it when that has ended.`;
      const error = new CodedError({ code: 'in-use', path: shown, message });
      return await recordEnd(engine, job, 'refused', [stepError('claim', error, shown)]);
    }
    const names = await freeNames(parent, wished, order.name, engine.self.pid);
    // Condemned already: both names are the second one, so that nothing ever takes the copy for undoable.
    const entry = {
      ...newEntry(engine, { ...job, names }, 'intent'),
      id: `o_${randomBytes(8).toString('hex')}`,
      kind: 'sweep' as const,
      stale: names.deleting,
    };
    await engine.store.begin(entry, { step: 'intent', at: entry.startedAt, note: order.evidence });
    try {
      await parent.rename(order.name, names.deleting);
      await mustBeMeant(parent, names.deleting, order);
      await parent.sync();
    } catch (thrown) {
      const error = await explainedError('claim', thrown, shown);
      await engine.store.advance(entry.id, ['intent'], 'failed', engine.now(), {
        endedAt: engine.now(),
        owner: null,
        errors: [error],
        note: error.message,
      });
      return await readBack(engine, entry.id);
    }
    return (await finish(engine, entry.id, ['intent'], { signal })) ?? (await readBack(engine, entry.id));
  } finally {
    await parent.close();
  }
};
