import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { homeEnv } from '../../../../electron/core/clear/testing/home.ts';
import type { Said, VictimOrder } from './victim.ts';
import type { World } from './world.ts';

/** A door that has been started. */
export interface Victim {
  /** What it has said so far. */
  readonly said: readonly Said[];
  /** Resolves when it and all that it started has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
  /** Ends it, if that is still to be done. */
  readonly kill: () => void;
}

/** Whole lines; of one that was cut off nobody has heard. */
const linesOf = (text: string): readonly Said[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Said);

/** Starts a door in a world, behind the words `through`. `compiled`: where Node keeps what it has compiled. */
export const startVictim = (
  world: World,
  order: VictimOrder,
  { through = [], compiled }: { readonly through?: readonly string[]; readonly compiled: string },
): Victim => {
  const script = fileURLToPath(new URL('./victim.ts', import.meta.url));
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', script, JSON.stringify(order)];
  const [command = '', ...rest] = [...through, ...node];
  const settings = Object.entries(homeEnv(world.home)).filter(([, text]) => text !== '');
  const child = spawn(command, rest, {
    cwd: world.dir,
    // One thread for the disk: calls are counted in each thread by itself.
    env: {
      PATH: process.env['PATH'] ?? '',
      ...Object.fromEntries(settings),
      UV_THREADPOOL_SIZE: '1',
      NODE_COMPILE_CACHE: compiled,
    },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return {
    get said() {
      return linesOf(stdout);
    },
    ended: new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, stderr }));
    }),
    kill: () => {
      try {
        if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    },
  };
};
