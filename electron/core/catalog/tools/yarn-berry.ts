import { dirname, join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { programWords } from '../command-line.ts';
import { childrenOf } from '../decode/walk.ts';
import { isSharedArchive, yarnBerryEntries } from '../decode/yarn-berry-entries.ts';
import { fromVariable } from '../named-setting.ts';
import { byPath, lockStays } from '../parts/by-path.ts';
import { rootFrom, type Setting } from '../root.ts';
import { yamlText } from '../settings-yaml.ts';
import { litter, stranger, unitPath, unknownNames, workingCopy } from '../shape.ts';
import { localAppData, pathsOf, variable, withTilde } from '../surroundings.ts';
import type { Surroundings, Tool, UnitDefinition } from '../tool.ts';

/** `index` is of the pnpm linker, `store` of nmMode: hardlinks-global. */
const folders = ['metadata', 'index', 'store', 'cache'];

/** The `.yarn` of a project: its cache may be committed, so that the project installs without a network. Never ours to clear. */
const isProjects = (root: string, read: Reader): boolean =>
  ['package.json', 'yarn.lock', '.pnp.cjs'].some((name) => read.facts(join(dirname(root), name)) !== null);

const units: Tool['units'] = (root, read) =>
  isProjects(root, read)
    ? []
    : childrenOf(read, root)
        .filter(({ kind, name }) => kind === 'directory' && folders.includes(name))
        .map(({ name }): UnitDefinition => ({ name, kind: 'directory', rewritten: 'anything' }));

const whyKept = (name: string): string => {
  if (name === 'cache') return 'The packages of a project, which may be part of it and committed with it.';
  if (name === 'releases' || name === 'plugins') return 'Yarn itself and its plugins, as projects use them.';
  if (name === 'telemetry.json') return 'What Yarn counts of its own use.';
  return 'Not one of the folders that Yarn caches in.';
};

const isLock = ({ name }: Child): boolean => /\.zip\.f?lock$/.test(name);

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit));
  const belongs = (child: Child): boolean => {
    if (litter(child)) return true;
    if (unit.name === 'metadata') return child.kind === 'directory' && child.name === 'npm';
    if (unit.name === 'index' || unit.name === 'store')
      return child.kind === 'directory' && /^(?:v\d+|[0-9a-f]{2})$/.test(child.name);
    return isSharedArchive(child.name) || isLock(child) || child.name === '.gitignore';
  };
  return workingCopy(children) ?? stranger(children, belongs, 'what Yarn keeps there for all projects');
};

const recognise: Tool['recognise'] = (root, read) => {
  if (isProjects(root, read)) return null;
  const found = childrenOf(read, join(root, 'cache')).find(({ name }) => isSharedArchive(name));
  return found === undefined ? null : `Its folder cache holds ${found.name}, as Yarn names packages for all projects.`;
};

/** A relative one in the file is below that file's folder (Configuration.ts, resolveRcFiles). */
const fromFile = (surroundings: Surroundings): Setting | null => {
  const paths = pathsOf(surroundings);
  const file = paths.join(surroundings.home, '.yarnrc.yml');
  const text = surroundings.readText(file);
  const value = text === null ? null : yamlText(text, 'globalFolder');
  // A variable in it is Yarn's own language: `${HOME}/x`.
  if (value === null || value === '' || value.includes('$')) return null;
  const where = `globalFolder in ${withTilde(surroundings, file)}`;
  return { value: paths.resolve(surroundings.home, value), because: where, where };
};

/** folderUtils.ts, getDefaultGlobalFolder: on a Mac too it looks at XDG_DATA_HOME. */
const defaultPath = (surroundings: Surroundings): string => {
  const { join: joined } = pathsOf(surroundings);
  if (surroundings.platform === 'win32') return joined(localAppData(surroundings), 'Yarn', 'Berry');
  const data = variable(surroundings, 'XDG_DATA_HOME');
  return data === undefined ? joined(surroundings.home, '.yarn', 'berry') : joined(data, 'yarn', 'berry');
};

const working =
  /^(?:install|add|remove|up|dedupe|dlx|cache|rebuild|import|upgrade-interactive|npm|info|set|plugin|patch|unplug|link)$/;

/** `yarn` alone installs. Which Yarn it is does not show: Yarn 1 is counted by its own entry too. */
const works: Tool['works'] = (argv) => {
  const [program = '', ...words] = programWords(argv);
  if (!/^(?:yarn(?:pkg)?(?:\.c?js)?|yarn-\d+\.\d+\.\d+(?:-[\w.]+)?\.c?js)$/.test(program)) return false;
  if (words.some((word) => /^(?:-v|--version|-h|--help)$/.test(word))) return false;
  const command = words.find((word, at) => !word.startsWith('-') && words[at - 1] !== '--cwd') ?? 'install';
  return command === 'dlx' ? 'while-alone' : working.test(command);
};

const parts = byPath({ stays: (_, key) => (/\.f?lock$/.test(key) ? lockStays : null) });

/** Yarn 2 and later, called Berry: what all projects share. Layout: yarnpkg-core, Cache.ts, folderUtils.ts; plugin-npm. */
export const yarnBerry: Tool = {
  id: 'yarn-berry',
  name: 'Yarn 2+',
  sources: ['yarnpkg-core, Cache.ts', 'yarnpkg-core, folderUtils.ts', 'Yarn, plugin-npm'],
  what: 'Packages that Yarn 2 and later has downloaded for all projects, as zip archives, and what it knows of them from the registry.',
  cost: 'Yarn downloads again what it needs next. Projects with Plug’n’Play run straight from these archives: they stop working until “yarn install”. The .yarn folder in a project stays.',
  command: 'yarn cache clean --mirror (in a project)',
  links:
    'Projects with Plug’n’Play read the archives in “cache” while they run. Those with the pnpm linker share the files in “index”, those with nmMode: hardlinks-global in “store”: what they use frees no space, and goes on working.',
  root: (surroundings) =>
    rootFrom(
      'Yarn',
      fromVariable(surroundings, 'YARN_GLOBAL_FOLDER') ?? fromFile(surroundings),
      defaultPath(surroundings),
      surroundings,
    ),
  units,
  keeps: (root, read) =>
    unknownNames(
      root,
      read,
      units(root, read).map(({ name }) => name),
      whyKept,
    ),
  recognise,
  contradiction,
  works,
  // One for each archive that is being written, with the number of the process in it (fslib, lockPromise).
  temporaries: (root, read) =>
    childrenOf(read, join(root, 'cache'))
      .filter(isLock)
      .map(({ path }) => path),
  parts,
  entries: (root, unit, read) => yarnBerryEntries(unitPath(root, unit), unit.name, read),
};
