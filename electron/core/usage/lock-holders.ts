import type { Holder } from '../../../shared/model.ts';
import { fs } from '../fs/seam.ts';
import { shortCommand } from './command.ts';
import { holdNotes } from './hold-note.ts';
import { lockPlaces } from './lock-places.ts';
import { kernelLocks, locksOn } from './proc-locks.ts';
import { processFacts } from './processes.ts';

/** What stands behind `hold … --` on a command line, as in /proc/<pid>/cmdline; null when it is no such line. */
const heldCommand = (cmdline: Buffer): Buffer | null => {
  const words = cmdline.toString('latin1').split('\0');
  const hold = words.indexOf('hold');
  const end = hold < 0 ? -1 : words.indexOf('--', hold);
  return end < 0 ? null : Buffer.from(words.slice(end + 1).join('\0'), 'latin1');
};

const read = (path: string): Buffer => {
  try {
    return fs.readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
};

/** A process that has a lock, as a person knows it: its command and since when it runs. `pid` 0: outside of this container. */
export const lockingProcess = (pid: number, evidence: string): Holder => {
  if (pid === 0) return { pid, command: 'a process outside of this container', since: null, evidence };
  const facts = processFacts(pid);
  const known = typeof facts === 'string' ? null : facts;
  return {
    pid,
    command: shortCommand(read(`/proc/${pid}/cmdline`), known?.command ?? 'a process'),
    since: known === null || known.startedMs === null ? null : new Date(known.startedMs).toISOString(),
    evidence,
  };
};

/** The evidence of who holds it exclusively, which a clear does for a moment. */
export const clearingNow = 'clearing it now';

const holderOf = (pid: number, exclusive: boolean): Holder => {
  if (exclusive) return lockingProcess(pid, clearingNow);
  const held = pid === 0 ? null : heldCommand(read(`/proc/${pid}/cmdline`));
  if (held === null) return lockingProcess(pid, 'has its lock');
  return { ...lockingProcess(pid, 'cache-inspector hold'), command: shortCommand(held, 'a command') };
};

/**
 * Who has the lock of this cache now: commands that `hold` runs, and another Cache Inspector that renames. Looked at
 * without taking it, in /proc/locks; where there is none, by the notes that holds of the same user write. This process
 * does not count; those that started it do: whoever asks for a clear under a hold has said that it must not be cleared.
 * Takes a millisecond. Never throws.
 */
export const lockHolders = (root: string, stateDir: string): readonly Holder[] => {
  const all = kernelLocks();
  if (all === null) return holdNotes(root, stateDir);
  const exclusive = new Map<number, boolean>();
  for (const place of lockPlaces(root, stateDir)) {
    for (const { kind, pid, access } of locksOn(place, all)) {
      if (kind !== 'posix' || pid === process.pid) continue;
      exclusive.set(pid, access === 'write' || exclusive.get(pid) === true);
    }
  }
  return [...exclusive].map(([pid, isExclusive]) => holderOf(pid, isExclusive));
};
