import { hostname } from 'node:os';
import { isErrno } from '../fs/errno.ts';
import { fs } from '../fs/seam.ts';
import { parseStat, parseStatus } from './proc.ts';

/** What is known of a process. */
export interface ProcessFacts {
  /** One letter of proc_pid_stat(5): R, S, D, Z … */
  readonly state: string;
  /** Clock ticks since boot: with the boot id, the one thing about a process number that never comes again. */
  readonly startTicks: number;
  /** The same on the wall clock, in ms, true to about a second; null where the clocks contradict each other. */
  readonly startedMs: number | null;
  /** The program's short name, for showing. */
  readonly command: string;
  /** The process that this number belongs to: another number when `pid` is only one of its threads. */
  readonly tgid: number;
  readonly threads: number;
  /** The user whose rights it acts with. */
  readonly uid: number;
}

/** Which process did something, so that another one can tell later whether it still runs. */
export interface Owner {
  readonly pid: number;
  readonly startTicks: number | null;
  readonly bootId: string | null;
  readonly host: string;
  /** `pid:[4026531836]`: process numbers mean something inside one of these only (pid_namespaces(7)). */
  readonly pidNamespace: string | null;
}

export type Aliveness = 'alive' | 'dead' | 'unknown';

const linux = process.platform === 'linux';

const read = (path: string): string | null => {
  try {
    return fs.readFileSync(path, 'latin1');
  } catch {
    return null;
  }
};

const link = (path: string): string | null => {
  try {
    return fs.readlinkSync(path, 'latin1');
  } catch {
    return null;
  }
};

/** False where /proc is missing, or shows another pid namespace's numbers than those that `kill` takes. */
export const procIsOurs = (): boolean => linux && link('/proc/self') === String(process.pid);

/** USER_HZ is 100 wherever Node runs (proc(5), time(7)). */
const msPerTick = 10;

const wallClock = (ticks: number): number | null => {
  const seconds = /^btime (\d+)$/m.exec(read('/proc/stat') ?? '')?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000 + ticks * msPerTick;
};

/**
 * Containers with lxcfs are shown the start of the container as the time of boot, which makes every process look
 * younger than it is. Told by this very process, which cannot have begun after it began to count.
 */
const clocksAgree = (): boolean => {
  const stat = parseStat(read('/proc/self/stat') ?? '');
  const started = stat === null ? null : wallClock(stat.startTicks);
  return started !== null && started <= Date.now() - process.uptime() * 1000 + 2000;
};

/** kill(2) with signal 0: is there anything with this number? EPERM is a yes. Only ever called with a real pid. */
const answers = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isErrno(error, 'ESRCH');
  }
};

/**
 * What is known of process `pid` now: `dead`: there is none; `hidden`: there is one and the system tells no more
 * (another user's under hidepid=2, or not Linux). Zombies and thread ids have facts: see `state` and `tgid`.
 * Throws RangeError unless `pid` is a positive integer, because 0 and negative numbers mean whole groups to kill(2).
 */
export const processFacts = (pid: number): ProcessFacts | 'dead' | 'hidden' => {
  if (!Number.isSafeInteger(pid) || pid < 1) throw new RangeError(`${pid} is not a process number`);
  // Absence in /proc is no proof of death: under hidepid=2 it lacks the processes of others (proc(5)).
  if (!procIsOurs()) return answers(pid) ? 'hidden' : 'dead';
  const stat = parseStat(read(`/proc/${pid}/stat`) ?? '');
  const status = parseStatus(read(`/proc/${pid}/status`) ?? '');
  if (stat === null || status === null) return answers(pid) ? 'hidden' : 'dead';
  return {
    state: stat.state,
    startTicks: stat.startTicks,
    startedMs: clocksAgree() ? wallClock(stat.startTicks) : null,
    command: stat.command,
    tgid: status.tgid,
    threads: status.threads,
    uid: status.uids[1] ?? -1,
  };
};

/** Ended, though its parent has not asked for its result yet: it cannot work any more. */
export const isZombie = (facts: ProcessFacts): boolean =>
  // A first thread that ended while others go on is shown as a zombie too.
  (facts.state === 'Z' || facts.state === 'X') && facts.threads <= 1;

const readSelf = (): Owner => ({
  pid: process.pid,
  startTicks: procIsOurs() ? (parseStat(read('/proc/self/stat') ?? '')?.startTicks ?? null) : null,
  bootId: linux ? (read('/proc/sys/kernel/random/boot_id')?.trim() ?? null) : null,
  host: hostname(),
  pidNamespace: linux ? link('/proc/self/ns/pid') : null,
});

let me: Owner | null = null;

/** This process, for a journal. Fields that the system does not tell are null. Never throws. */
export const self = (): Owner => {
  me ??= readSelf();
  return me;
};

/** The inode of the first pid namespace: PROC_PID_INIT_INO of the kernel's include/linux/proc_ns.h. */
const firstNamespace = 'pid:[4026531836]';

/** True when processes outside of a container exist that cannot be seen from here. */
export const isContained = (): boolean => {
  const namespace = self().pidNamespace;
  return namespace !== null && namespace !== firstNamespace;
};

/**
 * Is the process that wrote `owner` still there? `unknown`: written on another host or in another pid namespace, or
 * its number is taken and nothing tells by whom. Compares start ticks inside one boot, never clocks. Never throws.
 */
export const isAlive = (owner: Owner): Aliveness => {
  const here = self();
  if (owner.host !== here.host) return 'unknown';
  if (owner.bootId !== null && here.bootId !== null && owner.bootId !== here.bootId) return 'dead';
  if (owner.pidNamespace !== here.pidNamespace || owner.bootId !== here.bootId) return 'unknown';
  if (!Number.isSafeInteger(owner.pid) || owner.pid < 1) return 'unknown';
  const facts = processFacts(owner.pid);
  if (facts === 'dead') return 'dead';
  if (facts === 'hidden' || owner.startTicks === null) return owner.pid === here.pid ? 'alive' : 'unknown';
  if (facts.startTicks !== owner.startTicks || facts.tgid !== owner.pid) return 'dead';
  return isZombie(facts) ? 'dead' : 'alive';
};
