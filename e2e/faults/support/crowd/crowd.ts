import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { program } from '../../../support/program.ts';
import { canUnshare, sandbox } from '../../../support/sandbox.ts';
import { type CrowdOrder, World } from './world.ts';

/** What became of a crowd. */
export interface CrowdReport {
  /** Generations that came to the unit's place. */
  readonly rounds: number;
  readonly seconds: number;
  readonly byWriter: readonly number[];
  readonly byClearer: readonly number[];
  readonly byRival: number;
  /** What the clearers were answered, all of them together. */
  readonly ends: Readonly<Record<string, number>>;
  /** Operations in the history by state, at the end. */
  readonly history: Readonly<Record<string, number>>;
  /** What two recoveries at the end still had to do. */
  readonly recovered: readonly string[];
  /** Trees that were made and not taken away exactly once. */
  readonly notExactlyOnce: readonly string[];
  readonly takenButNotDone: readonly string[];
  readonly doneButNotTaken: readonly string[];
  readonly looks: Readonly<Record<string, number>>;
  readonly torn: readonly string[];
  /** Names that were not there before. */
  readonly left: readonly string[];
}

/**
 * Eight processes that clear one unit as fast as they can, each with a door of its own on one history; two writers that
 * make it again as soon as it is gone; two readers that look what stands there. In a process namespace of their own where
 * that can be made, so that looking for holders does not mean looking at all that the machine runs besides, and there
 * in memory, so that nobody waits for a disk.
 */
export const crowd = (order: CrowdOrder): Promise<CrowdReport> => {
  const dir = sandbox();
  const world = new World(dir);
  const script = fileURLToPath(new URL('./main.ts', import.meta.url));
  const inMemory = ['sh', '-ec', 'mount -t tmpfs none "$0"; cd "$0"; exec "$@"', dir];
  const alone = canUnshare ? ['unshare', '-m', '-p', '-f', '--mount-proc', '--kill-child', ...inMemory] : [];
  const [command = '', ...rest] = [...alone, ...program.slice(0, -1), script, JSON.stringify({ dir, order, me: 0 })];
  return new Promise((resolve, reject) => {
    const child = spawn(command, rest, {
      cwd: dir,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: world.home,
        CACHE_INSPECTOR_HOME: world.state,
        PIP_CONFIG_FILE: '/dev/null',
        FAKEROOTKEY: 'sandbox',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(JSON.parse(said) as CrowdReport);
      else reject(new Error(`the crowd ended with ${code ?? signal}: ${said}`));
    });
  });
};
