import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { hasDisplay } from '../electron/serve/open-browser.ts';
import { type Ended, electronProgram, isStale, runChild } from './start-parts.ts';

/*
 * npm start: the desktop where there is a display and Electron, else the page in a browser. Builds what is not there or
 * older than its sources.
 *
 *   npm start                          npm run serve -- --port 4873 --no-open
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...names: readonly string[]): readonly string[] => names.map((name) => join(root, name));
const interrupted = 130;
/** A desktop that fails this soon (ms) could not start at all: a library or the display is missing. */
const tooSoonMs = 10_000;
const downloadMs = 60_000;

const [page = ''] = at('out/page/index.html');
const pageSources = at('renderer', 'shared', 'vite.config.ts', 'package.json');
const [main = ''] = at('out/electron/desktop/main.js');
const mainSources = at('electron', 'shared', 'build/tsconfig.json', 'build/preload.vite.config.ts', 'package.json');

/** How often (ms) we look whether npm is still there. */
const parentMs = 1000;

const words = process.argv.slice(2);
const json = words.includes('--json');

/** Ends this process when a child was stopped with it. */
const orLeave = (ended: Ended): Ended => {
  if (ended.stopped) process.exit(interrupted);
  return ended;
};

/** A line that is taken away when the work is done, for a person who waits. */
const meanwhile = async <T>(text: string, work: () => Promise<T>): Promise<T> => {
  const { isTTY, columns } = process.stderr;
  if (isTTY) process.stderr.write(text.slice(0, columns - 1));
  const done = await work();
  if (isTTY) process.stderr.write('\r\u001b[K');
  return done;
};

const npm = async (script: string): Promise<void> => {
  const cli = process.env['npm_execpath'];
  // npm is a .cmd file on Windows, which only a shell runs.
  const [command, ...args] = cli?.match(/\.c?js$/)
    ? [process.execPath, cli, 'run', script]
    : process.platform === 'win32'
      ? ['cmd.exe', '/d', '/s', '/c', 'npm', 'run', script]
      : ['npm', 'run', script];
  const { code, said } = await meanwhile('Building…', async () =>
    orLeave(await runChild(command ?? '', args, { cwd: root, output: 'kept' })),
  );
  if (code === 0) return;
  process.stderr.write(`${said.trimEnd()}\nCache Inspector could not be built (npm run ${script}).\n`);
  process.exit(1);
};

/** Opens the desktop and stays until it ends; else says why there is none. */
const desktop = async (): Promise<string> => {
  if (!hasDisplay(process.platform, process.env)) return 'There is no display here';
  // Chromium's sandbox cannot be had as root, and without it the desktop does not run.
  if (process.platform === 'linux' && process.geteuid?.() === 0) return 'Electron does not run as root';
  if (electronProgram(root, process.env) === null) {
    const [installer = ''] = at('node_modules/electron/install.js');
    process.stderr.write('Electron is not here yet; downloading it once (about 120 MB)…\n');
    orLeave(await runChild(process.execPath, [installer], { cwd: root, output: 'kept', limitMs: downloadMs }));
  }
  const program = electronProgram(root, process.env);
  if (program === null) return "Electron's program could not be downloaded";
  if (isStale(main, mainSources)) await npm('build');
  if (isStale(page, pageSources)) await npm('build:page');
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const { code, ms } = orLeave(await runChild(program, ['.'], { cwd: root, env, output: 'shown' }));
  if (code === 0 || ms > tooSoonMs) process.exit(code ?? 1);
  return `Electron could not start here (${code === null ? 'it was ended by a signal' : `exit code ${code}`})`;
};

const serveWith = async (args: readonly string[]): Promise<void> => {
  if (isStale(page, pageSources)) await npm('build:page');
  const [door = ''] = at('electron/cli/main.ts');
  process.argv = [process.execPath, door, 'serve', ...args];
  await import(pathToFileURL(door).href);
};

// npm runs us in a shell. Asked to end, it ends the shell, which tells nobody: an orphan ends as if it had been told.
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  process.kill(process.pid, 'SIGTERM');
}, parentMs).unref();

if (words[0] === 'serve') {
  await serveWith(words.slice(1));
} else {
  const why = await desktop();
  // One JSON document on stdout, and nothing else there.
  (json ? process.stderr : process.stdout).write(`${why}, so Cache Inspector opens in a browser.\n`);
  await serveWith(words);
}
