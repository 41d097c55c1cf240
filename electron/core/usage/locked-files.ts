import { basename, relative } from 'node:path';
import { reader } from '../fs/reader.ts';
import { fs } from '../fs/seam.ts';
import type { Found } from './found.ts';
import { kernelLocks, locksOn } from './proc-locks.ts';
import { isContained, processFacts } from './processes.ts';
import { canonical, lockKey, type Question } from './question.ts';

/** A lock file of a cache that somebody has locked now. */
export interface LockedFile {
  readonly key: string;
  readonly bytes: string;
  readonly ino: string;
  /** What it is called in the cache. */
  readonly name: string;
  /** Who took the locks, as the kernel says: 0 when it does not name them. */
  readonly pids: readonly number[];
  readonly questions: readonly Question[];
}

/** A folder with more than this on top is not searched for lock files any further. */
const mostNames = 10_000;
const isLock = (name: string): boolean =>
  (name === '.lock' || name.endsWith('.lock')) && !name.startsWith('.cache-inspector-');

function* lockFilesOn(folder: string): Generator<void, readonly string[]> {
  const found: string[] = [];
  let seen = 0;
  for (const { name, path, kind } of reader.each(folder, 500)) {
    if (kind === 'file' && isLock(name)) found.push(path);
    seen += 1;
    if (seen === mostNames) break;
    if (seen % 500 === 0) yield;
  }
  return found;
}

function* candidates(question: Question): Generator<void, readonly string[]> {
  const { path, root, tool } = question;
  const named = root === null ? [] : (tool?.locks?.files(root, reader) ?? []);
  const own = yield* lockFilesOn(path);
  const above = root === null || root === path ? [] : yield* lockFilesOn(root);
  return [...new Set([...named, ...own, ...above])];
}

const nameIn = (root: string | null, file: string): string => {
  const inside = root === null ? '' : relative(root, file);
  return inside === '' || inside.startsWith('..') ? basename(file) : inside;
};

/**
 * The lock files of the places that are locked now, by whomever: those that the tool names, and every `.lock` and
 * `*.lock` directly in a place or in its cache. Takes no lock, opens and makes no file (/proc/locks, proc_locks(5)).
 */
export function* lockedFiles(questions: readonly Question[]): Generator<void, readonly LockedFile[]> {
  const all = kernelLocks();
  if (all === null || all.length === 0) return [];
  const files = new Map<string, Question[]>();
  for (const question of questions) {
    for (const file of yield* candidates(question)) files.set(file, [...(files.get(file) ?? []), question]);
    yield;
  }
  const locked: LockedFile[] = [];
  for (const [file, asking] of files) {
    const locks = locksOn(file, all);
    const [first] = locks;
    if (first === undefined) continue;
    locked.push({
      key: lockKey(file),
      bytes: canonical(file),
      ino: first.ino,
      name: nameIn(asking[0]?.root ?? null, file),
      pids: [...new Set(locks.map(({ pid }) => pid))],
      questions: asking,
    });
    yield;
  }
  return locked;
}

/** Has this process a lock on a file of that number? Its descriptors say so (proc_pid_fdinfo(5)); null: they cannot be read. */
const hasLock = (pid: number, ino: string): boolean | null => {
  const line = new RegExp(`^lock:.*:${ino} `, 'm');
  try {
    return fs.readdirSync(`/proc/${pid}/fdinfo`).some((fd) => {
      try {
        return line.test(fs.readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'latin1'));
      } catch {
        return false;
      }
    });
  } catch {
    return null;
  }
};

const stranger = (pid: number): string => {
  if (pid > 0 && processFacts(pid) !== 'dead') return 'a process that may not be looked at';
  return isContained() ? 'somebody outside this container' : 'a process that cannot be seen';
};

/**
 * Adds who holds the locked files to what a pass has found. The kernel names who took a lock; that process may have
 * ended and left the lock to a child, or be outside of this container. Then those that have the file open are looked
 * at, and when nobody is found, somebody unknown holds it: it is in use all the same.
 */
export function* addLockHolders(locked: readonly LockedFile[], found: Found): Generator<void> {
  for (const { key, ino, name, pids, questions } of locked) {
    const evidence = `holds the lock ${name}`;
    const tell = (pid: number, text: string, command?: string): void => {
      for (const { path } of questions) found.add(path, pid, text, command);
    };
    let unnamed: number | null = null;
    for (const pid of pids) {
      if (found.kin.has(pid)) continue;
      const has = found.table.has(pid) ? hasLock(pid, ino) : false;
      if (has === true) tell(pid, evidence);
      else if (has === null) tell(pid, `${evidence}, as the kernel says (what it has open cannot be looked at)`);
      else unnamed = pid;
      yield;
    }
    if (unnamed === null) continue;
    const heirs = found.holdersOf(key).filter((pid) => hasLock(pid, ino) !== false);
    for (const pid of heirs) tell(pid, evidence);
    yield;
    // Inherited by the shell that started this very process, for instance.
    if (heirs.length > 0 || [...found.kin].some((pid) => hasLock(pid, ino) === true)) continue;
    tell(unnamed, evidence, stranger(unnamed));
  }
}
