import { type Child, glancing, type Reader } from '../../fs/reader.ts';
import { things } from '../decode/thing.ts';
import { childrenOf } from '../decode/walk.ts';
import { rootFrom } from '../root.ts';
import { hasCacheTag, unitPath, workingCopy } from '../shape.ts';
import { pathsOf, platformCacheDir } from '../surroundings.ts';
import type { Surroundings, Tool, UnitDefinition } from '../tool.ts';

/** No tool has as many names in a folder that it is recognised by. */
const mostNames = 200;

const home: Readonly<Record<Surroundings['platform'], string>> = {
  linux: '/home/a',
  darwin: '/Users/a',
  win32: 'C:\\Users\\a',
};

/** The folder of the platform's cache directory that is a tool's by default; null when its place is elsewhere. */
const defaultName = (tool: Tool, platform: Surroundings['platform']): string | null => {
  const bare: Surroundings = { platform, env: {}, home: home[platform], cwd: home[platform], readText: () => null };
  const { relative, sep, isAbsolute } = pathsOf(bare);
  const below = relative(platformCacheDir(bare), tool.root(bare).path);
  return below === '' || below.startsWith('..') || isAbsolute(below) ? null : (below.split(sep)[0] ?? null);
};

const platforms = Object.keys(home) as readonly Surroundings['platform'][];

/**
 * What else in the platform's cache directory says of itself, with a CACHEDIR.TAG, that it is a cache. Each of those folders
 * is a unit, under its own name. Left out is what one of the tools given has by default or recognises as its own:
 * it has a line there.
 */
export const otherCaches = (known: readonly Tool[]): Tool => {
  const names = new Set(
    known.flatMap((tool) => platforms.map((platform) => defaultName(tool, platform)?.toLowerCase())),
  );
  const isOther = (child: Child, read: Reader): boolean =>
    child.kind === 'directory' &&
    !names.has(child.name.toLowerCase()) &&
    !/\.(?:stale|deleting)-\d/.test(child.name) &&
    hasCacheTag(child.path, read) &&
    !known.some((tool) => tool.recognise(child.path, glancing(read, mostNames)) !== null);
  const units = (root: string, read: Reader): readonly UnitDefinition[] =>
    childrenOf(read, root)
      .filter((child) => isOther(child, read))
      .map(({ name }) => ({ name, kind: 'directory', rewritten: 'anything' }));
  return {
    id: 'other',
    name: 'Other caches',
    what: 'Folders beside the caches of known tools that say of themselves that they are caches: a CACHEDIR.TAG is in each. Their names are those of the programs that made them.',
    cost: 'Its program makes or downloads again what it needs next. How long that takes, only that program knows.',
    command: null,
    root: (surroundings) => rootFrom('The platform', null, platformCacheDir(surroundings), surroundings),
    units,
    // What else stands there is no part of this.
    keeps: () => [],
    // Added by a person, such a folder is a cache of its own.
    recognise: () => null,
    contradiction: (root, unit, read) => {
      const path = unitPath(root, unit);
      const children = childrenOf(read, path);
      if (children.length === 0) return null;
      return (
        workingCopy(children) ??
        (hasCacheTag(path, read) ? null : 'It holds no CACHEDIR.TAG, so nothing says that it is a cache.')
      );
    },
    entries: (root, unit, read) => things(read, unitPath(root, unit)),
  };
};
