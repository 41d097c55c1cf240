import { fromVariable, literally } from '../named-setting.ts';
import { rootFrom, type Setting } from '../root.ts';
import { parseNpmrc } from '../settings-file.ts';
import { yamlText } from '../settings-yaml.ts';
import { pathsOf, variable, withTilde } from '../surroundings.ts';
import type { Root, Surroundings } from '../tool.ts';

/** `~/.config/pnpm` and its kin (config/config/lib/dirs.js, getConfigDir). */
const configDir = (surroundings: Surroundings): string => {
  const { join } = pathsOf(surroundings);
  const { home, platform } = surroundings;
  const xdg = variable(surroundings, 'XDG_CONFIG_HOME');
  if (xdg !== undefined) return join(xdg, 'pnpm');
  if (platform === 'darwin') return join(home, 'Library', 'Preferences', 'pnpm');
  const local = platform === 'win32' ? variable(surroundings, 'LOCALAPPDATA') : undefined;
  return local === undefined ? join(home, '.config', 'pnpm') : join(local, 'pnpm', 'config');
};

const fromFile = (
  file: string,
  surroundings: Surroundings,
  name: string,
  find: (text: string) => string | null | undefined,
): Setting | null => {
  const text = surroundings.readText(file);
  const value = text === null ? null : find(text)?.trim();
  const where = `${name} in ${withTilde(surroundings, file)}`;
  return value ? { value, because: where, where } : null;
};

/** `npm_config_store_dir`, in any case, as npm writes them. */
const fromNpm = (surroundings: Surroundings, name: string): Setting | null => {
  const wanted = new RegExp(`^npm_config_${name.replaceAll('-', '[-_]')}$`, 'i');
  const found = Object.entries(surroundings.env).find(([key, value]) => wanted.test(key) && value);
  return found === undefined ? null : { value: found[1] ?? '', because: `${found[0]} is set`, where: found[0] };
};

/**
 * A setting for all projects of a person. Which pnpm will run is not known: those that pnpm 11 and later read come
 * first (`PNPM_CONFIG_…`, config.yaml), then those of pnpm 10 and before (npm's variables and files, rc). `~/` is
 * replaced in all of them.
 */
const setting = (surroundings: Surroundings, name: string, yaml: string): Setting | null => {
  const { join } = pathsOf(surroundings);
  const inIni = (text: string) => parseNpmrc(text).get(name);
  const variableName = `pnpm_config_${name.replaceAll('-', '_')}`;
  return (
    fromVariable(surroundings, variableName.toUpperCase(), 'replaced') ??
    fromVariable(surroundings, variableName, 'replaced') ??
    fromFile(join(configDir(surroundings), 'config.yaml'), surroundings, yaml, (text) => yamlText(text, yaml)) ??
    fromNpm(surroundings, name) ??
    fromFile(join(surroundings.home, '.npmrc'), surroundings, name, inIni) ??
    fromFile(join(configDir(surroundings), 'rc'), surroundings, name, inIni)
  );
};

/** A folder below one that a variable names, which pnpm takes as it is written. */
const below = (surroundings: Surroundings, name: string, ...parts: readonly string[]): Setting | null => {
  const value = variable(surroundings, name);
  if (value === undefined) return null;
  return {
    value: literally(pathsOf(surroundings).join(value, ...parts), surroundings),
    because: `${name} is set`,
    where: name,
  };
};

const defaultStore = (surroundings: Surroundings): string => {
  const { join } = pathsOf(surroundings);
  const { home, platform } = surroundings;
  if (platform === 'darwin') return join(home, 'Library', 'pnpm', 'store');
  if (platform === 'linux') return join(home, '.local', 'share', 'pnpm', 'store');
  return join(variable(surroundings, 'LOCALAPPDATA') ?? join(home, 'AppData', 'Local'), 'pnpm', 'store');
};

/** A store that was named with its version, `/there/v11`, is taken for the same one. */
const withoutVersion = (found: Setting | null): Setting | null =>
  found && { ...found, value: found.value.replace(/[/\\]v\d+[/\\]?$/, '') };

/**
 * Where pnpm's store is, for projects on the volume of the home (pnpm/crates/config/src/defaults.rs). For others pnpm
 * makes a `.pnpm-store` on their volume, which a person adds. Never throws.
 */
export const pnpmStoreRoot = (surroundings: Surroundings): Root =>
  rootFrom(
    'pnpm',
    withoutVersion(setting(surroundings, 'store-dir', 'storeDir')) ??
      below(surroundings, 'PNPM_HOME', 'store') ??
      below(surroundings, 'XDG_DATA_HOME', 'pnpm', 'store'),
    defaultStore(surroundings),
    surroundings,
  );

const defaultMetadata = (surroundings: Surroundings): string => {
  const { join } = pathsOf(surroundings);
  const { home, platform } = surroundings;
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'pnpm');
  if (platform === 'linux') return join(home, '.cache', 'pnpm');
  const local = variable(surroundings, 'LOCALAPPDATA');
  return local === undefined ? join(home, '.pnpm-cache') : join(local, 'pnpm-cache');
};

/** Where pnpm keeps what registries told it (defaults.rs, default_cache_dir). Never throws. */
export const pnpmMetadataRoot = (surroundings: Surroundings): Root =>
  rootFrom(
    'pnpm',
    setting(surroundings, 'cache-dir', 'cacheDir') ?? below(surroundings, 'XDG_CACHE_HOME', 'pnpm'),
    defaultMetadata(surroundings),
    surroundings,
  );
