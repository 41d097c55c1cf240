import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { programWords } from '../command-line.ts';
import { ccacheEntries } from '../decode/ccache-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { byPath, lockStays } from '../parts/by-path.ts';
import { hasCacheTag, litter, stranger, unitPath, unknownNames, workingCopy } from '../shape.ts';
import type { Tool } from '../tool.ts';
import { wholeOrParts } from '../whole.ts';
import { ccacheRoot } from './ccache-root.ts';

/** `0` to `f`, the first digit of a hash, with a CACHEDIR.TAG and counters in each (storage/local/localstorage.cpp). */
const isLevel = ({ name, kind }: Child): boolean => kind === 'directory' && /^[0-9a-f]$/.test(name);
/** Files that are being written, and locks of single steps, which newer releases keep in one folder. */
const isHelper = ({ name, kind }: Child): boolean => kind === 'directory' && (name === 'tmp' || name === 'lock');
const isOwn = (child: Child): boolean => isLevel(child) || isHelper(child);

const units: Tool['units'] = (root, read) => wholeOrParts(root, read, isOwn, isOwn, 'anything');

const whyKept = (name: string): string =>
  name === 'ccache.conf' ? 'Your settings of ccache.' : 'Not one of the folders that ccache caches in.';

const keeps: Tool['keeps'] = (root, read) => {
  const found = units(root, read);
  if (found[0]?.name === '.') return [];
  return unknownNames(root, read, [...found.map(({ name }) => name), 'CACHEDIR.TAG'], whyKept);
};

/** Sub-folders of one digit, counters with their lock, results, manifests and raw files, and older names of all these. */
const inLevel = (child: Child): boolean =>
  litter(child) ||
  (child.kind === 'directory'
    ? /^[0-9a-f]$/.test(child.name)
    : /^(?:stats(?:\.lock.*)?|[0-9a-v]{20,}(?:-\d+)?(?:[RM]|\d+W|[\w.]*)|.*\.tmp\..*)$/.test(child.name));

/** `tmp` alone is anybody's: it is ccache's beside a folder that holds what ccache makes. */
const isBesideLevels = (children: readonly Child[], read: Reader): boolean =>
  children
    .filter(isLevel)
    .some(({ path }) => childrenOf(read, path).some((child) => inLevel(child) && child.kind !== 'link'));

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit));
  const found = workingCopy(children);
  if (found !== null || children.length === 0) return found;
  const all = childrenOf(read, root);
  if (/^(?:\.|tmp|lock)$/.test(unit.name) && !isBesideLevels(all, read))
    return 'No folder 0 to f beside it holds what ccache makes.';
  if (/^(?:tmp|lock)$/.test(unit.name)) return null;
  if (unit.name !== '.') return stranger(children, inLevel, 'a name that ccache gives there');
  const odd = stranger(children, (child) => isOwn(child) || litter(child), 'a folder that ccache makes there');
  if (odd !== null) return odd;
  for (const level of children.filter(isLevel)) {
    const other = stranger(childrenOf(read, level.path), inLevel, 'a name that ccache gives there');
    if (other !== null) return other;
  }
  return null;
};

const recognise: Tool['recognise'] = (root, read) => {
  const found = childrenOf(read, root)
    .filter(isLevel)
    .find(({ path }) => hasCacheTag(path, read) && read.facts(join(path, 'stats'))?.kind === 'file');
  return found === undefined
    ? null
    : `Its folder ${found.name} holds counters as ccache keeps them, and a CACHEDIR.TAG.`;
};

/** Its own options (core/mainoptions.cpp): those that only ask are no use of the cache. */
const cleans = /^(?:-c|-C|--cleanup|--clear|-X|--recompress|--evict-older-than|--evict-namespace|--trim-dir)/;

/** A manifest leads to its results. The sizes that it counts ccache puts right when it cleans up (ccache -c). */
const parts = byPath({
  stays: (_, key) => (/(?:^|\/)(?:stats\.lock.*|lock)$/.test(key) ? lockStays : null),
  order: (path) => (path.endsWith('M') ? 0 : 1),
});

/** ccache, which remembers what compilers have made. Layout: doc/manual.adoc; src/ccache/storage/local. */
export const ccache: Tool = {
  id: 'ccache',
  name: 'ccache',
  sources: ['ccache, doc/manual.adoc', 'ccache, src/ccache/storage/local', 'ccache, core/cacheentry.cpp'],
  what: 'What C and C++ compilers have made: ccache gives it again when the same source is compiled once more.',
  cost: 'The next builds compile everything again, which can take long for a large project. Nothing is downloaded, and nothing that was built changes. Its counters begin at zero.',
  command: 'ccache --clear (it keeps counters and settings)',
  own: {
    argv: ['ccache', '--clear'],
    does: 'It deletes all results, and keeps counters and settings.',
    better: null,
  },
  links:
    'Copies, unless hard_link is set in its settings: then object files of builds share their bytes with the cache, and clearing gives back less than it shows.',
  root: ccacheRoot,
  units,
  keeps,
  recognise,
  contradiction,
  // Its locks are symbolic links that stand for a moment each, and it takes up with whatever is missing.
  works: (argv) => {
    const [program, first] = programWords(argv);
    if (program?.replace(/\.exe$/, '') !== 'ccache' || first === undefined) return false;
    return !first.startsWith('-') || cleans.test(first);
  },
  parts,
  entries: (root, unit, read: Reader) => ccacheEntries(unitPath(root, unit), unit.name, read),
};
