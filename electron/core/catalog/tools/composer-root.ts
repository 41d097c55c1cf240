import { asTable, asText, jsonObject } from '../decode/entry.ts';
import { fromVariable } from '../named-setting.ts';
import { rootFrom, type Setting } from '../root.ts';
import { pathsOf, platformCacheDir, variable, withTilde } from '../surroundings.ts';
import type { Root, Surroundings } from '../tool.ts';

/** Composer asks whether a folder is there; what it puts into each of its own tells as much (Factory, createConfig). */
const isThere = (surroundings: Surroundings, dir: string): boolean =>
  ['.htaccess', 'config.json', 'auth.json', 'composer.json'].some(
    (name) => surroundings.readText(pathsOf(surroundings).join(dir, name)) !== null,
  );

const legacy = (surroundings: Surroundings): string => pathsOf(surroundings).join(surroundings.home, '.composer');

/** Where its settings are (Factory, getHomeDir): of two possible ones that which is there. */
const homeOf = (surroundings: Surroundings): string => {
  const { join } = pathsOf(surroundings);
  const named = variable(surroundings, 'COMPOSER_HOME');
  if (named !== undefined) return named;
  if (surroundings.platform === 'win32')
    return join(variable(surroundings, 'APPDATA') ?? join(surroundings.home, 'AppData', 'Roaming'), 'Composer');
  const modern = join(variable(surroundings, 'XDG_CONFIG_HOME') ?? join(surroundings.home, '.config'), 'composer');
  const old = legacy(surroundings);
  return !isThere(surroundings, modern) && isThere(surroundings, old) ? old : modern;
};

/** `~/` and a variable at the start are replaced by Composer itself (Util/Platform, expandPath). */
const expanded = (value: string, surroundings: Surroundings): string =>
  value.replace(/^(?:\$(\w+)|%(\w+)%)/, (whole: string, unix?: string, windows?: string) =>
    (unix ?? windows) === 'HOME' ? surroundings.home : (variable(surroundings, unix ?? windows ?? '') ?? whole),
  );

/** `cache-dir` under `config` in a person's own config.json. A project's composer.json moves it for that project only. */
const fromFile = (surroundings: Surroundings, home: string): Setting | null => {
  const file = pathsOf(surroundings).join(home, 'config.json');
  const config = asTable(jsonObject(surroundings.readText(file) ?? '')?.['config']);
  const value = asText(config?.['cache-dir']);
  if (value === null || value === '') return null;
  const where = `cache-dir in ${withTilde(surroundings, file)}`;
  return { value: expanded(value.replaceAll('{$home}', home), surroundings), because: where, where };
};

const fromEnvironment = (surroundings: Surroundings): Setting | null => {
  const setting = fromVariable(surroundings, 'COMPOSER_CACHE_DIR', 'replaced');
  return setting && { ...setting, value: expanded(setting.value, surroundings) };
};

const fromHome = (surroundings: Surroundings): Setting | null => {
  const setting = fromVariable(surroundings, 'COMPOSER_HOME', 'replaced');
  if (setting === null) return null;
  return { ...setting, value: pathsOf(surroundings).join(expanded(setting.value, surroundings), 'cache') };
};

/** Factory, getCacheDir. Without any XDG variable or /etc/xdg it is below `~/.composer`, where it then is found. */
const defaultPath = (surroundings: Surroundings, home: string): string => {
  const { join } = pathsOf(surroundings);
  if (surroundings.platform === 'win32') return join(platformCacheDir(surroundings), 'Composer');
  const old = join(legacy(surroundings), 'cache');
  return surroundings.platform === 'linux' && home === legacy(surroundings) && isThere(surroundings, old)
    ? old
    : join(platformCacheDir(surroundings), 'composer');
};

/** Where Composer caches: COMPOSER_CACHE_DIR, its config.json, COMPOSER_HOME, the platform's place (Config, get). Never throws. */
export const composerRoot = (surroundings: Surroundings): Root => {
  const home = homeOf(surroundings);
  const setting = fromEnvironment(surroundings) ?? fromFile(surroundings, home) ?? fromHome(surroundings);
  return rootFrom('Composer', setting, defaultPath(surroundings, home), surroundings);
};
