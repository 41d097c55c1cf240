import type { Child, Reader } from '../../fs/reader.ts';
import { programWords } from '../command-line.ts';
import { metadataEntries, storeEntries } from '../decode/pnpm-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { byPath } from '../parts/by-path.ts';
import { litter, stranger, unitPath, unknownNames, workingCopy } from '../shape.ts';
import type { Tool, UnitDefinition } from '../tool.ts';
import { pnpmMetadataRoot, pnpmStoreRoot } from './pnpm-root.ts';
import { storeContradiction, storeKeeps, storeLocks, storeRecognise, storeUnits } from './pnpm-store.ts';

/** Options with a value of their own, which may stand before the command. */
const withValue =
  /^(?:-C|-F|--(?:dir|filter|filter-prod|store-dir|cache-dir|registry|loglevel|reporter|prefix|config-dir|workspace-concurrency))$/;
const working =
  /^(?:install|i|install-test|it|ci|clean-install|add|update|up|upgrade|remove|rm|uninstall|un|fetch|import|link|ln|rebuild|rb|prune|dedupe|deploy|patch|patch-commit|patch-remove|store|cache|cat-file|cat-index|find-hash|self-update|env|runtime|rt|setup|audit|outdated|approve-builds|add-completion)$/;
const runners = /^(?:dlx|create|c|pnpx|pnx)$/;

const works: Tool['works'] = (argv) => {
  const [program = '', ...words] = programWords(argv);
  if (!/^(?:pnpm|pn|pnpx|pnx)(?:\.[cm]?js|\.exe)?$/.test(program)) return false;
  if (/^(?:pnpx|pnx)/.test(program)) return 'while-alone';
  const command = words.find((word, at) => !word.startsWith('-') && !withValue.test(words[at - 1] ?? '')) ?? '';
  // `recursive` stands before the command in old ones: `pnpm recursive install`.
  const meant = /^(?:recursive|multi|m)$/.test(command) ? (words[words.indexOf(command) + 1] ?? '') : command;
  return runners.test(meant) ? 'while-alone' : working.test(meant);
};

/**
 * pnpm's store: the files of packages, which projects link to. Layout: pnpm/crates/store-dir, store/cafs. Nothing of it is
 * cleared alone: which files are of which package stands in lists, or in index.db, and several packages share one file.
 */
export const pnpm: Tool = {
  id: 'pnpm',
  name: 'pnpm store',
  sources: ['pnpm, crates/store-dir', 'pnpm, store/cafs'],
  what: 'The files of every package that pnpm has downloaded, once each. Projects have hard links to them.',
  cost: 'pnpm downloads again what it needs next. Projects keep working, and what they link to gives no room back until they are gone too. Folders that projects run from (links) stay.',
  command: 'pnpm store prune (what no project links to)',
  own: {
    argv: ['pnpm', 'store', 'prune'],
    does: 'It deletes what no project links to any more, and what registries told pnpm. It keeps the rest.',
    better: 'What your projects use stays, and pnpm’s lists are right at every moment.',
  },
  root: pnpmStoreRoot,
  units: storeUnits,
  keeps: storeKeeps,
  recognise: storeRecognise,
  contradiction: storeContradiction,
  locks: { kind: 'posix', files: storeLocks, taken: [] },
  works,
  entries: (root, unit, read) => storeEntries(unitPath(root, unit), read),
};

/** `metadata-v1.3`, `metadata-full` of pnpm 10 and before. */
const isMetadata = (child: Child): boolean =>
  child.kind === 'directory' && /^metadata(?:-full|-ff)*(?:-v[\d.]+)?$/.test(child.name);
const isVersion = (child: Child): boolean => child.kind === 'directory' && /^v\d{1,3}$/.test(child.name);
const isList = (child: Child): boolean => child.kind === 'file' && child.name === 'lockfile-verified.jsonl';
const isDlx = (child: Child): boolean => child.kind === 'directory' && /^dlx(?:-v[\d.]+)?$/.test(child.name);
const isUnit = (child: Child): boolean => isMetadata(child) || isVersion(child) || isList(child) || isDlx(child);

const metadataUnits = (root: string, read: Reader): readonly UnitDefinition[] =>
  childrenOf(read, root)
    .filter(isUnit)
    .map((child) => ({ name: child.name, kind: isList(child) ? 'file' : 'directory', rewritten: 'anything' }));

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit));
  const found = workingCopy(children);
  if (found !== null || !/^v\d/.test(unit.name)) return found;
  return stranger(
    children,
    (child) => isMetadata(child) || isDlx(child) || isList(child) || litter(child),
    'what pnpm makes there',
  );
};

const recognise: Tool['recognise'] = (root, read) => {
  const found = childrenOf(read, root).find(
    (child) =>
      (isMetadata(child) && childrenOf(read, child.path).length > 0) ||
      (isVersion(child) && childrenOf(read, child.path).some(isMetadata)),
  );
  return found === undefined ? null : `Its folder ${found.name} holds answers of registries as pnpm keeps them.`;
};

/** What registries told pnpm, and what `pnpm dlx` has installed to run. */
export const pnpmMetadata: Tool = {
  id: 'pnpm-metadata',
  name: 'pnpm metadata',
  sources: ['pnpm, crates/store-dir', 'pnpm, resolving/npm-resolver'],
  what: 'What registries told pnpm of packages and their versions, and programs that pnpm dlx has installed for itself.',
  cost: 'pnpm asks the registry again. A program that pnpm dlx is running now can lose its files. Nothing in your projects changes.',
  command: 'pnpm cache delete (answers of the registry alone)',
  root: pnpmMetadataRoot,
  units: metadataUnits,
  keeps: (root, read) =>
    unknownNames(
      root,
      read,
      metadataUnits(root, read).map(({ name }) => name),
      () => 'Not one of the files and folders that pnpm caches in.',
    ),
  recognise,
  contradiction,
  works,
  parts: byPath(),
  entries: (root, unit, read) => metadataEntries(unitPath(root, unit), unit, read),
};
