import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { programWords } from '../command-line.ts';
import { uvEntries } from '../decode/uv-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { uvParts } from '../parts/uv.ts';
import { hasCacheTag, litter, stranger, unitPath, unknownNames, workingCopy } from '../shape.ts';
import type { Tool, UnitDefinition } from '../tool.ts';
import { uvRoot } from './uv-root.ts';

/** What uv names a folder of its cache, with the number of its format behind it (crates/uv-cache/src/lib.rs, CacheBucket). */
const bucket =
  /^(simple|flat-index|wheels|built-wheels|sdists|git|interpreter|builds|environments|python|binaries|osv|archive)-v\d+$/;

/** `wheels` of `wheels-v6`. */
const bucketOf = (name: string): string => bucket.exec(name)?.[1] ?? '';

/**
 * What links comes before what is linked to: wheels and sdists hold links into archive. Stopped half way, a clear then
 * leaves archives that nothing names, which uv prune removes, and no links that lead nowhere.
 */
const late = ['archive'];
const order = (name: string): number => late.indexOf(bucketOf(name));

/** uv puts an empty `.git` into its folder of source distributions, so that builds look for no repository above it. */
const phonyGit = ['sdists', 'built-wheels'];

const isBucket = (child: Child): boolean => child.kind === 'directory' && bucket.test(child.name);

const units = (root: string, read: Reader): readonly UnitDefinition[] =>
  childrenOf(read, root)
    .filter(isBucket)
    .toSorted((a, b) => order(a.name) - order(b.name))
    .map(({ name }) => ({
      name,
      kind: 'directory',
      // Builds, clones and environments are worked in; the rest is written beside and renamed into place.
      rewritten: ['simple', 'wheels', 'archive'].includes(bucketOf(name)) ? 'nothing' : 'anything',
      ...(phonyGit.includes(bucketOf(name)) && { hasGit: true }),
    }));

const whyKept = (name: string): string => {
  if (name === '.lock') return 'The lock that every uv holds while it runs. It must stay where it is.';
  if (name === 'CACHEDIR.TAG' || name === '.gitignore')
    return 'It tells backup programs and git that this is a cache. uv makes it once.';
  return 'Not one of the folders that uv caches in.';
};

/** What stands on top of those folders whose names say it (crates/uv-cache/src/wheel.rs, WheelCache). */
const inside: Readonly<Record<string, RegExp>> = {
  simple: /^(?:pypi|index)$/,
  'flat-index': /^(?:html|.+\.msgpack|[0-9a-f]{16})$/,
  wheels: /^(?:pypi|index|url|path|editable|git)$/,
  'built-wheels': /^(?:pypi|index|url|path|editable|git|\.git|\.gitignore)$/,
  sdists: /^(?:pypi|index|url|path|editable|git|\.git|\.gitignore)$/,
  git: /^(?:db|checkouts|locks)$/,
  archive: /^[\w-]{16,}$/,
};

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const path = unitPath(root, unit);
  const children = childrenOf(read, path);
  const belongs = inside[bucketOf(unit.name)];
  const phony = unit.hasGit === true && read.facts(join(path, '.git'))?.size === 0;
  const found = workingCopy(children.filter(({ name, kind }) => !(phony && name === '.git' && kind === 'file')));
  if (found !== null || belongs === undefined) return found;
  return stranger(
    children,
    (child) => belongs.test(child.name) || child.name === '.lock' || /^\.tmp/.test(child.name) || litter(child),
    'a name that uv gives there',
  );
};

const recognise: Tool['recognise'] = (root, read) => {
  const found = childrenOf(read, root).find(isBucket);
  return found === undefined || !hasCacheTag(root, read)
    ? null
    : `It holds ${found.name} as uv names its folders, and a CACHEDIR.TAG.`;
};

/** Commands that leave the cache alone, or run something of the person's for hours. */
const quiet = /^(?:run|help|self|version|auth|generate-shell-completion)$/;

/** uv holds its lock while it runs; older releases do not. */
const works: Tool['works'] = (argv) => {
  const [program, ...words] = programWords(argv);
  if (program === 'uvx') return 'while-alone';
  if (program !== 'uv') return false;
  const [command, next] = words.filter((word) => !word.startsWith('-'));
  if (command === undefined || quiet.test(command)) return false;
  return command === 'tool' && next === 'run' ? 'while-alone' : true;
};

/** uv, the installer of Python packages and Pythons. Layout: crates/uv-cache/src/lib.rs. */
export const uv: Tool = {
  id: 'uv',
  name: 'uv',
  sources: ['uv, crates/uv-cache/src/lib.rs', 'uv, crates/uv-cache/src/wheel.rs'],
  what: 'Packages that uv has downloaded, unpacked and built, index pages, clones of repositories, and environments it made for single runs.',
  cost: 'uv downloads and builds again what it needs next. Environments that link to it (link-mode symlink) stop working until they are synced again. Its folders wheels and archive belong together: clear both or neither, or links in wheels lead nowhere.',
  command: 'uv cache clean',
  own: {
    argv: ['uv', 'cache', 'clean'],
    does: 'It waits until no other uv runs, and deletes the whole cache.',
    better: 'The authors of uv want its cache to be changed by uv alone.',
  },
  links:
    'Environments share their files with it: as clones or hard links, so that clearing gives back less than it shows and they go on working, or, where link-mode is symlink, as links, so that they stop working.',
  root: uvRoot,
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
  locks: {
    kind: 'flock',
    files: (root, read) => [join(root, '.lock')].filter((path) => read.facts(path)?.kind === 'file'),
    taken: ['.lock'],
  },
  works,
  parts: uvParts,
  entries: (root, unit, read) => uvEntries(unitPath(root, unit), bucketOf(unit.name), read),
};
