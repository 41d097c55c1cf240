import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fs } from '../fs/seam.ts';

// For tests only: real processes, and a way to have one with a certain number.

export type Running = ChildProcess & { readonly pid: number };

const sleeper: readonly string[] =
  process.platform === 'win32' ? [process.execPath, '-e', 'setTimeout(() => {}, 60_000)'] : ['sleep', '60'];

/** Starts a program that is there when this resolves: by default one that does nothing. The caller ends it. */
export const running = async (...words: readonly string[]): Promise<Running> => {
  const [command = '', ...options] = words.length === 0 ? sleeper : words;
  const child = spawn(command, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child, 'spawn');
  if (child.pid === undefined) throw new Error(`${command} did not start`);
  return Object.assign(child, { pid: child.pid });
};

/** Ends a program, and waits until its number is free. */
export const ended = async (child: ChildProcess): Promise<void> => {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
};

/** The number of a process that is no more. */
export const deadPid = async (): Promise<number> => {
  const child = await running();
  await ended(child);
  return child.pid;
};

/** A program with this very number; null where numbers cannot be chosen (root may, proc(5): ns_last_pid). */
export const runningAs = async (pid: number): Promise<Running | null> => {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    try {
      fs.writeFileSync('/proc/sys/kernel/ns_last_pid', String(pid - 1));
    } catch {
      return null;
    }
    const child = await running();
    if (child.pid === pid) return child;
    await ended(child);
  }
  return null;
};

/** The number of a process that has ended under a parent that never asks for its result, and that parent. */
export const zombie = async (): Promise<{ readonly pid: number; readonly parent: Running }> => {
  // The shell starts a child, then, before that ends, becomes a program that knows nothing of it.
  const parent = await running('sh', '-c', 'sleep 0.5 & echo $!; exec sleep 60');
  if (parent.stdout === null) throw new Error('no output');
  const [output] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(output.toString());
  while (!/^State:\tZ/m.test(fs.readFileSync(`/proc/${pid}/status`, 'latin1'))) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return { pid, parent };
};

/** The number of one of this process's threads that is not the first. */
export const threadId = (): number => {
  const thread = fs.readdirSync('/proc/self/task').find((id) => id !== String(process.pid));
  if (thread === undefined) throw new Error('Node has always had threads');
  return Number(thread);
};
