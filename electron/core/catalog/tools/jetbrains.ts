import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { things } from '../decode/thing.ts';
import { childrenOf } from '../decode/walk.ts';
import { rootFrom } from '../root.ts';
import { unitPath, unknownNames, workingCopy } from '../shape.ts';
import { pathsOf, platformCacheDir } from '../surroundings.ts';
import type { Tool, UnitDefinition } from '../tool.ts';

/**
 * What an IDE makes again from the files of a person's projects or from the network. `caches` is not among them: it is
 * the IDE's view of all files, and an IDE that finds a new one throws LocalHistory away (lvcs ChangeListStorageImpl).
 */
const folders: readonly string[] = [
  ...['index', 'vcs-log', 'compile-server', 'compiler', 'jcef_cache', 'python_stubs', 'tmp', 'log'],
];

/** `IntelliJIdea2024.1`, `PyCharmCE2023.3`: a product and its version. */
const isProduct = ({ kind, name }: Child): boolean => kind === 'directory' && /^[A-Z][A-Za-z]+20\d\d\.\d+$/.test(name);

const productsIn = (root: string, read: Reader): readonly Child[] => childrenOf(read, root).filter(isProduct);

const units = (root: string, read: Reader): readonly UnitDefinition[] =>
  productsIn(root, read).flatMap(({ name: product, path }) =>
    folders
      .filter((name) => read.facts(join(path, name))?.kind === 'directory')
      .map((name): UnitDefinition => ({ name: `${product}/${name}`, kind: 'directory', rewritten: 'anything' })),
  );

const whyKept = (name: string): string => {
  if (name === 'LocalHistory')
    return 'Local History: what your files were like before, also those that you have deleted.';
  if (name === 'caches')
    return 'Local History rests on it: without it the IDE throws your Local History away. File | Invalidate Caches leaves you the choice.';
  if (name === 'tasks' || name === 'workspace' || name === 'projects')
    return 'What the IDE remembers of your projects.';
  if (name === 'testHistory' || name === 'coverage') return 'Results of your tests.';
  if (name === 'consoles' || name === 'scratches') return 'What you wrote in consoles and scratch files.';
  if (name === 'Maven' || name === 'plugins') return 'What plugins keep.';
  return /^\.|\.lock$|\.pid$|\.port$/.test(name)
    ? 'By it a running IDE is found. It must stay where it is.'
    : 'Not one of the folders that are known to be made again.';
};

const keeps: Tool['keeps'] = (root, read) =>
  productsIn(root, read).flatMap(({ path }) => unknownNames(path, read, folders, whyKept));

/** LocalHistory, caches or index stand in every folder of a version that an IDE has ever worked in. */
const isWorkedIn = (path: string, read: Reader): boolean =>
  childrenOf(read, path).some(({ kind, name }) => kind === 'directory' && /^(?:LocalHistory|caches|index)$/.test(name));

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit));
  const found = workingCopy(children);
  if (found !== null || children.length === 0) return found;
  return isWorkedIn(join(root, unit.name.split('/')[0] ?? ''), read)
    ? null
    : 'Beside it stands none of LocalHistory, caches and index, which an IDE makes there.';
};

const recognise: Tool['recognise'] = (root, read) => {
  const found = productsIn(root, read).find(({ path }) => isWorkedIn(path, read));
  return found === undefined ? null : `It holds ${found.name}, as an IDE of JetBrains makes it.`;
};

/** The program's own launcher, or Java with the IDE's main class; its paths say which IDE it is. */
const launchers =
  /^(?:idea|pycharm|webstorm|phpstorm|goland|clion|rider|rubymine|datagrip|dataspell|rustrover|aqua|writerside|studio)(?:64)?$/;

const last = (word: string): string => word.slice(Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\')) + 1);

const works: Tool['works'] = (argv) =>
  launchers.test(last(argv[0] ?? '').replace(/\.exe$/i, '')) ||
  argv.some((word) => /^com\.intellij\.idea\.Main$|^-Didea\.(?:paths\.selector|vendor\.name)=/.test(word));

interface Vendor {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
}

/** The folder of a vendor where caches are (PathManager). Elsewhere by idea.system.path of one version's idea.properties. */
const toolFor = ({ id, name, folder }: Vendor): Tool => ({
  id,
  name,
  sources: ['jetbrains.com/help/idea, directories used by the IDE', 'IntelliJ, PathManager'],
  what: `Indexes of your projects, results of builds, pages and logs that ${name} keeps, for each version that you have used.`,
  cost: 'The IDE indexes and builds your projects again when it opens them, which can take long for large ones. Local History, settings and plugins stay. Close the IDE first.',
  command: null,
  root: (surroundings) =>
    rootFrom(name, null, pathsOf(surroundings).join(platformCacheDir(surroundings), folder), surroundings),
  units,
  keeps,
  recognise,
  contradiction,
  works,
  entries: (root, unit, read) => things(read, unitPath(root, unit)),
});

/** The IDEs of JetBrains: jetbrains.com/help/idea, directories used by the IDE. */
export const jetbrains: Tool = toolFor({ id: 'jetbrains', name: 'JetBrains IDEs', folder: 'JetBrains' });
/** The same program with other makers and another folder. */
export const androidStudio: Tool = {
  ...toolFor({ id: 'android-studio', name: 'Android Studio', folder: 'Google' }),
  sharesRoot: true,
  recognise: (root, read) =>
    productsIn(root, read).some(({ name }) => name.startsWith('AndroidStudio')) ? recognise(root, read) : null,
};
