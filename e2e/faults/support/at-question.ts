import { spawn } from 'node:child_process';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { program } from '../../support/program.ts';
import type { Box } from './box.ts';

/**
 * A person at a terminal within the row's mounts, who says yes; `meanwhile` happens while the program waits for the
 * answer, its history open and its plan drawn. Resolves with the exit code and what stood on the screen.
 */
export const whileAsked = async (
  box: Box,
  args: readonly string[],
  meanwhile: () => void | Promise<void>,
): Promise<{ readonly code: number | null; readonly screen: string }> => {
  await box.settled();
  const quoted = [...program, ...args].map((word) => `'${word}'`).join(' ');
  const words = [...box.namespace, 'script', '-qefc', `stty cols 900; exec ${quoted}`, '/dev/null'];
  const child = spawn(words[0] ?? '', words.slice(1), {
    cwd: path.join(box.dir, 'elsewhere'),
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: box.home,
      CACHE_INSPECTOR_HOME: box.state,
      PIP_CONFIG_FILE: '/dev/null',
      NO_COLOR: '1',
      TERM: 'dumb',
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
      Promise.resolve()
        .then(meanwhile)
        .then(() => child.stdin.write('y\n'), reject);
    });
    child.on('close', (code) => resolve({ code, screen }));
  });
};
