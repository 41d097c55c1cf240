import { CodedError } from '../../../shared/errors.ts';
import type { Holder } from '../../../shared/model.ts';
import { leaveNote } from './hold-note.ts';
import { type CacheLock, lockHolders, takeLock } from './lock.ts';

/** One cache that is held: nobody clears it meanwhile. */
export interface HeldCache {
  readonly root: string;
  /** See `CacheLock`. */
  readonly scope: CacheLock['scope'];
  readonly network: CacheLock['network'];
}

/** Caches that this process holds together until `release`, or its death. Children do not inherit it. */
export interface Hold {
  readonly caches: readonly HeldCache[];
  release(): void;
}

export interface HoldOptions {
  /** What is run meanwhile, for who asks why a cache cannot be cleared. */
  readonly command: string;
  /** How long it waits for each clear that is under way; absent: until it is done. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** It waits for more than a second. */
  readonly onWait?: (root: string, holders: readonly Holder[]) => void;
  /** Somebody removed the lock's file and a clear came in between. */
  readonly onLost?: (root: string) => void;
}

/** How often it is looked whether the lock files are still there (ms). */
const lookEveryMs = 1000;

const refused = (root: string, stateDir: string, aborted: boolean): CodedError => {
  if (aborted) return new CodedError({ code: 'cancelled', message: 'Stopped while waiting; nothing was run.' });
  const who = lockHolders(root, stateDir)
    .map(({ command, pid }) => `${command} (process ${pid})`)
    .join('; ');
  return new CodedError({
    code: 'locked',
    path: root,
    message: `${root} is being cleared${who === '' ? '' : ` by ${who}`}, so nothing was run. Try again when it is done.`,
  });
};

/** Whoever removes a lock file lets others in: it is made and locked again as soon as that is seen. */
const keep = (locks: readonly CacheLock[], onLost: (root: string) => void): (() => void) => {
  const told = new Set<string>();
  const timer = setInterval(() => {
    for (const lock of locks) {
      if (lock.renew()) told.delete(lock.root);
      else if (!told.has(lock.root)) {
        told.add(lock.root);
        onLost(lock.root);
      }
    }
  }, lookEveryMs);
  timer.unref();
  return () => clearInterval(timer);
};

/**
 * Holds caches: until `release` no clear of any door gets at them, while others may hold them as well. They need not be
 * there yet. All of them, or none.
 * @throws CodedError `locked` when a clear takes longer than `timeoutMs`, `not-lockable`, `cancelled`.
 */
export const holdCaches = async (
  roots: readonly string[],
  stateDir: string,
  { command, timeoutMs = Number.POSITIVE_INFINITY, signal, onWait, onLost }: HoldOptions,
): Promise<Hold> => {
  const locks: CacheLock[] = [];
  const notes: (() => void)[] = [];
  const release = (): void => {
    for (const remove of notes.splice(0)) remove();
    for (const lock of locks.splice(0).reverse()) lock.release();
  };
  try {
    // In one order for all, so that two holds never wait for each other.
    for (const root of [...new Set(roots)].sort()) {
      const lock = await takeLock(root, stateDir, {
        patienceMs: timeoutMs,
        mode: 'shared',
        ...(signal && { signal }),
        onWait: () => onWait?.(root, lockHolders(root, stateDir)),
      });
      if (lock === null) throw refused(root, stateDir, signal?.aborted === true);
      locks.push(lock);
      // Linux tells who has a lock.
      if (process.platform !== 'linux') notes.push(leaveNote(root, stateDir, command));
    }
  } catch (thrown) {
    release();
    throw thrown;
  }
  const caches = locks.map(({ root, scope, network }) => ({ root, scope, network }));
  const end = keep([...locks], (root) => onLost?.(root));
  return {
    caches,
    release: () => {
      end();
      release();
    },
  };
};
