import type { Record } from '../store/schema.ts';
import { isAlive } from '../usage/processes.ts';

/** What this process stopped working on because the journal could not be written: there it is still its owner. */
const letGo = new Set<string>();

/** This process works on an operation no more, and could not write that down. */
export const release = (id: string): void => void letGo.add(id);

/** This process works on it again. */
export const takeUp = (id: string): void => void letGo.delete(id);

/**
 * True when nobody works on it: its process has ended or handed it over, or is this one and has let go of it. Cannot
 * tell counts as somebody.
 */
export const isFree = ({ id, owner }: Record): boolean =>
  owner === null || isAlive(owner) === 'dead' || (letGo.has(id) && owner.pid === process.pid);
