import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { cacheFolder } from '../cache-folder.ts';
import { programWords } from '../command-line.ts';
import { entry, timestamp } from '../decode/entry.ts';
import { childrenOf, sizeOf } from '../decode/walk.ts';
import { rootFrom, type Setting } from '../root.ts';
import { litter, unitPath, unknownNames, workingCopy } from '../shape.ts';
import type { RawEntry, Surroundings, Tool, UnitDefinition } from '../tool.ts';

/** `22.21.1`, `23.0.0-nightly20241001abc`, `iojs-3.3.1` (lib/process-release.js, versionDir). */
const version = /^(?:([a-z][a-z-]*)-)?(\d+\.\d+\.\d+(?:[-+][\w.+-]+)?)$/;
const isVersion = (child: Child): boolean => child.kind === 'directory' && version.test(child.name);

const units: Tool['units'] = (root, read) =>
  childrenOf(read, root)
    .filter(isVersion)
    .map(({ name }): UnitDefinition => ({ name, kind: 'directory', rewritten: 'anything' }));

/** What it unpacks: headers, in `src` and `deps` of old ones, and its own note (lib/install.js). */
const isPart = ({ name }: Child): boolean =>
  ['include', 'installVersion', 'src', 'deps', 'common.gypi', 'config.gypi'].includes(name);

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit));
  const found = workingCopy(children);
  if (found !== null || children.every(litter)) return found;
  return children.some(isPart) ? null : 'It holds no headers of Node.js as node-gyp unpacks them.';
};

const recognise: Tool['recognise'] = (root, read) => {
  const found = childrenOf(read, root)
    .filter(isVersion)
    .find(({ path }) => read.facts(join(path, 'installVersion'))?.kind === 'file');
  return found === undefined ? null : `Its folder ${found.name} holds installVersion, the note of node-gyp.`;
};

/**
 * `npm_config_devdir`, and before it what a package asks for, in any case and with `-` or `_` (lib/node-gyp.js,
 * parseArgv). `--devdir` is known to one run only.
 */
const fromEnvironment = (surroundings: Surroundings): Setting | null => {
  for (const prefix of ['npm_package_config_node_gyp_', 'npm_config_']) {
    const found = Object.entries(surroundings.env).find(
      ([key, value]) => key.toLowerCase() === `${prefix}devdir` && value !== undefined && value.trim() !== '',
    );
    if (found?.[1] !== undefined) return { value: found[1], because: `${found[0]} is set`, where: found[0] };
  }
  return null;
};

function* entries(path: string, unit: UnitDefinition, read: Reader): Generator<RawEntry> {
  if (read.facts(path)?.kind !== 'directory') return;
  const found = version.exec(unit.name);
  yield entry('.', 'headers', {
    name: found?.[1] ?? 'node',
    version: found?.[2] ?? null,
    bytes: sizeOf(read, path),
    created: timestamp(read.facts(path)?.mtimeMs),
    lastUsed: timestamp(read.lastUse(join(path, 'installVersion')) ?? read.lastUse(path)),
    damaged:
      read.facts(join(path, 'installVersion')) === null
        ? 'installVersion is missing: the download was cut off, and node-gyp does it again.'
        : null,
  });
}

/** node-gyp, which compiles packages of npm. Layout: bin/node-gyp.js, lib/install.js, lib/remove.js. */
export const nodeGyp: Tool = {
  id: 'node-gyp',
  name: 'node-gyp',
  sources: ['node-gyp, bin/node-gyp.js', 'node-gyp, lib/install.js', 'node-gyp, lib/remove.js'],
  what: 'Headers of Node.js and Electron versions that node-gyp has downloaded to compile packages with native code.',
  cost: 'The next npm install that compiles something downloads the headers of its version again, and fails without a network. What is compiled already goes on working.',
  command: 'node-gyp remove VERSION (one version)',
  root: (surroundings) =>
    rootFrom('node-gyp', fromEnvironment(surroundings), cacheFolder(surroundings, 'node-gyp'), surroundings),
  units,
  keeps: (root, read) =>
    unknownNames(
      root,
      read,
      units(root, read).map(({ name }) => name),
      () => 'Not one of the folders that node-gyp makes.',
    ),
  recognise,
  contradiction,
  hasUnitPerEntry: true,
  // It calls itself so in the process list, and is the parent of the compilers that read the headers.
  works: (argv) => {
    const [program = '', ...words] = programWords(argv);
    return (
      /^node-gyp(?:\.js)?$/.test(program) &&
      !words.some((word) => /^(?:list|ls|clean|-v|--version|-h|--help)$/.test(word))
    );
  },
  entries: (root, unit, read) => entries(unitPath(root, unit), unit, read),
};
