import { basename } from 'node:path';
import { type Child, glancing, type Reader } from '../../fs/reader.ts';
import { things } from '../decode/thing.ts';
import { childrenOf } from '../decode/walk.ts';
import { rootFrom } from '../root.ts';
import { hasCacheTag, unitPath, workingCopy } from '../shape.ts';
import { pathsOf, platformCacheDir } from '../surroundings.ts';
import type { Surroundings, Tool } from '../tool.ts';

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

/** Shapes that say as surely what they are as a tag does, and what that is. */
const shapes: readonly { readonly name: RegExp; readonly holds: RegExp; readonly what: string }[] = [
  {
    name: /^thumbnails$/,
    holds: /^(?:normal|large|x-large|xx-large|fail)$/,
    what: 'Small pictures of your files that file managers show (specifications.freedesktop.org/thumbnail). They are drawn again when a folder is shown.',
  },
  {
    name: /^mesa_shader_cache(?:_db|_sf)?$/,
    holds: /^(?:index|[0-9a-f]{2}|part\d+|mesa_cache\.(?:db|idx))$/,
    what: 'Programs for the graphics card that Mesa has translated. They are translated again when they are needed, and the first picture takes longer.',
  },
];

const shapeOf = (path: string, read: Reader) =>
  shapes.find(
    ({ name, holds }) =>
      name.test(basename(path)) && childrenOf(glancing(read, mostNames), path).some((child) => holds.test(child.name)),
  );

/**
 * What else stands in the platform's cache directory and says of itself, with a CACHEDIR.TAG or a shape that is known,
 * that it is a cache: each under its own name. Left out is what one of the tools given has by default or recognises as
 * its own: it has a line there.
 */
export const otherCaches = (known: readonly Tool[]): Tool => {
  const names = new Set(
    known.flatMap((tool) => platforms.map((platform) => defaultName(tool, platform)?.toLowerCase())),
  );
  const isOther = (child: Child, read: Reader): boolean =>
    child.kind === 'directory' &&
    !names.has(child.name.toLowerCase()) &&
    !/\.(?:stale|deleting|restored)-\d/.test(child.name) &&
    (hasCacheTag(child.path, read) || shapeOf(child.path, read) !== undefined) &&
    !known.some((tool) => tool.recognise(child.path, glancing(read, mostNames)) !== null);
  const root: Tool['root'] = (surroundings) =>
    rootFrom('The platform', null, platformCacheDir(surroundings), surroundings);
  return {
    id: 'other',
    name: 'Other caches',
    sources: ['bford.info/cachedir', 'specifications.freedesktop.org/thumbnail'],
    what: 'A folder beside the caches of known tools that says of itself that it is a cache: a CACHEDIR.TAG is in it. Its name is that of the program that made it.',
    cost: 'Its program makes or downloads again what it needs next. How long that takes, only that program knows.',
    command: null,
    root,
    places: (surroundings, read) => {
      const place = root(surroundings);
      if (place.problem !== undefined) return [];
      return childrenOf(read, place.path)
        .filter((child) => isOther(child, read))
        .map(({ path }) => ({
          path,
          because: hasCacheTag(path, read) ? 'a CACHEDIR.TAG is in it' : 'its shape says what it is',
          isDefault: false,
        }));
    },
    nameAt: (place) => basename(place),
    whatAt: (place, read) =>
      (hasCacheTag(place, read) ? undefined : shapeOf(place, read)?.what) ??
      `A folder that says of itself, by its CACHEDIR.TAG, that it is a cache. By its name it is of ${basename(place)}.`,
    units: (place, read) =>
      hasCacheTag(place, read) || shapeOf(place, read) !== undefined
        ? [{ name: '.', kind: 'directory', rewritten: 'anything' }]
        : [],
    keeps: () => [],
    // Added by a person, such a folder is a cache of its own.
    recognise: () => null,
    contradiction: (place, unit, read) => {
      const path = unitPath(place, unit);
      const children = childrenOf(read, path);
      if (children.length === 0) return null;
      const isOne = hasCacheTag(path, read) || shapeOf(path, read) !== undefined;
      return workingCopy(children) ?? (isOne ? null : 'It holds no CACHEDIR.TAG, so nothing says that it is a cache.');
    },
    entries: (place, unit, read) => things(read, unitPath(place, unit)),
  };
};
