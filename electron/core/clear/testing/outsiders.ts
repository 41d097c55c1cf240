import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

// For tests only: real processes that use a place, and that do not descend from the test.

export interface Outsider {
  readonly pid: number;
  /** Ends it; resolves when it holds nothing any more. */
  readonly leave: () => Promise<void>;
}

const runs = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const end = async (pid: number): Promise<void> => {
  if (!runs(pid)) return;
  process.kill(pid, 'SIGKILL');
  for (let tries = 0; tries < 200 && runs(pid); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
};

/** Runs a shell's words in the background; its parent ends at once. `$1`, … are what `words` says. */
const outsider = async (script: string, cwd: string, ...words: readonly string[]): Promise<Outsider> => {
  const parent = spawn('sh', ['-c', `${script} echo $!`, 'sh', ...words], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(parent, 'exit');
  const [output] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(output.toString().trim());
  onTestFinished(() => end(pid));
  // Until then it does descend from this process.
  await ended;
  return { pid, leave: () => end(pid) };
};

/** Somebody whose working directory is there. */
export const standsIn = (dir: string): Promise<Outsider> => outsider('sleep 600 >/dev/null &', dir);

/** Somebody who has that file open. */
export const hasOpen = (file: string): Promise<Outsider> =>
  outsider('sleep 600 <"$1" >/dev/null & sleep 0.1;', '/', file);

/** Somebody who opened that folder once and goes on writing into it through that, wherever it is by now. */
export const writesInto = (dir: string): Promise<Outsider> =>
  outsider(
    `sh -c 'while :; do echo lost >/proc/self/fd/9/written; sleep 0.02; done' 9<"$1" >/dev/null 2>&1 & sleep 0.1;`,
    '/',
    dir,
  );

const holdModule = new URL('../../usage/hold.ts', import.meta.url).href;

/** Somebody who holds the cache with that root, as `hold` does. */
export const holds = async (root: string, stateDir: string): Promise<Outsider> => {
  const code = `
    const { holdCaches } = await import(process.argv[1]);
    await holdCaches([process.argv[2]], process.argv[3], { command: 'test' });
    process.stdout.write('held');
    setInterval(() => undefined, 1000);
  `;
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', code, holdModule, root, stateDir],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const { pid } = child;
  if (pid === undefined) throw new Error('it did not start');
  onTestFinished(() => end(pid));
  await once(child.stdout, 'data');
  const ended = once(child, 'exit');
  return {
    pid,
    leave: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
};
