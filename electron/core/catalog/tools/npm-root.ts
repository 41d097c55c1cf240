import { rootFrom, type Setting } from '../root.ts';
import { parseNpmrc } from '../settings-file.ts';
import { pathsOf, variable, withTilde } from '../surroundings.ts';
import type { Root, Surroundings } from '../tool.ts';

/** `${NAME}` and `${NAME?}`, a backslash before it keeps it as it is (@npmcli/config lib/env-replace.js). */
const expand = (value: string, surroundings: Surroundings): string =>
  value.replace(
    /(?<!\\)(\\*)\$\{([^${}?]+)(\?)?\}/g,
    (whole: string, escapes: string, name: string, orEmpty?: string) => {
      if (escapes.length % 2 === 1) return whole.slice((escapes.length + 1) / 2);
      const known = surroundings.env[name];
      return escapes.slice(escapes.length / 2) + (known ?? (orEmpty === '?' ? '' : `\${${name}}`));
    },
  );

/** A setting from the environment, npm's way: any case, `-` and `_` alike, empty ones ignored. The last one wins. */
const fromEnvironment = (name: string, surroundings: Surroundings): Setting | null => {
  let found: Setting | null = null;
  for (const [key, value] of Object.entries(surroundings.env)) {
    if (!value || !/^npm_config_/i.test(key)) continue;
    const option = key
      .slice('npm_config_'.length)
      .replace(/(?!^)_/g, '-')
      .toLowerCase();
    if (option === name) found = { value: expand(value.trim(), surroundings), because: `${key} is set`, where: key };
  }
  return found;
};

const fromFile = (name: string, file: string | null, surroundings: Surroundings): Setting | null => {
  const text = file === null ? null : surroundings.readText(file);
  const value = text === null ? undefined : parseNpmrc(text).get(name);
  if (file === null || value === undefined || value.trim() === '') return null;
  const where = `${name} in ${withTilde(surroundings, file)}`;
  return { value: expand(value.trim(), surroundings), because: where, where };
};

const asPath = (setting: Setting | null, surroundings: Surroundings): string | null => {
  const root = setting === null ? null : rootFrom('npm', setting, surroundings.home, surroundings);
  return root === null || root.problem ? null : root.path;
};

/** The folder of the `npm` that the shell would run, or null. */
const npmFolder = (surroundings: Surroundings): string | null => {
  const paths = pathsOf(surroundings);
  const name = surroundings.platform === 'win32' ? 'npm.cmd' : 'npm';
  const folders = (variable(surroundings, 'PATH') ?? '').split(paths.delimiter);
  const found = folders.find(
    (folder) => paths.isAbsolute(folder) && surroundings.readText(paths.join(folder, name)) !== null,
  );
  return found ?? null;
};

interface Install {
  readonly prefix: string;
  /** What the packager of this npm has set: lib/node_modules/npm/npmrc. */
  readonly builtin: string;
}

/** npm takes the folder of `node` as its prefix; they stand side by side (@npmcli/config loadGlobalPrefix). */
const install = (surroundings: Surroundings): Install | null => {
  const { join, dirname } = pathsOf(surroundings);
  const folder = npmFolder(surroundings);
  if (folder === null) return null;
  return surroundings.platform === 'win32'
    ? { prefix: folder, builtin: join(folder, 'node_modules', 'npm', 'npmrc') }
    : { prefix: dirname(folder), builtin: join(dirname(folder), 'lib', 'node_modules', 'npm', 'npmrc') };
};

interface Files {
  readonly user: string;
  readonly global: string | null;
  readonly builtin: string | null;
}

const files = (surroundings: Surroundings): Files => {
  const { join } = pathsOf(surroundings);
  const user = asPath(fromEnvironment('userconfig', surroundings), surroundings) ?? join(surroundings.home, '.npmrc');
  const found = install(surroundings);
  const builtin = found?.builtin ?? null;
  const option = (name: string): string | null =>
    asPath(
      fromEnvironment(name, surroundings) ??
        fromFile(name, user, surroundings) ??
        fromFile(name, builtin, surroundings),
      surroundings,
    );
  const prefix = option('prefix') ?? variable(surroundings, 'PREFIX') ?? found?.prefix ?? null;
  return { user, global: option('globalconfig') ?? (prefix === null ? null : join(prefix, 'etc', 'npmrc')), builtin };
};

/** `%LOCALAPPDATA%\npm-cache`, or `~/.npm` (@npmcli/config lib/definitions/definitions.js). */
const defaultPath = (surroundings: Surroundings): string => {
  const { join } = pathsOf(surroundings);
  return surroundings.platform === 'win32'
    ? join(variable(surroundings, 'LOCALAPPDATA') ?? surroundings.home, 'npm-cache')
    : join(surroundings.home, '.npm');
};

/**
 * Where npm's cache is: environment, the person's npmrc, the machine's, the packager's, the default. A project's
 * own `.npmrc` is left out: it moves the cache for that project only. Never throws.
 */
export const npmRoot = (surroundings: Surroundings): Root => {
  const from = files(surroundings);
  const setting =
    fromEnvironment('cache', surroundings) ??
    fromFile('cache', from.user, surroundings) ??
    fromFile('cache', from.global, surroundings) ??
    fromFile('cache', from.builtin, surroundings);
  return rootFrom('npm', setting, defaultPath(surroundings), surroundings);
};
