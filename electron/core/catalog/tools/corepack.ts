import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { withoutInterpreter } from '../command-line.ts';
import { asTable, asText, entry, jsonObject, timestamp } from '../decode/entry.ts';
import { childrenOf, sizeOf } from '../decode/walk.ts';
import { fromVariable } from '../named-setting.ts';
import { rootFrom } from '../root.ts';
import { unitPath, unknownNames, workingCopy } from '../shape.ts';
import { pathsOf, variable } from '../surroundings.ts';
import type { RawEntry, Tool, UnitDefinition } from '../tool.ts';

/** Longer than any note that Corepack writes: a dozen lines at most. */
const largestNote = 64 * 1024;

const isManager = (child: Child): boolean => child.kind === 'directory' && /^[a-z][a-z0-9-]*$/.test(child.name);

/** While it downloads: its process number, and a random number in hex, with a point (folderUtils.ts, getTemporaryFolder). */
const isTemporary = ({ name }: Child): boolean => /^corepack-\d+-[0-9a-f.]+$/.test(name);

const isNoted = (dir: string, read: Reader): boolean => read.facts(join(dir, '.corepack'))?.kind === 'file';

const managers = (root: string, read: Reader): readonly Child[] =>
  childrenOf(read, join(root, 'v1')).filter((child) => isManager(child) && !isTemporary(child));

/** `v1/pnpm/9.15.9`: renamed into place when it is whole, and never changed. Without its note it is none of Corepack's. */
const units = (root: string, read: Reader): readonly UnitDefinition[] =>
  managers(root, read).flatMap((manager) =>
    childrenOf(read, manager.path)
      .filter((child) => child.kind === 'directory' && isNoted(child.path, read))
      .map(({ name }) => ({ name: `v1/${manager.name}/${name}`, kind: 'directory', rewritten: 'nothing' })),
  );

const whyKept = (name: string): string => {
  if (name === 'lastKnownGood.json') return 'Which version of pnpm and Yarn you get outside of projects: your setting.';
  if (/^corepack-\d/.test(name)) return 'A download of Corepack’s that is going on, or was cut off.';
  return 'Not one of the folders that Corepack makes.';
};

const keeps: Tool['keeps'] = (root, read) => {
  const known = units(root, read).map(({ name }) => name.split('/'));
  return [
    ...unknownNames(root, read, ['v1'], whyKept),
    ...unknownNames(
      join(root, 'v1'),
      read,
      managers(root, read).map(({ name }) => name),
      whyKept,
    ),
    ...managers(root, read).flatMap(({ name, path }) =>
      unknownNames(
        path,
        read,
        known.filter(([, manager]) => manager === name).map(([, , version = '']) => version),
        whyKept,
      ),
    ),
  ];
};

/** A version, or for one that was named by its URL that URL, escaped (corepackUtils.ts, parseURLReference). */
const named = (folder: string): { readonly version: string | null; readonly url: string | null } => {
  try {
    const text = decodeURIComponent(folder);
    return /^https?:/.test(text) ? { version: null, url: text } : { version: folder, url: null };
  } catch {
    return { version: folder, url: null };
  }
};

function* entries(path: string, unit: UnitDefinition, read: Reader): Generator<RawEntry> {
  if (read.facts(path)?.kind !== 'directory') return;
  const [, manager = '', folder = ''] = unit.name.split('/');
  const text = read.text(join(path, '.corepack'), largestNote);
  const note = text === null ? null : jsonObject(text);
  const locator = asTable(note?.['locator']);
  yield entry('.', 'package manager', {
    ...named(folder),
    name: asText(locator?.['name']) ?? manager,
    bytes: sizeOf(read, path),
    created: timestamp(read.facts(path)?.mtimeMs),
    lastUsed: timestamp(read.lastUse(path)),
    damaged:
      locator === null
        ? 'Its .corepack cannot be read, so Corepack stops with an error. Clear it, and it is downloaded again.'
        : null,
  });
}

/** `$COREPACK_HOME`, or `node/corepack` where caches are; on a Mac that is `~/.cache` too (folderUtils.ts). */
const root: Tool['root'] = (surroundings) => {
  const { join: joined } = pathsOf(surroundings);
  const usual = surroundings.platform === 'win32' ? joined('AppData', 'Local') : '.cache';
  const caches =
    variable(surroundings, 'XDG_CACHE_HOME') ??
    variable(surroundings, 'LOCALAPPDATA') ??
    joined(surroundings.home, usual);
  return rootFrom(
    'Corepack',
    fromVariable(surroundings, 'COREPACK_HOME'),
    joined(caches, 'node', 'corepack'),
    surroundings,
  );
};

/** Corepack, which downloads pnpm and Yarn. Layout: sources/folderUtils.ts, corepackUtils.ts. */
export const corepack: Tool = {
  id: 'corepack',
  name: 'Corepack',
  sources: ['Corepack, sources/folderUtils.ts', 'Corepack, sources/corepackUtils.ts'],
  what: 'Versions of pnpm, Yarn and npm that Corepack has downloaded because a project asked for them.',
  cost: 'The next pnpm or yarn of a project downloads its version again, and without a network it stops with an error. Which versions are your default stays.',
  command: 'corepack cache clean (it removes all of v1)',
  own: {
    argv: ['corepack', 'cache', 'clean'],
    does: 'It removes every version that Corepack has downloaded, and leaves lastKnownGood.json.',
    better: null,
  },
  root,
  units,
  keeps,
  recognise: (place, read) => {
    const [found] = units(place, read);
    return found === undefined ? null : `Its folder ${found.name} holds .corepack, the note of Corepack.`;
  },
  hasUnitPerEntry: true,
  contradiction: (place, unit, read) => workingCopy(childrenOf(read, unitPath(place, unit))),
  // The package manager runs out of the folder, and reads more of itself while it does.
  works: (argv) =>
    /[/\\]corepack[/\\](?:dist|shims)[/\\][a-z]+\.c?js$/.test(withoutInterpreter(argv)[0] ?? '')
      ? 'while-alone'
      : false,
  entries: (place, unit, read) => entries(unitPath(place, unit), unit, read),
};
