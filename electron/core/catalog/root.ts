import { raw, showRaw } from '../fs/raw.ts';
import { pathsOf, variable } from './surroundings.ts';
import type { Root, Surroundings } from './tool.ts';

/** Something that tells a tool where its cache is to be. */
export interface Setting {
  /** As written, before `~` is replaced. */
  readonly value: string;
  /** A sentence fragment: `PIP_CACHE_DIR is set`. */
  readonly because: string;
  /** What to correct, if it must be: `PIP_CACHE_DIR`, `cache-dir in ~/.config/pip/pip.conf`. */
  readonly where: string;
}

const expandTilde = (value: string, surroundings: Surroundings): string => {
  const begins = surroundings.platform === 'win32' ? /^~(?=$|[/\\])/ : /^~(?=$|\/)/;
  return value.replace(begins, () => surroundings.home);
};

const problemOf = (path: string, where: string, surroundings: Surroundings): string | null => {
  if (path.includes('\0')) return `${where} holds a NUL character, which no path can. Correct it.`;
  if (!pathsOf(surroundings).isAbsolute(path))
    return `${where} is “${showRaw(raw(path))}”, which is not a full path: it means another place in every folder. Set it to a full path.`;
  return null;
};

/** The default place is no full path: which variable makes it so. */
const defaultProblem = (path: string, surroundings: Surroundings): string | null => {
  if (pathsOf(surroundings).isAbsolute(path)) return null;
  const names = ['XDG_CACHE_HOME', 'XDG_DATA_HOME', 'LOCALAPPDATA'];
  const name = names.find((it) => path.startsWith(variable(surroundings, it) ?? '\0')) ?? 'HOME';
  return `${name} is not a full path, so that this place is “${showRaw(raw(path))}”: another one in every folder. Set ${name} to a full path.`;
};

const tidy = (path: string, surroundings: Surroundings): string => {
  const paths = pathsOf(surroundings);
  const normal = paths.normalize(path);
  return normal.length > paths.parse(normal).root.length ? normal.replace(/[/\\]$/, '') : normal;
};

/**
 * The root a setting leads to, or the tool's default place when there is no setting. A place that cannot be used
 * is still told, with its problem: the tool has been sent there, so its default place would be the wrong answer.
 */
export const rootFrom = (
  tool: string,
  setting: Setting | null,
  defaultPath: string,
  surroundings: Surroundings,
): Root => {
  const because = setting?.because ?? `${tool}'s default place`;
  const path = setting === null ? defaultPath : expandTilde(setting.value, surroundings);
  const message = setting === null ? defaultProblem(path, surroundings) : problemOf(path, setting.where, surroundings);
  if (message !== null)
    return { path, because, isDefault: false, problem: { code: 'unusable-path', message, detail: path } };
  const tidied = tidy(path, surroundings);
  // `npm run` sets npm_config_cache to what it would have been anyway: that is still the default place.
  return tidied === tidy(defaultPath, surroundings)
    ? { path: tidied, because: `${tool}'s default place`, isDefault: true }
    : { path: tidied, because, isDefault: false };
};
