import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError } from '../../../shared/errors.ts';
import type { Holder } from '../../../shared/model.ts';
import type { ToolLocks } from '../catalog/tool.ts';
import { reader } from '../fs/reader.ts';
import { type Flock, tryFlock } from './flock.ts';
import { usageOf } from './holders.ts';
import { lockingProcess } from './lock-holders.ts';
import { networkType } from './lock-places.ts';
import { kernelLocks, locksOn } from './proc-locks.ts';

/** The locks of a tool, which this process has until `release`. Its own processes wait, or say that they are locked out. */
export interface ToolLock {
  /** What could not be taken, and so was only looked at, as sentences for the history. */
  readonly notes: readonly string[];
  release(): void;
}

export interface ToolLockWish {
  /** How long it waits for whoever has one of them. */
  readonly patienceMs: number;
  /** A person said so: what cannot be had is gone without. */
  readonly evenIfInUse: boolean;
}

const lookEveryMs = 50;

const evidenceOf = (file: string): string => `holds ${file}`;

/** Who has one of these files locked now, this process aside. Null where the system does not tell. */
const lockedBy = (files: readonly string[], kind: ToolLocks['kind']): ReadonlyMap<string, readonly number[]> | null => {
  const all = kernelLocks();
  if (all === null) return null;
  const found = new Map<string, readonly number[]>();
  for (const file of files) {
    const pids = locksOn(file, all)
      .filter((lock) => lock.kind === kind && lock.pid !== process.pid)
      .map(({ pid }) => pid);
    if (pids.length > 0) found.set(file, [...new Set(pids)]);
  }
  return found;
};

/** A flock outlives who took it in whoever inherited the open file: then it is they who have it. */
const whoHas = async (file: string, pids: readonly number[]): Promise<readonly Holder[]> => {
  const holders = pids.map((pid) => lockingProcess(pid, evidenceOf(file)));
  if (holders.some(({ pid, since }) => pid === 0 || since !== null)) return holders;
  const open = (await usageOf([{ path: file, root: null, tool: null }])).get(file)?.holders ?? [];
  return open.length > 0 ? open.map((holder) => ({ ...holder, evidence: evidenceOf(file) })) : holders;
};

const inUse = async (root: string, file: string, kind: ToolLocks['kind']): Promise<CodedError> => {
  const holders = await whoHas(file, lockedBy([file], kind)?.get(file) ?? []);
  const who = holders.map(({ command, pid, evidence }) => `${command} (process ${pid}, ${evidence})`).join('; ');
  return new CodedError({
    code: 'in-use',
    path: root,
    message: `${root} is in use by ${who || `somebody who holds ${file}`}. Wait until that has ended, or say that it is to be cleared even so.`,
  });
};

const notLockable = (root: string, file: string, why: string): CodedError =>
  new CodedError({
    code: 'not-lockable',
    path: root,
    message: `The tool's own lock ${file} cannot be taken: ${why}. Make sure that nobody uses ${root}, then say that it is to be cleared even so.`,
  });

class Taking {
  readonly notes: string[] = [];
  readonly #held: Flock[] = [];

  release(): void {
    for (const lock of this.#held.splice(0).reverse()) lock.release();
  }

  /** One try for one file; false while somebody else has it. */
  async take(root: string, file: string, wish: ToolLockWish): Promise<boolean> {
    const lock = await tryFlock(file);
    if (typeof lock === 'object') {
      this.#held.push(lock);
      return true;
    }
    if (lock === 'absent') return true;
    if (lock === 'busy') return false;
    if (lock === 'not-lockable') {
      if (!wish.evenIfInUse) throw notLockable(root, file, 'its file system does not lock');
      this.notes.push(`${file} was not taken: its file system does not lock`);
      return true;
    }
    this.notes.push(`${file} was only looked at: nothing here can lock it for us`);
    return (lockedBy([file], 'flock')?.size ?? 0) === 0;
  }
}

/**
 * Takes the locks that the tool's own cleaner would take, in its order, and looks at all others; what is held by
 * somebody is waited for. Lock files are never made, and stay where they are. Nothing is taken on a network file system,
 * where a try may wait for ever.
 * @throws CodedError `in-use` with the holder's name when one is still held at the end; `not-lockable`.
 */
export const lockTool = async (root: string, locks: ToolLocks, wish: ToolLockWish): Promise<ToolLock> => {
  const until = Date.now() + (wish.evenIfInUse ? 0 : wish.patienceMs);
  const taking = new Taking();
  try {
    const taken = locks.kind === 'flock' ? locks.taken.map((name) => join(root, name)) : [];
    const others = locks.files(root, reader).filter((file) => !taken.includes(file));
    for (const file of taken.filter((it) => reader.facts(it) !== null)) {
      const network = networkType(file);
      if (network !== null) {
        const why = `${network} is a network file system, where a lock reaches this machine only`;
        if (!wish.evenIfInUse) throw notLockable(root, file, why);
        taking.notes.push(`${file} was not taken: ${why}`);
        continue;
      }
      while (!(await taking.take(root, file, wish))) {
        if (wish.evenIfInUse) {
          taking.notes.push(`${file} was held by somebody, and it was cleared even so`);
          break;
        }
        if (Date.now() >= until) throw await inUse(root, file, locks.kind);
        await sleep(lookEveryMs);
      }
    }
    for (;;) {
      const [held] = lockedBy(others, locks.kind)?.keys() ?? [];
      if (held === undefined || wish.evenIfInUse) break;
      if (Date.now() >= until) throw await inUse(root, held, locks.kind);
      await sleep(lookEveryMs);
    }
    return { notes: [...new Set(taking.notes)], release: () => taking.release() };
  } catch (thrown) {
    taking.release();
    throw thrown;
  }
};
