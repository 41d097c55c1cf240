import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import type { Usage } from '../../../shared/model.ts';
import { type UseOptions, type UsePlace, usageOf } from './holders.ts';

// For tests only: real processes that do not descend from this one, and the question who uses a place.

export const has = (command: string, ...options: readonly string[]): boolean => {
  try {
    execFileSync(command, options, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** The real program, not a shell script that starts it. */
export const python = has('/usr/bin/python3', '-c', '1')
  ? '/usr/bin/python3'
  : has('python3', '-c', '1')
    ? execFileSync('python3', ['-c', 'import sys; print(sys.executable)']).toString().trim()
    : null;

export interface OutsiderOptions {
  readonly cwd?: string;
  readonly uid?: number | undefined;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts a command as somebody else would: its parent ends at once, so that it does not descend from this process.
 * Its first line of output says its number, and that it is ready. It is ended with the test.
 */
export const outsider = async (script: string, { cwd = '/', uid, env }: OutsiderOptions = {}): Promise<number> => {
  const id = uid === undefined ? {} : { uid, gid: uid };
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const parent = spawn('sh', ['-c', script], { cwd, stdio: [...stdio], ...id, ...(env && { env: { ...env } }) });
  const [output] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(output.toString().trim().split(/\s+/)[0]);
  onTestFinished(() => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // The test ended it.
    }
  });
  // Until then it does descend from this process.
  if (parent.exitCode === null) await once(parent, 'exit');
  return pid;
};

/** Starts python code that ends with a pause; it says its own number when it is ready. */
export const pythonOutsider = (code: string, options?: OutsiderOptions): Promise<number> => {
  const whole = `import os, sys, time\n${code}\nprint(os.getpid(), flush=True)\ntime.sleep(60)`;
  return outsider(`${python} -c '${whole}' &`, options);
};

/** Starts `node file …words`; the file says its number with its first line. */
export const nodeOutsider = (file: string, words: readonly string[], options?: OutsiderOptions): Promise<number> =>
  outsider(`'${process.execPath}' '${file}' ${words.map((word) => `'${word}'`).join(' ')} &`, options);

export const bare = (path: string): UsePlace => ({ path, root: null, tool: null });

/** Who uses one place. */
export const askAbout = async (place: UsePlace, options?: UseOptions): Promise<Usage> => {
  const usage = (await usageOf([place], options)).get(place.path);
  if (usage === undefined) throw new Error('no answer');
  return usage;
};
