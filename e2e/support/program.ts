import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentWithout, type Ran, run } from './run.ts';
import { sandbox } from './sandbox.ts';
import { newFolder, removeFolder } from './temporary.ts';

const top = fileURLToPath(new URL('../..', import.meta.url));

/** The words that run the terminal door, as its users do. */
export const program: readonly string[] = [process.execPath, join(top, 'build', 'launch.cjs'), 'electron/cli/main.ts'];

/** A home of its own, with a place for the program's history and one to stand in beside it. */
export const newHome = (): string => {
  const dir = sandbox();
  for (const name of ['home', 'elsewhere']) mkdirSync(join(dir, name));
  return join(dir, 'home');
};

/** Where the program keeps its history for this home. */
export const stateOf = (home: string): string => join(dirname(home), 'state');

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A command that runs the one behind it: `setpriv …`. */
  readonly through?: readonly string[];
}

export interface Inspected extends Ran {
  /** What stands on stdout, which must be exactly one JSON document. */
  json<Answer>(): Answer;
}

const ofThisMachine =
  /^(npm_|PIP_|XDG_|NODE_ENV$|NODE_OPTIONS$|PREFIX$|VIRTUAL_ENV$|PYTHON|CACHE_INSPECTOR_|INIT_CWD$|FORCE_COLOR$|UV_|PNPM_|YARN_|CARGO_HOME$|GRADLE_USER_HOME$|GO[A-Z]+$|S?CCACHE_|POETRY_|PIPENV_|WORKON_HOME$|CONDA|PLAYWRIGHT_|CYPRESS_|PUPPETEER_|ELECTRON_|COREPACK_|DENO_|BUN_|NUGET_|DOTNET_|COMPOSER_|GEM_|BUNDLE_|HOMEBREW_|TURBO_|NX_|MAVEN_|M2_|SE_|VSCODE_|HF_|HUGGINGFACE_|PRE_COMMIT_HOME$)/i;

/** What other programs left in this machine's folder for temporary files is no matter of a test. */
const temporary = newFolder();
process.on('exit', () => removeFolder(temporary));

const startArguments = (home: string, args: readonly string[], { env = {}, cwd, through = [] }: RunOptions) => {
  const [command = '', ...rest] = [...through, ...program, ...args];
  const options = {
    cwd: cwd ?? join(dirname(home), 'elsewhere'),
    env: environmentWithout(ofThisMachine, {
      HOME: home,
      USERPROFILE: home,
      CACHE_INSPECTOR_HOME: stateOf(home),
      TMPDIR: temporary,
      PIP_CONFIG_FILE: '/dev/null',
      // Else Yarn, started by root, has its cache outside of every home.
      FAKEROOTKEY: 'sandbox',
      npm_config_globalconfig: join(home, 'global-npmrc'),
      ...env,
    }),
  };
  return { command, rest, options };
};

/** Runs the program to its end, with none of this machine's settings. */
export const inspect = async (home: string, args: readonly string[], options: RunOptions = {}): Promise<Inspected> => {
  const start = startArguments(home, args, options);
  const ran = await run(start.command, start.rest, start.options);
  return {
    ...ran,
    json: <Answer>() => {
      try {
        return JSON.parse(ran.stdout) as Answer;
      } catch {
        throw new Error(`not one JSON document on stdout: ${ran.stdout}\n${ran.stderr}`);
      }
    },
  };
};

/** Starts the program in a process group of its own and leaves it running. */
export const startProgram = (home: string, args: readonly string[], options: RunOptions = {}): ChildProcess => {
  const start = startArguments(home, args, options);
  return spawn(start.command, start.rest, { ...start.options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
};
