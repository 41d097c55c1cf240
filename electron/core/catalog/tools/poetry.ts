import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { programWords } from '../command-line.ts';
import { isPoetryResponse, poetryEntries } from '../decode/poetry-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { fromVariable, literally } from '../named-setting.ts';
import { byPath } from '../parts/by-path.ts';
import { rootFrom, type Setting } from '../root.ts';
import { tomlText } from '../settings-toml.ts';
import { litter, stranger, unitPath, unknownNames, workingCopy } from '../shape.ts';
import { pathsOf, variable, withTilde } from '../surroundings.ts';
import type { Surroundings, Tool, UnitDefinition } from '../tool.ts';
import { pythonCacheDir } from './pip-root.ts';

const artifacts: UnitDefinition = { name: 'artifacts', kind: 'directory', rewritten: 'anything' };
const repositories: UnitDefinition = { name: 'cache/repositories', kind: 'directory', rewritten: 'anything' };

const units: Tool['units'] = (root, read) => (read.facts(root) === null ? [] : [artifacts, repositories]);

const whyKept = (name: string): string => {
  if (name === 'virtualenvs')
    return 'The environments of your projects: Poetry keeps them here, though they are no cache.';
  if (/\.toml$/.test(name)) return 'Your settings of Poetry.';
  return 'Not one of the folders that Poetry caches in.';
};

const keeps: Tool['keeps'] = (root, read) => [
  ...unknownNames(root, read, ['artifacts', 'cache'], whyKept),
  ...unknownNames(join(root, 'cache'), read, ['repositories'], whyKept),
];

const twoHex = ({ name, kind }: Child): boolean => kind === 'directory' && /^[0-9a-f]{2}$/.test(name);

/** What Poetry makes in the folder of a package index: shelves of answers, and responses as CacheControl keeps them. */
const inRepository = (child: Child): boolean =>
  twoHex(child) ||
  litter(child) ||
  (child.kind === 'directory' && /^(?:_http|_packages|packages|releases|matches|[0-9a-f])$/.test(child.name));

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit));
  const found = workingCopy(children);
  if (found !== null) return found;
  if (unit.name === artifacts.name)
    return stranger(
      children,
      (child) => twoHex(child) || litter(child),
      'one of the folders 00 to ff that Poetry makes there',
    );
  for (const index of children) {
    if (index.kind !== 'directory') {
      if (!litter(index)) return stranger([index], () => false, 'a package index as Poetry keeps them');
      continue;
    }
    const inside = childrenOf(read, index.path);
    const odd = workingCopy(inside) ?? stranger(inside, inRepository, 'a name that Poetry gives there');
    if (odd !== null) return odd;
  }
  return null;
};

/** The first file down there, a few folders deep, in whatever is first. */
const firstBelow = (read: Reader, dir: string, depth: number): Child | null => {
  for (const child of childrenOf(read, dir).slice(0, 8)) {
    const found = child.kind === 'file' ? child : depth > 1 ? firstBelow(read, child.path, depth - 1) : null;
    if (found !== null) return found;
  }
  return null;
};

const recognise: Tool['recognise'] = (root, read) => {
  for (const index of childrenOf(read, join(root, 'cache', 'repositories'))) {
    const first = childrenOf(read, index.path).filter(twoHex)[0];
    const file = first === undefined ? null : firstBelow(read, first.path, 8);
    if (file !== null && isPoetryResponse(read, file.path))
      return `Its folder cache/repositories holds ${index.name}, with answers as Poetry keeps them.`;
  }
  const shelf = childrenOf(read, join(root, artifacts.name)).find(twoHex);
  const file = shelf === undefined ? null : firstBelow(read, shelf.path, 4);
  return file !== null && /\.(?:whl|tar\.gz|tar\.bz2|zip)$/.test(file.name)
    ? `Its folder artifacts holds ${file.name}, as Poetry keeps downloads.`
    : null;
};

/** Where Poetry's settings are (locations.py); on macOS in one of two places. */
const files = (surroundings: Surroundings): readonly string[] => {
  const { join: joined } = pathsOf(surroundings);
  const { home } = surroundings;
  const named = variable(surroundings, 'POETRY_CONFIG_DIR');
  const dirs = (): readonly string[] => {
    switch (surroundings.platform) {
      case 'win32':
        return [joined(variable(surroundings, 'APPDATA') ?? joined(home, 'AppData', 'Roaming'), 'pypoetry')];
      case 'darwin':
        return ['Application Support', 'Preferences'].map((dir) => joined(home, 'Library', dir, 'pypoetry'));
      default:
        return [joined(variable(surroundings, 'XDG_CONFIG_HOME') ?? joined(home, '.config'), 'pypoetry')];
    }
  };
  return (named === undefined ? dirs() : [literally(named, surroundings)]).map((dir) => joined(dir, 'config.toml'));
};

const fromFiles = (surroundings: Surroundings): Setting | null => {
  for (const file of files(surroundings)) {
    const text = surroundings.readText(file);
    const value = text === null ? null : tomlText(text, ['cache-dir']);
    const where = `cache-dir in ${withTilde(surroundings, file)}`;
    if (value !== null && value !== '') return { value, because: where, where };
  }
  return null;
};

/** `POETRY_CACHE_DIR`, `poetry config cache-dir`, the platform's place. A project's poetry.toml counts for that project only. */
const root: Tool['root'] = (surroundings) =>
  rootFrom(
    'Poetry',
    fromVariable(surroundings, 'POETRY_CACHE_DIR', 'replaced') ?? fromFiles(surroundings),
    pythonCacheDir('pypoetry', surroundings),
    surroundings,
  );

const working = /^(?:install|add|update|lock|sync|remove|build|publish|self|cache|show|search|debug)$/;

/** Poetry, which keeps the dependencies of Python projects. Layout: poetry/locations.py, config/config.py, utils/cache.py. */
export const poetry: Tool = {
  id: 'poetry',
  name: 'Poetry',
  sources: ['Poetry, locations.py', 'Poetry, config/config.py', 'Poetry, utils/cache.py'],
  what: 'Packages that Poetry has downloaded, and what package indexes told it about versions.',
  cost: 'Poetry downloads again what it needs next, and asks indexes again. The environments of your projects, which stand in the same place, stay.',
  command: 'poetry cache clear --all INDEX (one index at a time)',
  root,
  units,
  keeps,
  recognise,
  contradiction,
  works: (argv) => {
    const [program, ...words] = programWords(argv);
    return program === 'poetry' && working.test(words.find((word) => !word.startsWith('-')) ?? '');
  },
  parts: byPath(),
  entries: (dir, unit, read) => poetryEntries(unitPath(dir, unit), unit.name, read),
};
