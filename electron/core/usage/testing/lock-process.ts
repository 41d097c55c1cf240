import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

// For tests only: processes of their own that take locks.

const lockModule = new URL('../lock.ts', import.meta.url).href;

export interface LockingChild {
  readonly pid: number;
  /** The next word that it says; undefined when it says no more. */
  readonly line: () => Promise<string | undefined>;
  readonly kill: () => Promise<void>;
  /** Lets it go on from where it waits for input. */
  readonly go: () => void;
}

/**
 * A process that runs `body` with `lockCache`, `takeLock`, `removeDeadLock`, `fs`, `root`, `state` and `say`. `through`: a command that
 * runs the one behind it (`setpriv …`).
 */
export const lockingChild = async (
  body: string,
  root: string,
  state: string,
  through: readonly string[] = [],
): Promise<LockingChild> => {
  const program = `
    import fs from 'node:fs';
    import { lockCache, removeDeadLock, takeLock } from ${JSON.stringify(lockModule)};
    const [root, state] = process.argv.slice(1);
    const say = (word) => fs.writeSync(1, word + '\\n');
    ${body}`;
  const words = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program, root, state];
  const [command = '', ...rest] = [...through, process.execPath, ...words];
  const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid ?? 0,
    line: async () => (await lines.next()).value,
    kill: async () => {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
    go: () => child.stdin.write('go\n'),
  };
};

/** Takes the lock in a mode, says `held` or `none`, and lets go on request. */
export const taker = (mode: string, patienceMs = 0): string => `
  const lock = await takeLock(root, state, { patienceMs: ${patienceMs}, mode: '${mode}' }).catch((error) => error.code);
  say(lock === null ? 'none' : typeof lock === 'string' ? lock : 'held');
  if (lock?.scope) say(lock.scope);
  process.stdin.on('data', () => { lock.release(); say('released'); });
  process.stdin.on('end', () => process.exit());`;
