import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `npm start` is made of; build/start.ts puts it together. */

const newest = (path: string): number => {
  if (!existsSync(path)) return 0;
  const stats = lstatSync(path);
  // A directory's own time tells of files that went.
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
};

/** Whether something built is absent, or older than anything that it is built from. */
export const isStale = (built: string, sources: readonly string[]): boolean =>
  !existsSync(built) || Math.max(...sources.map(newest)) > lstatSync(built).mtimeMs;

/** Where Electron's program is, by the rules of its own package; null when it has not been downloaded. */
export const electronProgram = (root: string, env: NodeJS.ProcessEnv): string | null => {
  const packaged = join(root, 'node_modules', 'electron');
  const record = join(packaged, 'path.txt');
  const name = existsSync(record) ? readFileSync(record, 'utf8') : null;
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  const program = override ? join(override, name ?? 'electron') : name === null ? null : join(packaged, 'dist', name);
  return program !== null && existsSync(program) ? program : null;
};

export interface Ended {
  /** Null: ended by a signal, or never begun. */
  readonly code: number | null;
  /** What it wrote, where that was kept. */
  readonly said: string;
  /** Whether we ended it because we were asked to end. */
  readonly stopped: boolean;
  readonly ms: number;
}

interface How {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Its words are kept (and told when it fails), or are the person's to read. */
  readonly output: 'kept' | 'shown';
  readonly limitMs?: number;
}

const signals = process.platform === 'win32' ? (['SIGINT'] as const) : (['SIGINT', 'SIGTERM', 'SIGHUP'] as const);
/** How long (ms) a program may take to end in good order. */
const graceMs = 10_000;

/**
 * Runs a program to its end. When we are asked to end, so is it, and killed when it does not. One whose words are kept
 * works for us: it is in a process group of its own, and all that it started ends with it.
 */
export const runChild = (command: string, args: readonly string[], how: How): Promise<Ended> =>
  new Promise((resolve) => {
    const began = Date.now();
    const ours = how.output === 'kept';
    const group = ours && process.platform !== 'win32';
    let said = '';
    let stopped = false;
    let kill: NodeJS.Timeout | undefined;
    const send = (signal: NodeJS.Signals): void => {
      try {
        if (group && child.pid !== undefined) process.kill(-child.pid, signal);
        else child.kill(signal);
      } catch {
        // It has ended by itself.
      }
    };
    const stop = (signal: NodeJS.Signals): void => {
      if (stopped) return;
      stopped = true;
      send(signal);
      kill = setTimeout(() => send('SIGKILL'), graceMs);
    };
    const limit = how.limitMs === undefined ? undefined : setTimeout(() => send('SIGKILL'), how.limitMs);
    const end = (code: number | null): void => {
      clearTimeout(kill);
      clearTimeout(limit);
      for (const signal of signals) process.off(signal, stop);
      if (stopped && group) send('SIGKILL');
      resolve({ code, said, stopped, ms: Date.now() - began });
    };
    // Before it runs: a signal in between would end us alone.
    for (const signal of signals) process.on(signal, stop);
    const child: ChildProcess = spawn(command, args, {
      cwd: how.cwd,
      env: how.env ?? process.env,
      stdio: ours ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      detached: group,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    child.once('error', (error) => {
      said += error.message;
      end(null);
    });
    child.once('exit', end);
  });
