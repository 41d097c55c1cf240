import { type Raw, rawText, showRaw } from '../fs/raw.ts';
import { reader } from '../fs/reader.ts';
import { tryFlock } from '../usage/flock.ts';
import { networkType } from '../usage/lock-places.ts';
import { kernelLocks, locksOn } from '../usage/proc-locks.ts';

/** What is known of the lock of a tool at this moment. `told`: a sentence. */
export interface LockState {
  readonly state: 'free' | 'held' | 'unknown';
  readonly told: string;
}

/**
 * Is this lock file free? Looked at first; then tried for an instant without waiting, because the kernel's table does
 * not show locks of other containers. Never made, and never tried on a network file system.
 */
export const lockState = async (path: Raw): Promise<LockState> => {
  const text = rawText(path);
  const shown = showRaw(path);
  const unknown = (why: string): LockState => ({
    state: 'unknown',
    told: `whether ${shown} is held cannot be told: ${why}`,
  });
  if (text === null) return unknown('its name is no text');
  if (reader.facts(text)?.kind !== 'file') return unknown('there is no such lock file');
  const network = networkType(text);
  if (network !== null) return unknown(`a lock on ${network} says nothing about other machines`);
  const all = kernelLocks();
  const held: LockState = { state: 'held', told: `somebody holds the lock ${shown}` };
  if (all !== null && locksOn(text, all).length > 0) return held;
  const lock = await tryFlock(text);
  if (typeof lock === 'object') {
    lock.release();
    return { state: 'free', told: `nobody holds the lock ${shown}` };
  }
  return lock === 'busy' ? held : unknown('this machine or its file system has no way to try');
};
