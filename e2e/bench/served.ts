import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentWithout } from '../support/run.ts';
import { type LoopReport, reportVariable } from './loop-watch.ts';

const top = fileURLToPath(new URL('../..', import.meta.url));
const watcher = new URL('./loop-watch.ts', import.meta.url).href;

/** What of this machine's environment would change what the program sees. */
const ofThisMachine = /^(npm_|PIP_|XDG_|NODE_OPTIONS$|NODE_ENV$|VIRTUAL_ENV$|CACHE_INSPECTOR_)/i;

/** The program as it runs for a browser, with a home of its own. */
export interface ServedHere {
  readonly url: URL;
  readonly pid: number;
  /** Stops it as Ctrl-C does; how its event loop fared. */
  stop(): Promise<LoopReport>;
}

const environment = (home: string): Readonly<Record<string, string>> =>
  environmentWithout(ofThisMachine, {
    HOME: home,
    CACHE_INSPECTOR_HOME: join(home, 'state'),
    PIP_CONFIG_FILE: '/dev/null',
    npm_config_globalconfig: join(home, 'global-npmrc'),
    // Else Yarn, started by root, has its cache outside of every home.
    FAKEROOTKEY: 'sandbox',
  });

const program = [join(top, 'build', 'launch.cjs'), 'electron/cli/main.ts'];

/** `serve` with that home, its event loop watched from the moment at which it can be visited. */
export const serveHome = async (home: string): Promise<ServedHere> => {
  const report = join(home, 'loop.json');
  const child = spawn(process.execPath, [...program, 'serve', '--no-open'], {
    cwd: home,
    env: {
      ...environment(home),
      NODE_OPTIONS: `--import=${watcher}`,
      [reportVariable]: report,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', resolve);
    child.once('exit', (code) => reject(new Error(`serve ended with code ${code}`)));
  });
  const began = Date.now();
  return {
    url: new URL(line.split('\n')[0] ?? ''),
    pid: child.pid ?? 0,
    stop: async () => {
      const until = Date.now();
      child.kill('SIGINT');
      await ended;
      const { blocks, collections, longestDelayMs } = JSON.parse(readFileSync(report, 'utf8')) as LoopReport;
      const meanwhile = ({ at }: { readonly at: number }): boolean => at > began && at < until;
      return { blocks: blocks.filter(meanwhile), collections: collections.filter(meanwhile), longestDelayMs };
    },
  };
};

/**
 * A process beside it that does nothing, to compare with: when its timers are late, the machine makes them so. Ends
 * with the function that it resolves to.
 */
export const doNothing = async (home: string): Promise<() => Promise<LoopReport>> => {
  const report = join(home, 'nothing.json');
  const rest = "process.stdin.resume().on('end', () => process.exit()); process.stdout.write('on\\n')";
  const child = spawn(process.execPath, [`--import=${watcher}`, '-e', rest], {
    env: { ...environment(home), [reportVariable]: report },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('exit', (code) => reject(new Error(`it ended with code ${code}`)));
  });
  return async () => {
    child.stdin.end();
    await ended;
    return JSON.parse(readFileSync(report, 'utf8')) as LoopReport;
  };
};

/** Runs the terminal door to its end, for the same home. */
export const inTerminal = async (home: string, ...words: readonly string[]): Promise<string> => {
  const child = spawn(process.execPath, [...program, ...words], {
    cwd: home,
    env: environment(home),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${words.join(' ')}: code ${code}: ${said}`);
  return said;
};
