import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { isRoot } from './sandbox.ts';

/** The number of a process that has ended. */
export const deadPid = (): number => spawnSync('true').pid;

/** Starts a program that goes on until the test ends. */
export const busyProcess = async (command: string, args: readonly string[], cwd?: string): Promise<number> => {
  const child = spawn(command, args, { stdio: 'ignore', ...(cwd !== undefined && { cwd }) });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  const pid = child.pid ?? 0;
  await settled(pid);
  return pid;
};

/** Its command line and the processor time it has had; null unless it waits for something. */
const atRest = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'S' ? `${readFileSync(`/proc/${pid}/cmdline`, 'latin1')} ${rest.slice(10, 12)}` : null;
  } catch {
    return null;
  }
};

/** A shell that opens files for it, and `env` that becomes it, need a moment: as long as it does anything. */
const settled = async (pid: number): Promise<void> => {
  for (let looks = 0, before: string | null = null; looks < 100; looks += 1) {
    await sleep(100);
    const now = atRest(pid);
    if (process.platform !== 'linux' || (now !== null && now === before)) return;
    before = now;
  }
};

/** The group of a process that runs; a dead one that nobody has waited for is in none. */
const groupOf = (pid: string): number => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? -1 : Number(group);
  } catch {
    return -1;
  }
};

const runs = (group: number): boolean =>
  readdirSync('/proc').some((name) => /^\d+$/.test(name) && groupOf(name) === group);

/** Kills a process that leads a group, and all of its group (the helpers that it started), and waits for their end. */
export const killGroup = async (leader: ChildProcess): Promise<void> => {
  const { pid } = leader;
  if (pid === undefined) return;
  const ended = new Promise((resolve) => {
    if (leader.exitCode !== null || leader.signalCode !== null) resolve(null);
    else leader.once('exit', resolve);
  });
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
  await ended;
  while (runs(pid)) await sleep(5);
};

const unshare = isRoot ? ['unshare', '-m'] : ['unshare', '-rm'];

/** Whether this machine lets us mount things in a namespace of our own. */
export const canMount = (): boolean => {
  const [command = '', ...args] = unshare;
  return spawnSync(command, [...args, 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
};

/** Runs what follows with these mounts, which nobody else sees: `mount --bind "$1" "$2"` with its words. */
export const withMounts = (script: string, ...words: readonly string[]): readonly string[] => [
  ...unshare,
  ...['sh', '-ec', `count=$1; shift; ${script}; shift "$count"; exec "$@"`, 'sh', String(words.length), ...words],
];
