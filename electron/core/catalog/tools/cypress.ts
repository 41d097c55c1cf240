import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { cacheFolder } from '../cache-folder.ts';
import { programWords } from '../command-line.ts';
import { entry, timestamp } from '../decode/entry.ts';
import { childrenOf, sizeOf } from '../decode/walk.ts';
import { fromVariable } from '../named-setting.ts';
import { rootFrom } from '../root.ts';
import { litter, unitPath, unknownNames, workingCopy } from '../shape.ts';
import type { RawEntry, Tool, UnitDefinition } from '../tool.ts';

/** `15.3.0`, and `beta-15.4.0-develop-0123abcd` of what was built between releases (cli/lib/tasks/state.ts). */
const version = /^(?:\d+\.\d+\.\d+(?:-[\w.]+)?|beta-\d+\.\d+\.\d+-.+-[0-9a-f]{8})$/;
const isVersion = (child: Child): boolean => child.kind === 'directory' && version.test(child.name);

const units: Tool['units'] = (root, read) =>
  childrenOf(read, root)
    .filter(isVersion)
    .map(({ name }): UnitDefinition => ({ name, kind: 'directory', rewritten: [''] }));

const whyKept = (name: string): string => {
  if (name === 'cy' || name === 'bundles')
    return 'What the Cypress program itself keeps: browser profiles and what you set in it.';
  return 'Not one of the folders that Cypress installs itself in.';
};

const program = (dir: string, read: Reader): string | null =>
  [
    ['Cypress', 'Cypress'],
    ['Cypress.app', 'Contents', 'MacOS', 'Cypress'],
    ['Cypress', 'Cypress.exe'],
  ]
    .map((parts) => join(dir, ...parts))
    .find((path) => read.facts(path)?.kind === 'file') ?? null;

const isPart = ({ name }: Child): boolean => ['Cypress', 'Cypress.app', 'binary_state.json'].includes(name);

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit));
  const found = workingCopy(children);
  if (found !== null || children.every(litter)) return found;
  return children.some(isPart) ? null : 'It holds no Cypress.';
};

const recognise: Tool['recognise'] = (root, read) => {
  const found = childrenOf(read, root)
    .filter(isVersion)
    .find(({ path }) => program(path, read) !== null);
  return found === undefined ? null : `Its folder ${found.name} holds the Cypress program.`;
};

/** As the settings of npm too, as it was written and in small letters (cli/lib/util.ts, getEnv); `~` is replaced. */
const root: Tool['root'] = (surroundings) => {
  const names = ['CYPRESS_CACHE_FOLDER', 'npm_config_CYPRESS_CACHE_FOLDER', 'npm_config_cypress_cache_folder'];
  const setting = names.map((name) => fromVariable(surroundings, name, 'replaced')).find((it) => it !== null) ?? null;
  return rootFrom('Cypress', setting, cacheFolder(surroundings, 'Cypress'), surroundings);
};

/** Last use is that of its program, as `cypress cache list` tells it (cli/lib/tasks/cache.ts). */
function* entries(path: string, unit: UnitDefinition, read: Reader): Generator<RawEntry> {
  if (read.facts(path)?.kind !== 'directory') return;
  const executable = program(path, read);
  yield entry('.', 'program', {
    name: 'Cypress',
    version: unit.name,
    bytes: sizeOf(read, path),
    created: timestamp(read.facts(path)?.mtimeMs),
    lastUsed: timestamp(executable === null ? null : read.lastUse(executable)),
    damaged:
      executable === null
        ? 'Its program is missing: the installation was cut off. “cypress install” does it again.'
        : null,
  });
}

const working = /^(?:install|open|run|verify|cache|open-ct|run-ct)$/;

/** Cypress, which tests web pages. Layout: cli/lib/tasks/state.ts and cache.ts. Its command is that of a project. */
export const cypress: Tool = {
  id: 'cypress',
  name: 'Cypress',
  sources: ['Cypress, cli/lib/tasks/state.ts', 'Cypress, cli/lib/tasks/cache.ts'],
  what: 'The Cypress program in each version that a project has asked for, about 600 MB each.',
  cost: 'Tests of projects with a cleared version fail until “npx cypress install” has downloaded it again.',
  command: 'npx cypress cache prune (in a project: all but that project’s version)',
  root,
  units,
  keeps: (place, read) =>
    unknownNames(
      place,
      read,
      units(place, read).map(({ name }) => name),
      whyKept,
    ),
  recognise,
  contradiction,
  hasUnitPerEntry: true,
  // Installed by npm it runs as `node index.js --exec install`.
  works: (argv) => {
    const [name = '', ...words] = programWords(argv);
    if (name === 'index.js') return words[0] === '--exec' && words[1] === 'install';
    return /^cypress(?:\.cmd)?$/.test(name) && working.test(words.find((word) => !word.startsWith('-')) ?? '');
  },
  entries: (place, unit, read) => entries(unitPath(place, unit), unit, read),
};
