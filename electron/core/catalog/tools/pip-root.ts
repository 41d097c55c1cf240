import { rootFrom, type Setting } from '../root.ts';
import { parsePipSection, pipOptionName } from '../settings-file.ts';
import { localAppData, pathsOf, platformCacheDir, variable, withTilde } from '../surroundings.ts';
import type { Root, Surroundings } from '../tool.ts';

/**
 * Where `platformdirs.user_cache_dir(app, appauthor=False)` of pip and pip-tools points. On macOS pip 26.2 and later
 * also look at `$XDG_CACHE_HOME` (pip docs/html/topics/caching.md); which pip will run is not known here, so not.
 */
export const pythonCacheDir = (app: string, surroundings: Surroundings): string =>
  surroundings.platform === 'win32'
    ? pathsOf(surroundings).join(localAppData(surroundings), app, 'Cache')
    : pathsOf(surroundings).join(platformCacheDir(surroundings), app);

const globalFiles = (surroundings: Surroundings): readonly string[] => {
  const { join } = pathsOf(surroundings);
  switch (surroundings.platform) {
    case 'win32':
      return [join(variable(surroundings, 'PROGRAMDATA') ?? 'C:\\ProgramData', 'pip', 'pip.ini')];
    case 'darwin':
      return ['/Library/Application Support/pip/pip.conf'];
    default: {
      const dirs = (variable(surroundings, 'XDG_CONFIG_DIRS') ?? '/etc/xdg').split(':').filter((dir) => dir !== '');
      return [...dirs.map((dir) => join(dir, 'pip', 'pip.conf')), '/etc/pip.conf'];
    }
  }
};

const userFiles = (surroundings: Surroundings): readonly string[] => {
  const { join } = pathsOf(surroundings);
  const { home } = surroundings;
  switch (surroundings.platform) {
    case 'win32':
      return [
        join(home, 'pip', 'pip.ini'),
        join(variable(surroundings, 'APPDATA') ?? join(home, 'AppData', 'Roaming'), 'pip', 'pip.ini'),
      ];
    case 'darwin': {
      // pip takes the first when its directory is there (pip/_internal/utils/appdirs.py).
      const native = join(home, 'Library', 'Application Support', 'pip', 'pip.conf');
      const linuxLike = join(home, '.config', 'pip', 'pip.conf');
      return [join(home, '.pip', 'pip.conf'), surroundings.readText(native) === null ? linuxLike : native];
    }
    default:
      return [
        join(home, '.pip', 'pip.conf'),
        join(variable(surroundings, 'XDG_CONFIG_HOME') ?? join(home, '.config'), 'pip', 'pip.conf'),
      ];
  }
};

const siteFiles = (surroundings: Surroundings): readonly string[] => {
  const environment = variable(surroundings, 'VIRTUAL_ENV');
  const name = surroundings.platform === 'win32' ? 'pip.ini' : 'pip.conf';
  return environment === undefined ? [] : [pathsOf(surroundings).join(environment, name)];
};

/** Every file pip would read, the strongest last: OVERRIDE_ORDER of pip/_internal/configuration.py. */
const files = (surroundings: Surroundings): readonly string[] => {
  const own = variable(surroundings, 'PIP_CONFIG_FILE');
  const nowhere = surroundings.platform === 'win32' ? 'nul' : '/dev/null';
  if (own !== undefined && (surroundings.platform === 'win32' ? own.toLowerCase() : own) === nowhere) return [];
  const ownPath = own === undefined ? null : pathsOf(surroundings).resolve(surroundings.cwd, own);
  const skipUser = ownPath !== null && surroundings.readText(ownPath) !== null;
  return [
    ...globalFiles(surroundings),
    ...(skipUser ? [] : userFiles(surroundings)),
    ...siteFiles(surroundings),
    ...(ownPath === null ? [] : [ownPath]),
  ];
};

const fromEnvironment = (surroundings: Surroundings): Setting | null => {
  const prefix = surroundings.platform === 'win32' ? /^PIP_/i : /^PIP_/;
  for (const [key, value] of Object.entries(surroundings.env))
    if (value && prefix.test(key) && pipOptionName(key.slice('PIP_'.length)) === 'cache-dir')
      return { value, because: `${key} is set`, where: key };
  return null;
};

const fromFiles = (surroundings: Surroundings): Setting | null => {
  let found: Setting | null = null;
  for (const file of files(surroundings)) {
    const text = surroundings.readText(file);
    const value = text === null ? undefined : parsePipSection(text, 'global').get('cache-dir');
    if (value === undefined) continue;
    const where = `cache-dir in ${withTilde(surroundings, file)}`;
    // Files are merged before empty values are dropped, so an empty one hides those below it (pip/_internal/cli/parser.py).
    found = value === '' ? null : { value, because: where, where };
  }
  return found;
};

/** Where pip's cache is: environment, then configuration files, then the platform's place. Never throws. */
export const pipRoot = (surroundings: Surroundings): Root =>
  rootFrom(
    'pip',
    fromEnvironment(surroundings) ?? fromFiles(surroundings),
    pythonCacheDir('pip', surroundings),
    surroundings,
  );
