import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';
import { configurationText } from '../fs/reader.ts';
import type { Surroundings } from './tool.ts';

/** Larger than any configuration file a person wrote; a bound so that a wrong path cannot fill the memory. */
const configurationLimit = 1024 * 1024;

const platform = (): Surroundings['platform'] =>
  process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux';

/** The surroundings of this process, as they are now. Other Unix systems are treated as Linux. */
export const surroundings = (): Surroundings => ({
  platform: platform(),
  env: { ...process.env },
  home: process.env['HOME'] || homedir(),
  cwd: process.cwd(),
  ...(process.getuid && { uid: process.getuid() }),
  readText: (path) => configurationText(path, configurationLimit),
});

/** The path rules of the given platform, whatever platform this runs on. */
export const pathsOf = (surroundings: Pick<Surroundings, 'platform'>): typeof posix =>
  surroundings.platform === 'win32' ? win32 : posix;

/** A variable's value; unset, empty and blank are all undefined. Names are case-insensitive on Windows, as there. */
export const variable = (surroundings: Pick<Surroundings, 'platform' | 'env'>, name: string): string | undefined => {
  const { env } = surroundings;
  const exact = env[name];
  const value =
    exact !== undefined || surroundings.platform !== 'win32'
      ? exact
      : Object.entries(env).find(([key]) => key.toUpperCase() === name.toUpperCase())?.[1];
  return value === undefined || value.trim() === '' ? undefined : value;
};

/** `%LOCALAPPDATA%`, or where Windows keeps it when the variable is missing. */
export const localAppData = (surroundings: Surroundings): string =>
  variable(surroundings, 'LOCALAPPDATA') ?? win32.join(surroundings.home, 'AppData', 'Local');

/**
 * Where programs of this platform keep caches: `$XDG_CACHE_HOME` or `~/.cache`, `~/Library/Caches`,
 * `%LOCALAPPDATA%`. A relative `$XDG_CACHE_HOME` is returned as it stands: whoever uses it must refuse it.
 */
export const platformCacheDir = (surroundings: Surroundings): string => {
  switch (surroundings.platform) {
    case 'win32':
      return localAppData(surroundings);
    case 'darwin':
      return posix.join(surroundings.home, 'Library', 'Caches');
    default:
      return variable(surroundings, 'XDG_CACHE_HOME') ?? posix.join(surroundings.home, '.cache');
  }
};

/** A path for people: the home directory as `~`. */
export const withTilde = (surroundings: Surroundings, path: string): string => {
  const paths = pathsOf(surroundings);
  const below = paths.relative(surroundings.home, path);
  return below === '' || below.startsWith('..') || paths.isAbsolute(below) ? path : `~${paths.sep}${below}`;
};
