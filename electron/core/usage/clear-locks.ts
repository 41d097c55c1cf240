import { CodedError } from '../../../shared/errors.ts';
import type { ToolLocks } from '../catalog/tool.ts';
import { type CacheLock, lockHolders, takeLock } from './lock.ts';
import { clearingNow } from './lock-holders.ts';
import { lockTool } from './tool-lock.ts';

/** All that keeps others off a cache while a part of it is renamed. */
export interface ClearLocks {
  /** What was gone without, for the history; null: nothing. */
  readonly note: string | null;
  release(): void;
}

export interface ClearLockWish {
  readonly root: string;
  readonly stateDir: string;
  /** The tool's own; undefined: it locks nothing. */
  readonly locks: ToolLocks | undefined;
  /** How long others may keep theirs (ms). */
  readonly patienceMs: number;
  /** A person said that it is to be cleared in spite of who uses it: each time anew. */
  readonly evenIfInUse: boolean;
}

const taken = ({ root, stateDir }: ClearLockWish): CodedError => {
  const holders = lockHolders(root, stateDir);
  const holds = holders.filter(({ evidence }) => evidence !== clearingNow);
  const who = (holds.length > 0 ? holds : holders)
    .map(({ command, pid, evidence }) => `${command} (process ${pid}, ${evidence})`)
    .join('; ');
  return holds.length > 0
    ? new CodedError({
        code: 'in-use',
        path: root,
        message: `${root} is in use by ${who}. Wait until that has ended, or say that it is to be cleared even so.`,
      })
    : new CodedError({
        code: 'locked',
        path: root,
        message: `Another Cache Inspector is clearing ${root} now${who === '' ? '' : `: ${who}`}. Try again when it is done.`,
      });
};

const ownLock = async (wish: ClearLockWish, notes: string[]): Promise<CacheLock | null> => {
  try {
    const lock = await takeLock(wish.root, wish.stateDir, {
      patienceMs: wish.patienceMs,
      mode: wish.evenIfInUse ? 'over-holders' : 'exclusive',
    });
    if (lock === null) throw taken(wish);
    if (lock.network !== null)
      notes.push(`the lock reaches this machine only: ${lock.network} is a network file system`);
    return lock;
  } catch (thrown) {
    if (!(thrown instanceof CodedError) || thrown.code !== 'not-lockable' || !wish.evenIfInUse) throw thrown;
    notes.push('cleared without a lock, because its place is not lockable');
    return null;
  }
};

/**
 * P1 of the protocol: this program's lock on the cache, then the tool's own.
 * @throws CodedError `in-use` with names, when a `hold` or the tool keeps it for so long; `locked` when another clear
 * does; `not-lockable` when there is no lock to be had. With `evenIfInUse` only another clear is an obstacle.
 */
export const lockForClear = async (wish: ClearLockWish): Promise<ClearLocks> => {
  const notes: string[] = [];
  const own = await ownLock(wish, notes);
  try {
    const tool =
      wish.locks === undefined
        ? null
        : await lockTool(wish.root, wish.locks, { patienceMs: wish.patienceMs, evenIfInUse: wish.evenIfInUse });
    notes.push(...(tool?.notes ?? []));
    // That may have taken a while.
    if (own?.isIntact() === false && !own.renew()) {
      tool?.release();
      throw taken(wish);
    }
    return {
      note: notes.length === 0 ? null : notes.join('; '),
      release: () => {
        tool?.release();
        own?.release();
      },
    };
  } catch (thrown) {
    own?.release();
    throw thrown;
  }
};
