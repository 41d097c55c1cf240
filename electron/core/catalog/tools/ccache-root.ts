import { fromVariable, literally } from '../named-setting.ts';
import { rootFrom, type Setting } from '../root.ts';
import { localAppData, pathsOf, platformCacheDir, variable, withTilde } from '../surroundings.ts';
import type { Root, Surroundings } from '../tool.ts';

/** Where ccache had its cache before 4.0; it still does when that folder is there. Looked for by what it writes into it. */
const oldPlace = (surroundings: Surroundings): string | null => {
  const { join } = pathsOf(surroundings);
  const old = join(surroundings.home, '.ccache');
  const signs = ['ccache.conf', 'CACHEDIR.TAG', ...'0123456789abcdef'].map((name) =>
    name.length === 1 ? join(old, name, 'stats') : join(old, name),
  );
  return signs.some((path) => surroundings.readText(path) !== null) ? old : null;
};

const defaultPath = (surroundings: Surroundings): string => {
  const { join } = pathsOf(surroundings);
  const old = oldPlace(surroundings);
  if (old !== null) return old;
  if (surroundings.platform === 'win32') return join(localAppData(surroundings), 'ccache');
  const xdg = variable(surroundings, 'XDG_CACHE_HOME');
  return join(xdg ?? platformCacheDir(surroundings), 'ccache');
};

const systemFile = ({ platform }: Surroundings): string =>
  platform === 'win32' ? 'C:\\ProgramData\\ccache\\ccache.conf' : '/etc/ccache.conf';

/** The person's file: in the old place when that is in use, else where programs keep settings. */
const ownFile = (surroundings: Surroundings): string => {
  const { join } = pathsOf(surroundings);
  const named = variable(surroundings, 'CCACHE_CONFIGPATH');
  if (named !== undefined) return named;
  const old = oldPlace(surroundings);
  if (old !== null) return join(old, 'ccache.conf');
  if (surroundings.platform === 'win32') return join(localAppData(surroundings), 'ccache', 'ccache.conf');
  const xdg = variable(surroundings, 'XDG_CONFIG_HOME');
  if (xdg !== undefined) return join(xdg, 'ccache', 'ccache.conf');
  return surroundings.platform === 'darwin'
    ? join(surroundings.home, 'Library', 'Preferences', 'ccache', 'ccache.conf')
    : join(surroundings.home, '.config', 'ccache', 'ccache.conf');
};

/** `$NAME` and `${NAME}` are the variable's value in its settings (doc/manual.adoc). */
const expanded = (value: string, { env }: Surroundings): string =>
  value.replace(/\$(?:(\w+)|\{(\w+)\})/g, (_, bare?: string, braced?: string) => env[bare ?? braced ?? ''] ?? '');

const fromFile = (file: string, surroundings: Surroundings): Setting | null => {
  const text = surroundings.readText(file);
  const found = text === null ? null : /^[ \t]*cache_dir[ \t]*=[ \t]*(.+?)[ \t]*\r?$/m.exec(text);
  if (found?.[1] === undefined) return null;
  const where = `cache_dir in ${withTilde(surroundings, file)}`;
  return { value: literally(expanded(found[1], surroundings), surroundings), because: where, where };
};

/** `CCACHE_DIR`, `cache_dir` in the person's and the system's file, the old place, the platform's (src/ccache/config.cpp). */
export const ccacheRoot = (surroundings: Surroundings): Root =>
  rootFrom(
    'ccache',
    fromVariable(surroundings, 'CCACHE_DIR') ??
      fromFile(ownFile(surroundings), surroundings) ??
      fromFile(systemFile(surroundings), surroundings),
    defaultPath(surroundings),
    surroundings,
  );
