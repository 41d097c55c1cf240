import { dirname, join } from 'node:path';
import type { Kept } from '../../../../shared/model.ts';
import type { Reader } from '../../fs/reader.ts';
import { bunEntries, isBuns, isSurelyBuns } from '../decode/bun-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { byPath } from '../parts/by-path.ts';
import { litter, stranger, unitPath, workingCopy } from '../shape.ts';
import type { Tool, UnitDefinition } from '../tool.ts';
import { bunRoot } from './bun-root.ts';

/**
 * All of it at once: a package has its folder, a link of its version and a manifest under a hash, and one without the
 * others stops an installation.
 */
const all: UnitDefinition = { name: '.', kind: 'directory', rewritten: 'anything' };

/** Beside the cache, in Bun's own folder. */
const beside = (root: string, read: Reader): readonly Kept[] => {
  const install = dirname(root);
  const found: readonly (readonly [string, string])[] = [
    [join(install, 'global'), 'Programs that you installed with bun add --global.'],
    [join(dirname(install), 'bin'), 'Bun itself, and programs that you installed with it.'],
  ];
  return root.replaceAll('\\', '/').endsWith('/install/cache')
    ? found.filter(([path]) => read.facts(path) !== null).map(([path, why]) => ({ path, why }))
    : [];
};

const working =
  /^(?:i|install|a|add|rm|remove|update|upgrade|link|unlink|x|create|c|pm|outdated|patch|patch-commit|audit|publish|info|why|init)$/;

/** Bun is its own interpreter: `bun install`, `bunx vite`; `bun run` and `bun server.ts` go on all day. */
const works: Tool['works'] = ([first = '', ...words]) => {
  const program = /(?:^|[/\\])(bunx?)(?:\.exe)?$/.exec(first)?.[1];
  if (program === 'bunx') return 'while-alone';
  if (program !== 'bun') return false;
  const command = words.find((word) => !word.startsWith('-')) ?? '';
  return /^(?:x|create|c|init)$/.test(command) ? 'while-alone' : working.test(command);
};

/** Bun asks for the link of a version first, and takes what it leads to for a whole package. */
const parts = byPath({
  paths: (key) => {
    const [, name, version] = /^((?:@[^/]+\/)?[^@]+)@(.+)$/.exec(key) ?? [];
    return name === undefined ? [key] : [`${name}/${version}`, key];
  },
});

/** Bun's package manager. Layout: src/install of Bun. */
export const bun: Tool = {
  id: 'bun',
  name: 'Bun',
  sources: ['Bun, src/install'],
  what: 'Packages that Bun has downloaded and unpacked, and what it knows of them from the registry.',
  cost: 'Bun downloads again what it needs next. An installation that is going on fails. Nothing in your projects changes.',
  command: 'bun pm cache rm',
  own: {
    argv: ['bun', 'pm', 'cache', 'rm'],
    does: 'It removes all of Bun’s cache at once, without an undo.',
    better: null,
  },
  links:
    'On Linux and Windows projects share their files with the cache (hard links): what a project uses frees no space, and goes on working.',
  root: bunRoot,
  units: (root, read) => (childrenOf(read, root).some(isSurelyBuns) ? [all] : []),
  keeps: beside,
  recognise: (root, read) => {
    const found = childrenOf(read, root).find(isSurelyBuns);
    return found === undefined ? null : `It holds ${found.name}, which is named as Bun names what it caches.`;
  },
  contradiction: (root, unit, read) => {
    const children = childrenOf(read, unitPath(root, unit));
    return (
      workingCopy(children) ?? stranger(children, (child) => isBuns(child, read) || litter(child), 'what Bun caches')
    );
  },
  works,
  parts,
  entries: (root, unit, read) => bunEntries(unitPath(root, unit), read),
};
