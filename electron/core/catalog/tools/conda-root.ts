import { fromVariable } from '../named-setting.ts';
import { rootFrom, type Setting } from '../root.ts';
import { yamlList } from '../settings-yaml.ts';
import { localAppData, pathsOf, variable, withTilde } from '../surroundings.ts';
import type { Root, Surroundings } from '../tool.ts';

/** Where conda itself is installed: what its shell set-up says, else the first usual place that holds one. */
const prefixOf = (surroundings: Surroundings): string | null => {
  const { join, dirname } = pathsOf(surroundings);
  const { home, platform } = surroundings;
  const exe = variable(surroundings, 'CONDA_EXE');
  if (exe !== undefined) return dirname(dirname(exe));
  const mamba = variable(surroundings, 'MAMBA_ROOT_PREFIX');
  if (mamba !== undefined) return mamba;
  const names = ['miniconda3', 'miniforge3', 'anaconda3', 'mambaforge', 'micromamba'];
  const above =
    platform === 'win32'
      ? [home, localAppData(surroundings), 'C:\\ProgramData', 'C:\\tools']
      : [home, '/opt', '/usr/local'];
  const places = [
    ...above.flatMap((dir) => names.map((name) => join(dir, name))),
    ...(platform === 'win32' ? [] : ['/opt/conda']),
  ];
  const signs = [join('conda-meta', 'history'), join('condabin', platform === 'win32' ? 'conda.bat' : 'conda')];
  return places.find((place) => signs.some((sign) => surroundings.readText(join(place, sign)) !== null)) ?? null;
};

/** Settings files, the strongest first (conda/base/constants.py, SEARCH_PATH; the last one found counts there). */
const files = (surroundings: Surroundings, prefix: string | null): readonly string[] => {
  const { join } = pathsOf(surroundings);
  const { home, platform } = surroundings;
  const named = variable(surroundings, 'CONDARC');
  const config = variable(surroundings, 'XDG_CONFIG_HOME') ?? join(home, '.config');
  return [
    ...(named === undefined ? [] : [named]),
    join(home, '.condarc'),
    join(home, '.conda', '.condarc'),
    join(config, 'conda', '.condarc'),
    ...(prefix === null ? [] : [join(prefix, '.condarc')]),
    platform === 'win32' ? 'C:\\ProgramData\\conda\\.condarc' : '/etc/conda/.condarc',
  ];
};

const fromFiles = (surroundings: Surroundings, prefix: string | null): Setting | null => {
  for (const file of files(surroundings, prefix)) {
    const value = yamlList(surroundings.readText(file) ?? '', 'pkgs_dirs')[0] ?? null;
    const where = `pkgs_dirs in ${withTilde(surroundings, file)}`;
    if (value !== null)
      return {
        value: value.replace(
          /\$(?:(\w+)|\{(\w+)\})/g,
          (whole, a?: string, b?: string) => surroundings.env[a ?? b ?? ''] ?? whole,
        ),
        because: where,
        where,
      };
  }
  return null;
};

/** Beside conda where it can write there, else in the home: told by what conda puts into each such folder. */
const defaultPath = (surroundings: Surroundings, prefix: string | null): string => {
  const { join } = pathsOf(surroundings);
  const own = join(surroundings.home, '.conda', 'pkgs');
  if (prefix === null) return own;
  const has = (dir: string): boolean => surroundings.readText(join(dir, 'urls.txt')) !== null;
  const beside = join(prefix, 'pkgs');
  return !has(beside) && has(own) ? own : beside;
};

/** The first of `CONDA_PKGS_DIRS`, of `pkgs_dirs` in its settings, or the place of its own (conda/base/context.py). */
export const condaRoot = (surroundings: Surroundings): Root => {
  const prefix = prefixOf(surroundings);
  const named = fromVariable(surroundings, 'CONDA_PKGS_DIRS', 'replaced');
  const first = named?.value.split(',')[0]?.trim();
  return rootFrom(
    'conda',
    named !== null && first ? { ...named, value: first } : fromFiles(surroundings, prefix),
    defaultPath(surroundings, prefix),
    surroundings,
  );
};
