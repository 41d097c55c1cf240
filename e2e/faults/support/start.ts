import type { ChildProcess } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { type RunOptions, startProgram } from '../../support/program.ts';
import type { Ran } from '../../support/run.ts';

export interface Started {
  readonly child: ChildProcess;
  /** Its exit code and all that it said, once it has ended. */
  readonly ended: Promise<Ran>;
}

/** Starts the program in a process group of its own, which ends with the test at the latest. */
export const startInspecting = (home: string, args: readonly string[], options: RunOptions): Started => {
  const child = startProgram(home, args, options);
  onTestFinished(() => {
    try {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ran>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, stdout, stderr: `${stderr}${signal ?? ''}` }));
  });
  return { child, ended };
};
