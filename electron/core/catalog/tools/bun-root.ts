import { fromVariable, literally } from '../named-setting.ts';
import { rootFrom, type Setting } from '../root.ts';
import { tomlText } from '../settings-toml.ts';
import { pathsOf, variable, withTilde } from '../surroundings.ts';
import type { Root, Surroundings } from '../tool.ts';

/** `[install.cache]` with `dir`, or `[install]` with `cache`, in a person's own file; a project's counts for that project. */
const fromFile = (surroundings: Surroundings): Setting | null => {
  const { join } = pathsOf(surroundings);
  const file = join(variable(surroundings, 'XDG_CONFIG_HOME') ?? surroundings.home, '.bunfig.toml');
  const text = surroundings.readText(file);
  if (text === null) return null;
  const value = tomlText(text, ['install', 'cache', 'dir']) ?? tomlText(text, ['install', 'cache']);
  if (value === null || value === '') return null;
  const where = `the install cache in ${withTilde(surroundings, file)}`;
  return { value: literally(value, surroundings), because: where, where };
};

/** `$BUN_INSTALL/install/cache`, `$XDG_CACHE_HOME/.bun/install/cache`: folders of which the cache is a part. */
const below = (surroundings: Surroundings, name: string, ...parts: readonly string[]): Setting | null => {
  const setting = fromVariable(surroundings, name);
  return setting === null
    ? null
    : { ...setting, value: pathsOf(surroundings).join(setting.value, ...parts, 'install', 'cache') };
};

/** Where Bun caches packages, on every system (install/PackageManager/PackageManagerDirectories.zig, fetchCacheDirectoryPath). */
export const bunRoot = (surroundings: Surroundings): Root =>
  rootFrom(
    'Bun',
    fromVariable(surroundings, 'BUN_INSTALL_CACHE_DIR') ??
      fromFile(surroundings) ??
      below(surroundings, 'BUN_INSTALL') ??
      below(surroundings, 'XDG_CACHE_HOME', '.bun'),
    pathsOf(surroundings).join(surroundings.home, '.bun', 'install', 'cache'),
    surroundings,
  );
