import { rootFrom, type Setting } from '../root.ts';
import { yarnrcText } from '../settings-yarnrc.ts';
import { pathsOf, variable, withTilde } from '../surroundings.ts';
import type { Root, Surroundings } from '../tool.ts';

/** Started by root itself, Yarn takes this for its home; under fakeroot it does not (util/root-user.js, user-home-dir.js). */
const homeOfRoot = '/usr/local/share';

const isRoot = ({ uid, env }: Surroundings): boolean => uid === 0 && !env['FAKEROOTKEY'];

const homeOf = (surroundings: Surroundings): string => (isRoot(surroundings) ? homeOfRoot : surroundings.home);

/** Any case, `-` and `_` alike (registries/base-registry.js, mergeEnv). The last one wins. */
const fromEnvironment = (surroundings: Surroundings): Setting | null => {
  let found: Setting | null = null;
  for (const [key, value] of Object.entries(surroundings.env))
    if (value && /^yarn_cache[_-]folder$/i.test(key)) found = { value, because: `${key} is set`, where: key };
  return found;
};

/** Those of a person; a project's own move the cache for that project only (registries/npm-registry.js). */
const files = (surroundings: Surroundings): readonly string[] => {
  const { join } = pathsOf(surroundings);
  return [...new Set([homeOf(surroundings), surroundings.home])].map((dir) => join(dir, '.yarnrc'));
};

/** A relative folder in a file is below that file's own (registries/yarn-registry.js, RELATIVE_KEYS). */
const fromFiles = (surroundings: Surroundings): Setting | null => {
  const paths = pathsOf(surroundings);
  for (const file of files(surroundings)) {
    const text = surroundings.readText(file);
    const value = text === null ? null : yarnrcText(text, 'cache-folder');
    if (value === null || value === '') continue;
    const where = `cache-folder in ${withTilde(surroundings, file)}`;
    return { value: paths.resolve(paths.dirname(file), value), because: where, where };
  }
  return null;
};

/** util/user-dirs.js. Where that cannot be written, Yarn goes to the temporary folder, which is no place to look for. */
const defaultPath = (surroundings: Surroundings): string => {
  const { join } = pathsOf(surroundings);
  const home = homeOf(surroundings);
  if (surroundings.platform === 'win32')
    return join(variable(surroundings, 'LOCALAPPDATA') ?? join(home, 'AppData', 'Local'), 'Yarn', 'Cache');
  const xdg = variable(surroundings, 'XDG_CACHE_HOME');
  if (xdg !== undefined) return join(xdg, 'yarn');
  return surroundings.platform === 'darwin' ? join(home, 'Library', 'Caches', 'Yarn') : join(home, '.cache', 'yarn');
};

/** `~/` of the environment is Yarn's own home, which is not root's. */
const inHome = (setting: Setting | null, surroundings: Surroundings): Setting | null => {
  if (setting === null || !isRoot(surroundings) || !setting.value.startsWith('~/')) return setting;
  return { ...setting, value: pathsOf(surroundings).join(homeOfRoot, setting.value.slice(2)) };
};

/** Where the cache of Yarn 1 is: the environment, its settings files, the platform's place. Never throws. */
export const yarnRoot = (surroundings: Surroundings): Root =>
  rootFrom(
    'Yarn',
    inHome(fromEnvironment(surroundings), surroundings) ?? fromFiles(surroundings),
    defaultPath(surroundings),
    surroundings,
  );
