import type { Child, Reader } from '../../fs/reader.ts';
import { programWords } from '../command-line.ts';
import { childrenOf } from '../decode/walk.ts';
import { yarnEntries } from '../decode/yarn-entries.ts';
import { byPath } from '../parts/by-path.ts';
import { litter, stranger, unitPath, unknownNames, workingCopy } from '../shape.ts';
import type { Tool, UnitDefinition } from '../tool.ts';
import { yarnRoot } from './yarn-root.ts';

/** One folder for each format: v6 since Yarn 1.19 (constants.js, CACHE_VERSION). */
const isVersion = (child: Child): boolean => child.kind === 'directory' && /^v\d{1,2}$/.test(child.name);

/** `npm-left-pad-1.3.0-5b8a3a7765dfe001261dde915589e782f8c94d1e-integrity` (config.js, generateUniquePackageSlug). */
const isPackage = (child: Child): boolean => child.kind === 'directory' && /^(?:npm|yarn|unknown)-./.test(child.name);

const units = (root: string, read: Reader): readonly UnitDefinition[] =>
  childrenOf(read, root)
    .filter(isVersion)
    .map(({ name }) => ({ name, kind: 'directory', rewritten: 'anything' }));

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit));
  return (
    workingCopy(children) ??
    stranger(
      children,
      (child) => isPackage(child) || child.name === '.tmp' || litter(child),
      'a package as Yarn keeps them',
    )
  );
};

const recognise: Tool['recognise'] = (root, read) => {
  const found = childrenOf(read, root)
    .filter(isVersion)
    .find(({ path }) =>
      childrenOf(read, path).some(
        (child) => isPackage(child) && childrenOf(read, child.path).some(({ name }) => name === 'node_modules'),
      ),
    );
  return found === undefined ? null : `Its folder ${found.name} holds packages as Yarn 1 keeps them.`;
};

/** Options with a value of their own, which may stand before the command (cli/index.js). */
const withValue =
  /^--(?:cwd|cache-folder|preferred-cache-folder|modules-folder|global-folder|link-folder|registry|mutex|network-concurrency|network-timeout|proxy|https-proxy|use-yarnrc|otp|emoji|production|prod|har|scripts-prepend-node-path)$/;
const working =
  /^(?:install|add|remove|upgrade|up|upgrade-interactive|global|create|dlx|import|cache|check|audit|outdated|info|autoclean|dedupe|generate-lock-entry)$/;

/** `yarn` alone installs. `yarn create` installs a program, and then runs it. */
const works: Tool['works'] = (argv) => {
  const [program = '', ...words] = programWords(argv);
  if (!/^(?:yarn|yarnpkg)(?:\.c?js)?$/.test(program)) return false;
  if (words.some((word) => /^(?:-v|--version|-h|--help)$/.test(word))) return false;
  const command = words.find((word, at) => !word.startsWith('-') && !withValue.test(words[at - 1] ?? '')) ?? 'install';
  return /^(?:create|dlx)$/.test(command) ? 'while-alone' : working.test(command);
};

/** Yarn 1, called classic. Layout: config.js, cache-folder. Yarn 2 and later have another cache. */
export const yarn: Tool = {
  id: 'yarn',
  name: 'Yarn 1',
  sources: ['Yarn 1, config.js'],
  what: 'Packages that Yarn 1 (classic) has downloaded and unpacked.',
  cost: 'Yarn downloads again what it needs next. Nothing in your projects changes.',
  command: 'yarn cache clean',
  root: yarnRoot,
  units,
  keeps: (root, read) =>
    unknownNames(
      root,
      read,
      units(root, read).map(({ name }) => name),
      () => 'Not one of the folders that Yarn 1 caches in.',
    ),
  recognise,
  contradiction,
  works,
  parts: byPath(),
  entries: (root, unit, read) => yarnEntries(unitPath(root, unit), read),
};
