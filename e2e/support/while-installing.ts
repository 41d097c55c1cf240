import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { type Cleared, clear } from './answers.ts';
import { dozen } from './npm-packages.ts';
import { newProject, nodeToolEnv } from './real-node-tools.ts';
import { startSlowRegistry } from './slow-registry.ts';

/** ms that each answer of the registry takes: the first of them come before the first clear is refused, the last long after. */
const slow = 2500;

export interface Asked {
  readonly codes: readonly string[];
  readonly messages: readonly string[];
}

export interface WhileInstalling {
  readonly project: string;
  /** The answers that refused, each while the install was running. */
  readonly refused: readonly Asked[];
  /** A clear when all installs had ended. */
  readonly after: Cleared;
}

const asked = ({ operations, error }: Cleared): Asked => {
  const errors = [...operations.flatMap((operation) => operation.errors), ...(error === null ? [] : [error])];
  return { codes: errors.map(({ code }) => code ?? ''), messages: errors.map(({ message }) => message) };
};

interface Install {
  readonly running: () => boolean;
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>;
}

const install = (command: string, home: string, project: string, registry: string): Install => {
  const child = spawn(command, ['install'], {
    cwd: project,
    env: nodeToolEnv(home, registry),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  let runs = true;
  const ended = new Promise<{ code: number | null; said: string }>((resolve) =>
    child.on('close', (code) => {
      runs = false;
      resolve({ code, said });
    }),
  );
  return { running: () => runs, ended };
};

/**
 * Asks the terminal door so many times to clear a cache while its tool installs from it, one install after another from
 * a slow registry. Throws when an install fails, or a clear is carried out while one runs.
 */
export const clearedWhileInstalling = async (
  home: string,
  cache: string,
  command: string,
  /** As its command line begins: a process that is just ending has no more of it. */
  name: string,
  times: number,
): Promise<WhileInstalling> => {
  const registry = await startSlowRegistry(slow);
  onTestFinished(() => registry.close());
  const named = new RegExp(`in use by (?:.*; )?${name}[ (]`);
  const refused: Asked[] = [];
  let project = '';
  let count = 0;
  for (let round = 0; count < times; round += 1) {
    project = newProject(home, dozen, `project-${round}`);
    const one = install(command, home, project, registry.url);
    // Its program has been loaded, and it asks the registry: from here on it must be seen.
    const before = registry.answered();
    while (one.running() && registry.answered() === before) await sleep(20);
    while (one.running() && count < times) {
      const answer = await clear(home, [cache, '--yes']);
      count += 1;
      const { codes, messages } = asked(answer);
      if (answer.code === 3 && messages.some((message) => named.test(message))) refused.push({ codes, messages });
      else if (one.running()) {
        const told = JSON.stringify({
          code: answer.code,
          codes,
          messages,
          states: answer.operations.map(({ state }) => state),
        });
        throw new Error(`Clear ${count} was not refused though ${command} was running: ${told}`);
      }
    }
    const { code, said } = await one.ended;
    if (code !== 0) throw new Error(`The install failed with ${code}: ${said}`);
  }
  return { project, refused, after: await clear(home, [cache, '--yes']) };
};
