import { basename, join } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import { withoutInterpreter } from '../command-line.ts';
import { isTurbos, turboEntries } from '../decode/turbo-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { fromVariable } from '../named-setting.ts';
import { byPath } from '../parts/by-path.ts';
import { rootFrom } from '../root.ts';
import { litter, stranger, unitPath, unknownNames, workingCopy } from '../shape.ts';
import { pathsOf } from '../surroundings.ts';
import type { Tool } from '../tool.ts';

/** `.turbo`, with the cache in it; any other folder is the cache itself. */
const isOuter = (root: string): boolean => basename(root) === '.turbo';

const units: Tool['units'] = (root, read) => {
  const name = isOuter(root) ? 'cache' : '.';
  return childrenOf(read, join(root, name)).some(isTurbos) ? [{ name, kind: 'directory', rewritten: 'anything' }] : [];
};

const whyKept = (name: string): string =>
  name === 'config.json'
    ? 'Which team and remote cache this repository is linked to.'
    : 'Not the folder that Turborepo caches in.';

const cacheIn = (root: string): string => (isOuter(root) ? join(root, 'cache') : root);

/** A result and its note: the archive alone could be anybody's. */
const isCache = (dir: string, read: Reader): boolean => {
  const children = childrenOf(read, dir).filter(isTurbos);
  return children.some(({ name }) => name.endsWith('-meta.json')) && children.some(({ name }) => name.includes('.tar'));
};

/** The archive first: without it Turborepo looks for nothing else of a result (turborepo-cache, fs.rs). */
const parts = byPath({
  paths: (key) =>
    /^[0-9a-f]{16}$/.test(key)
      ? ['.tar', '.tar.zst', '-manifest.json', '-meta.json'].map((ending) => key + ending)
      : [key],
});

/**
 * Turborepo, which runs the tasks of a repository. Layout: crates/turborepo-cache, fs.rs. It keeps one cache in each
 * repository: here is only that of the variable, and folders that a person adds.
 */
export const turbo: Tool = {
  id: 'turbo',
  name: 'Turborepo',
  sources: ['Turborepo, crates/turborepo-cache/src/fs.rs'],
  what: 'Results of the tasks of one repository, so that Turborepo needs not run what has not changed.',
  cost: 'The next run of each task takes its whole time. Nothing in the repository changes.',
  command: null,
  root: (surroundings) => {
    const setting = fromVariable(surroundings, 'TURBO_CACHE_DIR');
    const place = pathsOf(surroundings).join(surroundings.home, '.turbo', 'cache');
    if (setting !== null) return rootFrom('Turborepo', setting, place, surroundings);
    return {
      path: place,
      because: 'where it is for a repository in your home folder; add those of others',
      isDefault: false,
    };
  },
  units,
  keeps: (root, read) => (isOuter(root) ? unknownNames(root, read, ['cache'], whyKept) : []),
  recognise: (root, read) =>
    isCache(cacheIn(root), read) ? 'It holds results of tasks as Turborepo keeps them.' : null,
  contradiction: (root, unit, read) => {
    const children = childrenOf(read, unitPath(root, unit));
    return (
      workingCopy(children) ??
      stranger(children, (child) => isTurbos(child) || litter(child), 'a result of a task as Turborepo keeps them')
    );
  },
  // Its daemon watches files and leaves the cache alone.
  works: (argv) => {
    const [program = '', ...words] = withoutInterpreter(argv);
    return (
      /(?:^|[/\\])turbo(?:\.exe)?$/.test(program) &&
      !/^(?:daemon|login|logout|link|unlink|info|telemetry|--version|--help|-h)$/.test(words[0] ?? '') &&
      !words.includes('daemon')
    );
  },
  parts,
  entries: (root, unit, read) => turboEntries(unitPath(root, unit), read),
};
