import { programWords } from '../command-line.ts';
import { pipToolsPkgs } from '../decode/pip-tools-pkgs.ts';
import { things } from '../decode/thing.ts';
import { childrenOf } from '../decode/walk.ts';
import { fromVariable } from '../named-setting.ts';
import { pipParts } from '../parts/pip.ts';
import { rootFrom } from '../root.ts';
import { unitPath, unknownNames } from '../shape.ts';
import { localAppData, pathsOf, platformCacheDir } from '../surroundings.ts';
import type { Surroundings, Tool, UnitDefinition } from '../tool.ts';
import { pipContradiction, pipEntries, pipShape, pipUnits } from './pip-units.ts';

/** Besides what its own copy of pip caches: hashes and packages, and files of what depends on what. */
const folders: readonly UnitDefinition[] = ['hash-cache', 'pkgs'].map((name) => ({
  name,
  kind: 'directory',
  rewritten: 'anything',
}));

const isDepcache = (name: string): boolean => /^depcache-[\w.?]+\.json$/.test(name);

const units: Tool['units'] = (root, read) => {
  const children = childrenOf(read, root);
  const there = (name: string): boolean => children.some((child) => child.name === name && child.kind === 'directory');
  return [
    ...[...pipUnits, ...folders].filter(({ name }) => there(name)),
    ...children
      .filter(({ name, kind }) => kind === 'file' && isDepcache(name))
      .map(({ name }): UnitDefinition => ({ name, kind: 'file', rewritten: 'anything' })),
  ];
};

/** `platformdirs.user_cache_dir('pipenv')`: on Windows the name stands twice, as that of its author too. */
const defaultPath = (surroundings: Surroundings): string => {
  const { join } = pathsOf(surroundings);
  return surroundings.platform === 'win32'
    ? join(localAppData(surroundings), 'pipenv', 'pipenv', 'Cache')
    : join(platformCacheDir(surroundings), 'pipenv');
};

/** Pipenv, which keeps the dependencies of Python projects with pip. Layout: pipenv/environments.py; the rest is pip's. */
export const pipenv: Tool = {
  id: 'pipenv',
  name: 'Pipenv',
  sources: ['Pipenv, pipenv/environments.py', 'pip, as for pip itself'],
  what: 'Packages, hashes and index pages that Pipenv has downloaded to work out which versions fit together.',
  cost: 'Pipenv downloads again what it needs next. The environments of your projects stand elsewhere and stay.',
  command: 'pipenv --clear (it deletes the whole cache of pip as well)',
  root: (surroundings) =>
    rootFrom('Pipenv', fromVariable(surroundings, 'PIPENV_CACHE_DIR'), defaultPath(surroundings), surroundings),
  units,
  keeps: (root, read) =>
    unknownNames(
      root,
      read,
      units(root, read).map(({ name }) => name),
      () => 'Not one of the files and folders that Pipenv caches in.',
    ),
  recognise: (root, read) => {
    const own = childrenOf(read, root).find(({ name, kind }) => kind === 'directory' && name === 'hash-cache');
    const shape = own === undefined ? null : pipShape(root, read);
    return shape === null ? null : `It holds hash-cache, and Pipenv has pip cache beside it. ${shape}`;
  },
  contradiction: (root, unit, read) => {
    const found = pipContradiction(root, unit, read);
    const isOwn = folders.some(({ name }) => name === unit.name);
    if (found !== null || !isOwn || childrenOf(read, unitPath(root, unit)).length === 0) return found;
    return pipShape(root, read) === null ? 'What pip caches is not beside it, so Pipenv did not make it.' : null;
  },
  works: (argv) => {
    const [program, ...words] = programWords(argv);
    if (program !== 'pipenv') return false;
    return /^(?:install|uninstall|update|upgrade|lock|sync|check|scan|audit|outdated|requirements|clean)$/.test(
      words.find((word) => !word.startsWith('-')) ?? '',
    );
  },
  parts: pipParts,
  entries: (root, unit, read) => {
    const path = unitPath(root, unit);
    if (unit.kind === 'file') return things(read, root).filter(({ key }) => key === unit.name);
    return pipEntries(root, unit, read) ?? (unit.name === 'pkgs' ? pipToolsPkgs(path, read) : things(read, path));
  },
};
