import { fromVariable, literally, xdg } from '../named-setting.ts';
import { rootFrom, type Setting } from '../root.ts';
import { tomlText } from '../settings-toml.ts';
import { localAppData, pathsOf, variable, withTilde } from '../surroundings.ts';
import type { Root, Surroundings } from '../tool.ts';

/** Settings files, the strongest first; those of projects left out, which count for that project only (crates/uv-dirs). */
const files = (surroundings: Surroundings): readonly string[] => {
  const { join } = pathsOf(surroundings);
  const { home } = surroundings;
  const own = variable(surroundings, 'UV_CONFIG_FILE');
  if (own !== undefined) return [own];
  if (/^(?:1|true|yes|on|t|y)$/i.test(variable(surroundings, 'UV_NO_CONFIG') ?? '')) return [];
  if (surroundings.platform === 'win32')
    return [
      join(variable(surroundings, 'APPDATA') ?? join(home, 'AppData', 'Roaming'), 'uv', 'uv.toml'),
      join(variable(surroundings, 'PROGRAMDATA') ?? 'C:\\ProgramData', 'uv', 'uv.toml'),
    ];
  const system = (variable(surroundings, 'XDG_CONFIG_DIRS') ?? '/etc/xdg').split(':').filter((dir) => dir !== '');
  return [
    join(xdg(surroundings, 'XDG_CONFIG_HOME') ?? join(home, '.config'), 'uv', 'uv.toml'),
    ...system.map((dir) => join(dir, 'uv', 'uv.toml')),
    '/etc/uv/uv.toml',
  ];
};

const fromFiles = (surroundings: Surroundings): Setting | null => {
  for (const file of files(surroundings)) {
    const text = surroundings.readText(file);
    const value = text === null ? null : tomlText(text, ['cache-dir']);
    const where = `cache-dir in ${withTilde(surroundings, file)}`;
    if (value !== null && value !== '') return { value: literally(value, surroundings), because: where, where };
  }
  return null;
};

/** The XDG place on macOS too, unless uv has long had its cache where other programs of macOS have theirs. */
const defaultPath = (surroundings: Surroundings): string => {
  const { join } = pathsOf(surroundings);
  if (surroundings.platform === 'win32') return join(localAppData(surroundings), 'uv', 'cache');
  if (surroundings.platform === 'darwin') {
    const old = join(surroundings.home, 'Library', 'Caches', 'uv');
    if (surroundings.readText(join(old, 'CACHEDIR.TAG')) !== null) return old;
  }
  return join(xdg(surroundings, 'XDG_CACHE_HOME') ?? join(surroundings.home, '.cache'), 'uv');
};

/** Where uv's cache is: `UV_CACHE_DIR`, its settings files, the platform's place (crates/uv-cache/src/cli.rs). Never throws. */
export const uvRoot = (surroundings: Surroundings): Root =>
  rootFrom(
    'uv',
    fromVariable(surroundings, 'UV_CACHE_DIR') ?? fromFiles(surroundings),
    defaultPath(surroundings),
    surroundings,
  );
