import { join } from 'node:path';
import type { Child } from '../../fs/reader.ts';
import { denoEntries } from '../decode/deno-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { fromVariable } from '../named-setting.ts';
import { byPath } from '../parts/by-path.ts';
import { rootFrom } from '../root.ts';
import { unitPath, unknownNames, workingCopy } from '../shape.ts';
import { pathsOf, platformCacheDir } from '../surroundings.ts';
import type { Tool, UnitDefinition } from '../tool.ts';

const folders = ['remote', 'deps', 'npm', 'gen', 'registries', 'dl'];

/** `dep_analysis_cache_v2` and what SQLite has beside it: a log without its database is dropped, the other way round not. */
const database = /^[a-z0-9_]+_cache_v\d+(-(?:journal|shm|wal))?$/;
const isDatabase = (child: Child): boolean => child.kind === 'file' && database.test(child.name);

/** What is compiled before what it was compiled from. */
const units: Tool['units'] = (root, read) => {
  const children = childrenOf(read, root);
  const inOrder = ['gen', 'dl', 'registries', 'remote', 'deps', 'npm'].filter((name) =>
    children.some((child) => child.name === name && child.kind === 'directory'),
  );
  return [
    ...children.filter(isDatabase).map(({ name }): UnitDefinition => ({ name, kind: 'file', rewritten: 'anything' })),
    ...inOrder.map((name): UnitDefinition => ({ name, kind: 'directory', rewritten: 'anything' })),
  ];
};

const whyKept = (name: string): string => {
  if (name === 'location_data') return 'What your programs stored: localStorage, and the databases of Deno.openKv.';
  if (name === 'deno_history.txt') return 'What you typed into Deno’s prompt.';
  if (name === 'bin') return 'Programs that you installed with Deno.';
  if (name === 'latest.txt') return 'Deno’s note of when it last looked for a newer Deno.';
  return 'Not one of the folders that Deno caches in.';
};

const hash = /^[0-9a-f]{64}(?:\.metadata\.json)?$/;

/** One level down, where Deno's folders have schemes, hosts or releases, and not the files of a person. */
const contradiction: Tool['contradiction'] = (root, unit, read) => {
  if (unit.kind === 'file')
    return read.bytes(unitPath(root, unit), 6)?.toString('latin1') === 'SQLite' ||
      database.exec(unit.name)?.[1] !== undefined
      ? null
      : 'It is no database as Deno keeps them.';
  const children = childrenOf(read, unitPath(root, unit));
  const found = workingCopy(children);
  if (found !== null || (unit.name !== 'remote' && unit.name !== 'deps' && unit.name !== 'gen')) return found;
  return children.every(({ name }) => /^(?:https?|file|data|blob|npm|jsr)$/.test(name))
    ? null
    : 'It holds other names than those of the schemes that Deno loads from.';
};

const recognise: Tool['recognise'] = (root, read) => {
  const source = ['https', 'http']
    .flatMap((scheme) => childrenOf(read, join(root, 'remote', scheme)))
    .find(({ path }) => childrenOf(read, path).some(({ name }) => hash.test(name)));
  if (source !== undefined) return `Its folder remote holds what Deno loaded from ${source.name}.`;
  const found = childrenOf(read, root).find(
    ({ name, path, kind }) =>
      kind === 'file' &&
      /^(?:dep_analysis|node_analysis|v8_code|check)_cache_v\d+$/.test(name) &&
      read.bytes(path, 15)?.toString('latin1') === 'SQLite format 3',
  );
  return found === undefined ? null : `It holds ${found.name}, a database of Deno.`;
};

/** A relative DENO_DIR is below the folder that Deno is started in (deno_dir.rs). */
const root: Tool['root'] = (surroundings) =>
  rootFrom(
    'Deno',
    fromVariable(surroundings, 'DENO_DIR'),
    pathsOf(surroundings).join(platformCacheDir(surroundings), 'deno'),
    surroundings,
  );

/** Commands that load nothing, or are an editor's helper all day. */
const quiet = /^(?:lsp|fmt|lint|upgrade|completions|types|help|task|clean|info|jupyter|login|logout)$/;

/** Deno runs programs out of its cache, and loads more of them while they run. */
const works: Tool['works'] = ([first = '', ...words]) =>
  /(?:^|[/\\])deno(?:\.exe)?$/.test(first) &&
  !words.some((word) => /^(?:-V|--version|-h|--help)$/.test(word)) &&
  !quiet.test(words.find((word) => !word.startsWith('-')) ?? '');

/** A source goes with what Deno before 1.43 noted of it beside. */
const parts = byPath({
  paths: (key, { name }) => (name === 'remote' || name === 'deps' ? [`${key}.metadata.json`, key] : [key]),
});

/** Deno. Layout: cli/cache/deno_dir.rs, http_cache. */
export const deno: Tool = {
  id: 'deno',
  name: 'Deno',
  sources: ['Deno, cli/cache/deno_dir.rs', 'Deno, http_cache'],
  what: 'Modules and npm packages that Deno has loaded, what it compiled of them, and what it worked out about them.',
  cost: 'Deno loads and compiles again what it needs next, and programs stop without a network. A program that runs now can fail. What your programs stored stays.',
  command: 'deno clean (it removes what your programs stored too: location_data)',
  links:
    'Without a node_modules folder programs run straight from npm in the cache; with one its files may be shared with it (hard links).',
  root,
  units,
  keeps: (place, read) =>
    unknownNames(place, read, [...folders, ...units(place, read).map(({ name }) => name)], whyKept),
  recognise,
  contradiction,
  locks: {
    kind: 'posix',
    files: (place, read) =>
      childrenOf(read, place)
        .filter((child) => isDatabase(child) && !child.name.endsWith('-wal') && !child.name.endsWith('-journal'))
        .map(({ path }) => path),
    taken: [],
  },
  works,
  parts,
  entries: (place, unit, read) => denoEntries(place, unit.name, read),
};
