import { join } from 'node:path';
import type { Kept } from '../../../../shared/model.ts';
import type { Child, Reader } from '../../fs/reader.ts';
import { childrenOf } from '../decode/walk.ts';
import { litter, stranger, unitPath, unknownNames, workingCopy } from '../shape.ts';
import type { Tool, UnitDefinition } from '../tool.ts';

/** v3 (pnpm 9 and before), v10, v11 (pnpm 11 and 12). */
const isVersion = (child: Child): boolean => child.kind === 'directory' && /^v\d{1,3}$/.test(child.name);

const versions = (root: string, read: Reader): readonly Child[] => childrenOf(read, root).filter(isVersion);

/** With enableGlobalVirtualStore, node_modules of projects are links to folders in here: no cache, but what they run. */
const hasLinks = (version: Child, read: Reader): boolean => childrenOf(read, join(version.path, 'links')).length > 0;

/**
 * A whole version; where projects live in its `links`, only the files that pnpm would link from: those projects have
 * hard links of them, or copies, and lose nothing.
 */
export const storeUnits = (root: string, read: Reader): readonly UnitDefinition[] =>
  versions(root, read).map((version) =>
    hasLinks(version, read)
      ? { name: `${version.name}/files`, kind: 'directory', rewritten: 'nothing' }
      : { name: version.name, kind: 'directory', rewritten: ['', 'index', 'projects', 'tmp'] },
  );

const whyKept = (name: string): string => {
  if (name === 'links')
    return 'Packages that your projects run from here (global virtual store). Without them they stop working.';
  if (name.startsWith('index.db')) return 'pnpm’s list of the packages in links and files.';
  if (name === 'projects') return 'pnpm’s list of the projects that use this store.';
  return 'Not one of the folders that pnpm makes in its store.';
};

export const storeKeeps = (root: string, read: Reader): readonly Kept[] => [
  ...unknownNames(
    root,
    read,
    versions(root, read).map(({ name }) => name),
    whyKept,
  ),
  ...versions(root, read)
    .filter((version) => hasLinks(version, read))
    .flatMap(({ path }) => unknownNames(path, read, ['files'], whyKept)),
];

const isShard = (child: Child): boolean => child.kind === 'directory' && /^[0-9a-f]{2}$/.test(child.name);

/** `index.db`, and beside it what SQLite needs while it is open. */
const isPart = ({ name }: Child): boolean =>
  /^(?:files|index|projects|links|tmp|server|index\.db(?:-wal|-shm|-journal)?)$/.test(name);

export const storeContradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit));
  const belongs = unit.name.endsWith('/files') ? isShard : isPart;
  return (
    workingCopy(children) ??
    stranger(
      children,
      (child) => belongs(child) || child.name.startsWith('_tmp_') || litter(child),
      'what pnpm makes there',
    )
  );
};

export const storeRecognise: Tool['recognise'] = (root, read) => {
  const found = versions(root, read).find(({ path }) => childrenOf(read, join(path, 'files')).some(isShard));
  return found === undefined ? null : `Its folder ${found.name} holds files as pnpm keeps them.`;
};

/** SQLite's locks stand on index.db, and in its write-ahead mode on index.db-shm (sqlite.org/wal.html). */
export const storeLocks = (root: string, read: Reader): readonly string[] =>
  versions(root, read)
    .flatMap(({ path }) => ['index.db', 'index.db-shm', 'index.db-wal'].map((name) => join(path, name)))
    .filter((path) => read.facts(path)?.kind === 'file');
