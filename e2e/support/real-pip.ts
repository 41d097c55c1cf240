import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { environmentWithout, type Ran, run } from './run.ts';

export interface Pip {
  readonly python: string;
  readonly version: string;
  /** How it keeps responses: http-v2 since pip 23.3. */
  readonly format: 'http' | 'http-v2';
}

const candidates = (): readonly string[] => {
  const versions = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  let installed: string[] = [];
  try {
    installed = readdirSync(versions).map((name) => join(versions, name, 'bin', 'python'));
  } catch {
    // There is no pyenv.
  }
  return [...(process.platform === 'win32' ? ['python', 'py'] : ['python3', '/usr/bin/python3']), ...installed];
};

/** pip 20.1: in-tree build backends, and caching from a trusted host over http. */
const usable = (major: number, minor: number): boolean => major > 20 || (major === 20 && minor >= 1);

const ask = async (python: string): Promise<Pip | null> => {
  const { code, stdout } = await run(python, ['-m', 'pip', '--version'], { env: environment(homedir()) });
  const found = /^pip (\d+)\.(\d+)\S*/.exec(stdout);
  if (code !== 0 || found === null || !/\(python 3/.test(stdout)) return null;
  const [major, minor] = [Number(found[1]), Number(found[2])];
  if (!usable(major, minor)) return null;
  return {
    python,
    version: found[0].slice(4),
    format: major > 23 || (major === 23 && minor >= 3) ? 'http-v2' : 'http',
  };
};

const environment = (home: string): Readonly<Record<string, string>> =>
  environmentWithout(/^(PIP_|PYTHON|VIRTUAL_ENV$|XDG_)/i, {
    HOME: home,
    USERPROFILE: home,
    PIP_CONFIG_FILE: process.platform === 'win32' ? 'nul' : '/dev/null',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_NO_INPUT: '1',
  });

/** One usable pip for each format that this machine has a pip for. */
export const findPips = async (): Promise<readonly Pip[]> => {
  const all = (await Promise.all(candidates().map(ask))).filter((pip) => pip !== null);
  return (['http-v2', 'http'] as const).flatMap((format) => all.find((pip) => pip.format === format) ?? []);
};

/** Installs into `folder/target` with the real pip, from the given index only, caching into `cache` (null: its default place). */
export const pipInstall = (
  pip: Pip,
  folder: string,
  cache: string | null,
  index: string,
  names: readonly string[],
): Promise<Ran> =>
  run(
    pip.python,
    [
      ...['-m', 'pip', 'install', '--index-url', index, '--trusted-host', '127.0.0.1'],
      ...(cache === null ? [] : ['--cache-dir', cache]),
      ...['--target', join(folder, 'target'), '--upgrade', '--no-compile', '--retries', '0', ...names],
    ],
    { cwd: folder, env: environment(folder) },
  );
