import type { ErrorCode } from '../../../shared/errors.ts';
import type { Holder, StepError } from '../../../shared/model.ts';
import { joinRaw, showRaw } from '../fs/raw.ts';
import type { Owner } from '../usage/processes.ts';
import type { Engine } from './engine.ts';
import { viewOf } from './view.ts';

/** What passes by itself, so that somebody may wait for the end of it. */
export const waitable = (code: string): boolean =>
  (['in-use', 'cannot-tell', 'locked'] satisfies readonly ErrorCode[] as readonly string[]).includes(code);

/** An owner as the journal compares it. */
export const ownerText = (owner: Owner | null): string | null => (owner === null ? null : JSON.stringify(owner));

/** Holders as part of a sentence: `npm install (process 4242, open file …); …`. */
export const holdersText = (holders: readonly Holder[]): string =>
  holders.map(({ command, pid, evidence }) => `${command} (process ${pid}, ${evidence})`).join('; ');

/**
 * Ends a wait for good, before anything was touched. False when it is no wait any more, or, with `ownedBy`, not that
 * one's: of an end, a start and a cancel at the same moment exactly one happens.
 */
export const endWait = (
  { store, now }: Engine,
  id: string,
  to: 'refused' | 'failed' | 'nothing-to-do',
  errors: readonly StepError[],
  ownedBy?: string | null,
): Promise<boolean> => {
  const at = now();
  return store.advance(id, ['waiting'], to, at, { endedAt: at, owner: null, holders: [], errors }, ownedBy);
};

/** A person's word that ends a wait, whichever process waits: that one notices at its next look. False: it is none. */
export const cancelWait = async (engine: Engine, id: string): Promise<boolean> => {
  const record = await engine.store.get(id);
  if (record?.phase !== 'waiting') return false;
  const path = showRaw(joinRaw(record.parent, record.name));
  const message = 'You stopped waiting; nothing was touched.';
  if (!(await endWait(engine, id, 'refused', [{ step: 'wait', errno: null, code: 'cancelled', path, message }])))
    return false;
  const ended = await engine.store.get(id);
  if (ended !== null) engine.changed(viewOf(ended));
  return true;
};
