import { CodedError } from '../../../shared/errors.ts';
import { isErrno } from '../fs/errno.ts';
import { renameToFree } from '../fs/exchange.ts';
import type { DirectoryHandle } from '../fs/handle.ts';
import { joinRaw, type Raw, raw, showRaw } from '../fs/raw.ts';
import { cutName, nameBudget } from '../leftovers/grammar.ts';
import type { Record } from '../store/schema.ts';
import type { Engine } from './engine.ts';
import { placeOf } from './undo-words.ts';

/** The day at `ms` in this machine's own time, as it stands in a name. */
const dayOf = (ms: number): string => {
  const at = new Date(ms);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
};

/** `<name>.restored-2026-05-12`, then `…-2` and so on, in at most 255 bytes: a long name is cut between characters. */
export const besideName = (name: Raw, ms: number, nth: number): Raw => {
  const suffix = raw(`.restored-${dayOf(ms)}${nth === 1 ? '' : `-${nth}`}`);
  return Buffer.concat([cutName(name, nameBudget - suffix.length), suffix]);
};

const mostTried = 1000;

/**
 * Gives a copy a free name beside what stands at its place, and never replaces anything (see `renameToFree`). The name is
 * in the journal before the rename, so that a recovery finds the copy there. Resolves with that name.
 * @throws what the system says; the copy has stayed where it was then.
 */
export const putBeside = async (engine: Engine, parent: DirectoryHandle, record: Record): Promise<Raw> => {
  for (let nth = 1; nth <= mostTried; nth += 1) {
    const name = besideName(record.name, engine.now(), nth);
    if ((await parent.look(name)) !== null) continue;
    const note = `to be put at ${showRaw(joinRaw(record.parent, name))}`;
    const mine = await engine.store.advance(record.id, ['undoing'], 'undoing', engine.now(), { restored: name, note });
    if (!mine) throw new Error('another process took an operation that this one is undoing');
    try {
      await renameToFree(parent, record.stale, name);
      return name;
    } catch (thrown) {
      if (!isErrno(thrown, 'EEXIST', 'ENOTEMPTY')) throw thrown;
    }
  }
  throw new CodedError({
    code: 'recreated',
    path: placeOf(record),
    message: `${mostTried} names beside ${placeOf(record)} are taken. Move some of them away, then undo this again.`,
  });
};
