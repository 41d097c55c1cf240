import { basename, join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { programWords } from '../command-line.ts';
import { isNxHash, nxEntries } from '../decode/nx-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { fromVariable } from '../named-setting.ts';
import { rootFrom } from '../root.ts';
import { litter, stranger, unitPath, unknownNames, workingCopy } from '../shape.ts';
import { pathsOf } from '../surroundings.ts';
import type { Tool, UnitDefinition } from '../tool.ts';

/** In `~/.nx` since Nx 22: a hash of where the repository is, and below it both its parts (utils/cache-directory.ts). */
const isRepository = (child: Child): boolean => child.kind === 'directory' && /^[0-9a-f]{16}$/.test(child.name);

const unit = (name: string): UnitDefinition => ({ name, kind: 'directory', rewritten: 'anything' });

/**
 * In `~/.nx` all of a repository at once. In a repository's `.nx` the results go before their database: Nx 24 runs a task
 * again whose result is gone, while results that its database does not know are of no use, and it warns of them. Any
 * other folder is that of a setting.
 */
const units: Tool['units'] = (root, read) => {
  if (basename(root) === '.nx') {
    const children = childrenOf(read, root);
    const own = ['cache', 'workspace-data'].filter((name) =>
      children.some((child) => child.name === name && child.kind === 'directory'),
    );
    return [...children.filter(isRepository).map(({ name }) => unit(name)), ...own.map(unit)];
  }
  return childrenOf(read, root).some(({ kind, name }) => kind === 'directory' && isNxHash(name)) ? [unit('.')] : [];
};

const whyKept = (name: string): string => {
  if (name === 'installation') return 'Nx itself, where the repository has no package.json.';
  if (name === 'nxw.js') return 'The script that starts Nx: a part of the repository.';
  if (/^(?:polygraph|self-healing|nxconsole|tmp|d)$/.test(name)) return 'What programs of Nx that are running use.';
  return 'Not one of the folders that Nx caches in.';
};

const parts =
  /^(?:[\w.-]+\.(?:db|db-shm|db-wal|db-journal|json|hash|log|lock|node)|d|nx_files\.nxt|.*-(?:targets|cache).*|source-maps.*)$/;

const contradiction: Tool['contradiction'] = (root, { name }, read) => {
  const path = unitPath(root, unit(name));
  const children = childrenOf(read, path);
  const found = workingCopy(children);
  if (found !== null || name === 'workspace-data') return found;
  if (/^[0-9a-f]{16}$/.test(name))
    return stranger(children, (child) => ['cache', 'workspace-data'].includes(child.name) || litter(child), 'of Nx');
  const belongs = (child: Child): boolean =>
    litter(child) ||
    isNxHash(child.name) ||
    parts.test(child.name) ||
    /^(?:cloud|terminalOutputs|\.terminalOutputs|run\.json|lastUsed.*)$/.test(child.name);
  return stranger(children, belongs, 'a result of a task as Nx keeps them');
};

const databaseIn = (dir: string, read: Reader): Child | undefined =>
  childrenOf(read, dir).find(({ kind, name }) => kind === 'file' && /\.db$/.test(name));

const recognise: Tool['recognise'] = (root, read) => {
  if (basename(root) !== '.nx') return null;
  const found = [
    root,
    ...childrenOf(read, root)
      .filter(isRepository)
      .map(({ path }) => path),
  ]
    .map((dir) => databaseIn(join(dir, 'workspace-data'), read))
    .find((it) => it !== undefined);
  return found === undefined ? null : `Its folder workspace-data holds ${found.name}, a database of Nx.`;
};

/** The databases of each repository: a daemon has them open all day, and locks them when it writes. */
const databases = (root: string, read: Reader): readonly string[] => {
  const dirs =
    basename(root) === '.nx'
      ? [
          root,
          ...childrenOf(read, root)
            .filter(isRepository)
            .map(({ path }) => path),
        ]
      : [];
  return dirs
    .flatMap((dir) => childrenOf(read, join(dir, 'workspace-data')))
    .filter(({ kind, name }) => kind === 'file' && /\.db(?:-shm)?$/.test(name))
    .map(({ path }) => path);
};

/**
 * Nx, which runs the tasks of a repository. Layout: packages/nx, utils/cache-directory.ts. `NX_CACHE_DIRECTORY` moves the
 * results alone and their database not: the sentence on what it costs says so. Nothing is cleared alone: Nx 20 takes a result that
 * its database names for there when its folder is gone, and restores nothing (native/cache/cache.rs); that database is in WAL mode.
 */
export const nx: Tool = {
  id: 'nx',
  name: 'Nx',
  sources: ['Nx, packages/nx, utils/cache-directory.ts', 'Nx, native/cache/cache.rs'],
  what: 'Results of the tasks of a repository, and what Nx has worked out about it, so that Nx needs not run what has not changed.',
  cost: 'The next run of each task takes its whole time. Results and their database belong together: Nx makes no use of results that its database does not know, and warns of them. Clear both, or use “nx reset”. Nothing in the repository changes.',
  command: 'nx reset (in the repository; it stops the daemon too)',
  root: (surroundings) => {
    const place = pathsOf(surroundings).join(surroundings.home, '.nx');
    return rootFrom('Nx', fromVariable(surroundings, 'NX_CACHE_DIRECTORY'), place, surroundings);
  },
  units,
  keeps: (root, read) =>
    basename(root) === '.nx'
      ? unknownNames(
          root,
          read,
          units(root, read).map(({ name }) => name),
          whyKept,
        )
      : [],
  recognise,
  contradiction,
  locks: { kind: 'posix', files: databases, taken: [] },
  works: (argv) => {
    const [program = '', ...words] = programWords(argv);
    return (
      /^(?:nx|lerna)(?:\.js)?$/.test(program) &&
      /^(?:run|run-many|affected|build|test|lint|e2e|exec|daemon|migrate)/.test(words[0] ?? '')
    );
  },
  entries: (root, { name }, read) => nxEntries(unitPath(root, unit(name)), read),
};
