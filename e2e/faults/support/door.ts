import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { CallName, Client } from '../../../shared/api.ts';
import { program } from '../../support/program.ts';
import type { Box } from './box.ts';

/** The words that run a script of this folder as the program is run. */
export const scriptOf = (name: string): readonly string[] => [
  ...program.slice(0, -1),
  fileURLToPath(new URL(`./${name}.ts`, import.meta.url)),
];

/** Starts a script of this folder in the world of a row: its home, its history, its mounts. */
export const startScript = (box: Box, name: string, ...args: readonly string[]): ChildProcess => {
  const [command = '', ...rest] = [...box.namespace, ...scriptOf(name), ...args];
  const child = spawn(command, rest, {
    cwd: path.join(box.dir, 'elsewhere'),
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: box.home,
      CACHE_INSPECTOR_HOME: box.state,
      PIP_CONFIG_FILE: '/dev/null',
      ...box.env,
    },
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    killGroup(child);
  });
  return child;
};

/** Ends a script and all that it started, at once. */
export const killGroup = (child: ChildProcess): void => {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
};

export interface OpenDoor {
  readonly call: Client['call'];
  readonly child: ChildProcess;
  /** Ends it as a door ends: what runs is left to the next one. Resolves when its process has gone. */
  close(): Promise<void>;
}

/** A door of the program that stays open in a process of its own: what a page has behind it. */
export const openDoor = async (box: Box): Promise<OpenDoor> => {
  const child = startScript(box, 'open-door');
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the door has ended');
    return value;
  };
  await next();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    child,
    call: (async (name: CallName, args: unknown) => {
      child.stdin?.write(`${JSON.stringify({ name, args })}\n`);
      return JSON.parse(await next());
    }) as Client['call'],
    close: async () => {
      child.stdin?.end();
      await ended;
    },
  };
};
