import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError } from '../../../shared/errors.ts';
import { systemError } from '../fs/errno.ts';
import { makeOwnDirectory } from '../fs/own-files.ts';
import { reader } from '../fs/reader.ts';
import { unavailable } from '../store/unavailable.ts';
import { type FileLock, type LockMode, lockFile } from './lock-file.ts';
import { lockFolder, lockPlaces, networkType } from './lock-places.ts';

export type { LockMode } from './lock-file.ts';
export { lockHolders } from './lock-holders.ts';
export { lockPlaces } from './lock-places.ts';

/** The lock of one cache, which this process has until `release` or its death. */
export interface CacheLock {
  readonly root: string;
  /** The widest of its files: the one beside the cache, where there is one. */
  readonly path: string;
  /** `this user only`: no file can be made or opened beside the cache, so that other users do not meet this lock. */
  readonly scope: 'this machine' | 'this user only';
  /** The type of a file system that other machines use as well, and do not see this lock; else null. */
  readonly network: string | null;
  /** False when a file of it was removed or replaced: who comes now may not meet it any more. */
  isIntact(): boolean;
  /** Takes again what was removed, and what could not be made before. False when that cannot be done now. */
  renew(): boolean;
  release(): void;
}

/** Anybody who gets to the folder may lock, as with uv's own lock; in our own folder it is this user alone. */
const rightsBeside = 0o666;
const rightsOwn = 0o600;

/** After so many attempts that found it taken it is tried whether the place locks at all. */
const doubtful = 5;

const notLockable = (root: string, path: string): CodedError =>
  new CodedError({
    code: 'not-lockable',
    path: root,
    message:
      `Files in ${dirname(path)} are not lockable, so nothing can keep others off ${root} meanwhile: its file system ` +
      'does not do that, or this user may not. Make sure that nobody uses it, then say that it is to be cleared even so.',
  });

/**
 * Some file systems answer ENOLCK, which SQLite cannot tell from a lock of somebody else. A file of a name that nobody
 * else knows is nobody else's.
 */
const locksAtAll = (path: string): boolean => {
  const probe = lockFile(`${path}.${randomBytes(6).toString('hex')}`, 'exclusive', rightsOwn);
  if (typeof probe === 'object') probe.release();
  return probe !== 'busy' && probe !== 'not-lockable';
};

/**
 * Tries once to get both places: the own one, which all doors of this user reach, then the one beside the cache. Gives
 * the path that somebody else has, else the lock.
 */
const attempt = (root: string, stateDir: string, mode: LockMode): CacheLock | string => {
  const [beside, own] = lockPlaces(root, stateDir);
  const places = [
    { path: own, rights: rightsOwn },
    { path: beside, rights: rightsBeside },
  ];
  const held = new Map<string, FileLock>();
  const release = (): void => {
    for (const lock of [...held.values()].reverse()) lock.release();
    held.clear();
  };
  for (const { path, rights } of places) {
    const lock = lockFile(path, mode, rights);
    if (typeof lock === 'object') held.set(path, lock);
    else if (lock !== 'unusable') {
      release();
      if (lock === 'busy') return path;
      throw notLockable(root, path);
    }
  }
  if (held.size === 0) throw notLockable(root, own);
  return {
    root,
    get network() {
      return networkType(dirname(root));
    },
    get path() {
      return held.has(beside) ? beside : own;
    },
    get scope() {
      return held.has(beside) ? 'this machine' : 'this user only';
    },
    isIntact: () => [...held.values()].every((lock) => lock.isIntact()),
    renew: () =>
      places.every(({ path, rights }) => {
        const before = held.get(path);
        if (before?.isIntact()) return true;
        before?.release();
        const lock = lockFile(path, mode, rights);
        if (typeof lock === 'object') held.set(path, lock);
        else held.delete(path);
        return typeof lock === 'object' || (lock === 'unusable' && before === undefined);
      }),
    release,
  };
};

export interface LockWish {
  /** How long it waits for whoever has it; Infinity: until they let go. */
  readonly patienceMs: number;
  readonly mode: LockMode;
  readonly signal?: AbortSignal;
  /** Called once, when it has to wait for more than `tellAfterMs`. */
  readonly onWait?: () => void;
}

const tellAfterMs = 1000;

/**
 * Takes the lock of a cache; null when others keep it for so long, or when it is aborted. The cache need not be there.
 * @throws CodedError `store-unavailable` when this program's own folder cannot be made, `not-lockable` when its file system does not lock, or when a lock file can be made nowhere.
 */
export const takeLock = async (root: string, stateDir: string, wish: LockWish): Promise<CacheLock | null> => {
  const start = Date.now();
  try {
    makeOwnDirectory(lockFolder(stateDir));
  } catch (thrown) {
    // Where not even that can be made nothing can be written down either.
    const message = systemError(thrown)?.message ?? String(thrown);
    throw unavailable({ message, errcode: null }, stateDir);
  }
  let told = false;
  for (let found = 1; ; found += 1) {
    const lock = attempt(root, stateDir, wish.mode);
    if (typeof lock === 'object') return lock;
    if (found === doubtful && !locksAtAll(lock)) throw notLockable(root, lock);
    const waited = Date.now() - start;
    if (waited >= wish.patienceMs || wish.signal?.aborted) return null;
    if (!told && waited >= tellAfterMs) {
      told = true;
      wish.onWait?.();
    }
    await sleep(5 + Math.random() * (waited < tellAfterMs ? 20 : 100));
  }
};

/** Takes the lock of a cache exclusively, as a clear does. */
export const lockCache = (root: string, stateDir: string, patienceMs: number): Promise<CacheLock | null> =>
  takeLock(root, stateDir, { patienceMs, mode: 'exclusive' });

/** Removes the lock files that a killed process left, if nobody holds them. */
export const removeDeadLock = (root: string, stateDir: string): void => {
  const [beside, own] = lockPlaces(root, stateDir);
  for (const [path, rights] of [
    [own, rightsOwn],
    [beside, rightsBeside],
  ] as const) {
    if (reader.facts(path) === null) continue;
    const lock = lockFile(path, 'exclusive', rights);
    if (typeof lock === 'object') lock.release();
  }
};
