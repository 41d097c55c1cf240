import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { killGroup } from './processes.ts';
import { type RunOptions, startProgram } from './program.ts';

export interface Holding {
  /** The process that holds; the command that it runs is another. */
  readonly pid: number;
  readonly child: ChildProcess;
  readonly end: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** Starts `hold … -- …` and leaves it running; resolves at once. All that it started ends with the test. */
export const startHold = (home: string, words: readonly string[], options?: RunOptions): Holding => {
  const child = startProgram(home, ['hold', ...words], options);
  onTestFinished(() => killGroup(child));
  const said = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text;
  });
  const end = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  return { pid: child.pid ?? 0, child, end, stdout: () => said.stdout, stderr: () => said.stderr };
};

/** Waits until something is so; a test's own time limit ends it. */
export const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await sleep(20);
};

/** The lock file of a cache that a hold or a clear has. */
export const lockBeside = (root: string): string =>
  join(dirname(root), `.cache-inspector-${root.split('/').at(-1)}.lock`);

/** A command that says `name` in a file when it runs, so that a test knows that the cache is held. */
export const sayAndSleep = (file: string, seconds = 300): readonly string[] => [
  'sh',
  '-c',
  `echo $$ > "$0.new"; mv "$0.new" "$0"; exec sleep ${seconds}`,
  file,
];

/** Waits for {@link sayAndSleep}; its process number. */
export const runningFrom = async (file: string): Promise<number> => {
  await until(() => existsSync(file));
  return Number(readFileSync(file, 'utf8'));
};

export const isRunning = (pid: number): boolean => spawnSync('kill', ['-0', String(pid)]).status === 0;
