import { spawn } from 'node:child_process';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { program } from '../../support/program.ts';
import type { Box } from './box.ts';

/**
 * A person at a terminal: runs the program on one (util-linux's `script`), reads what it shows, and answers its question
 * when `onQuestion` has given the word. Resolves with the exit code and everything that stood on the screen.
 */
export const asPerson = async (
  box: Box,
  args: readonly string[],
  onQuestion: (screen: string) => string | Promise<string>,
): Promise<{ readonly code: number | null; readonly screen: string }> => {
  await box.settled();
  const quoted = [...program, ...args].map((word) => `'${word}'`).join(' ');
  // So wide that nothing of a path is cut off.
  const child = spawn('script', ['-qefc', `stty cols 900; exec ${quoted}`, '/dev/null'], {
    cwd: path.join(box.dir, 'elsewhere'),
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: box.home,
      CACHE_INSPECTOR_HOME: box.state,
      NO_COLOR: '1',
      TERM: 'dumb',
      ...box.env,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let screen = '';
  let asked = false;
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      screen += text;
      if (asked || !screen.includes('[y/N]')) return;
      asked = true;
      Promise.resolve(onQuestion(screen)).then((answer) => child.stdin.write(`${answer}\n`), reject);
    });
    child.on('close', (code) => resolve({ code, screen }));
  });
};
