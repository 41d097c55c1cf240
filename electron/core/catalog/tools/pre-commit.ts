import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { programWords } from '../command-line.ts';
import { preCommitEntries } from '../decode/pre-commit-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { fromVariable } from '../named-setting.ts';
import { preCommitParts } from '../parts/pre-commit.ts';
import { rootFrom } from '../root.ts';
import { unitPath, unknownNames, workingCopy } from '../shape.ts';
import { pathsOf, variable } from '../surroundings.ts';
import type { Tool, UnitDefinition } from '../tool.ts';

/** A clone holds its manifest; what stands in for a local repository holds placeholders (pre_commit/resources). */
const isMade = (dir: string, read: Reader): boolean =>
  childrenOf(read, dir).some(
    ({ name }) => name === '.pre-commit-hooks.yaml' || /^pre_commit_(?:placeholder|dummy)_package\./.test(name),
  );

/** Made by Python's mkdtemp with the prefix `repo` (pre_commit/store.py, _new_repo). `repositories` fits that name too. */
const isRepo = (child: Child, read: Reader): boolean =>
  child.kind === 'directory' && /^repo[a-z0-9_]{8}$/.test(child.name) && isMade(child.path, read);

/**
 * The list comes first: without it pre-commit makes everything anew, while a list that names a folder which is gone
 * stops its next run (InvalidManifestError). So it holds at every step of a clear of all.
 */
const list: UnitDefinition = { name: 'db.db', kind: 'file', rewritten: 'anything' };

const units = (root: string, read: Reader): readonly UnitDefinition[] => [
  ...(read.facts(join(root, list.name))?.kind === 'file' ? [list] : []),
  ...childrenOf(read, root)
    .filter((child) => isRepo(child, read))
    .map(
      ({ name }): UnitDefinition => ({ name, kind: 'directory', rewritten: 'anything', hasGit: true, inParts: true }),
    ),
];

const whyKept = (name: string): string => {
  if (/^patch\d/.test(name))
    return 'Changes of yours that were not staged: pre-commit put them here while it ran, and a run that was interrupted has left them.';
  if (name === '.lock') return 'The lock that pre-commit holds while it installs. It must stay where it is.';
  if (name === 'pre-commit.log') return 'What pre-commit wrote about its last error.';
  if (name === 'README') return 'pre-commit’s note of what this folder is.';
  return 'Not one of the folders that pre-commit makes.';
};

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const path = unitPath(root, unit);
  const children = childrenOf(read, path);
  if (unit.kind === 'file' || children.length === 0 || isMade(path, read)) return null;
  return workingCopy(children) ?? 'It holds no .pre-commit-hooks.yaml, which every repository of hooks has.';
};

const recognise: Tool['recognise'] = (root, read) => {
  const isSqlite = read.bytes(join(root, list.name), 15)?.toString('latin1') === 'SQLite format 3';
  const says = read.text(join(root, 'README'), 4096)?.includes('maintained by the pre-commit project') === true;
  return isSqlite && says ? 'It holds db.db, and a README which says that pre-commit maintains it.' : null;
};

/** `$PRE_COMMIT_HOME`, `$XDG_CACHE_HOME/pre-commit`, `~/.cache/pre-commit`, on every system (pre_commit/store.py). */
const root: Tool['root'] = (surroundings) => {
  const { join: joined } = pathsOf(surroundings);
  const caches = variable(surroundings, 'XDG_CACHE_HOME') ?? joined(surroundings.home, '.cache');
  return rootFrom(
    'pre-commit',
    fromVariable(surroundings, 'PRE_COMMIT_HOME'),
    joined(caches, 'pre-commit'),
    surroundings,
  );
};

/** pre-commit, which runs checks of repositories. Layout: pre_commit/store.py, staged_files_only.py, file_lock.py. */
export const preCommit: Tool = {
  id: 'pre-commit',
  name: 'pre-commit',
  sources: ['pre-commit, store.py', 'pre-commit, staged_files_only.py', 'pre-commit, file_lock.py'],
  what: 'Repositories of hooks that pre-commit has cloned, with the environments it built to run them, and its list of them.',
  cost: 'pre-commit clones and builds again what it needs next, which can take minutes each. A repository that is cleared alone is taken out of its list too, so the next run works.',
  command: 'pre-commit gc (what no project uses), pre-commit clean (all, stashed changes too)',
  own: {
    argv: ['pre-commit', 'gc'],
    does: 'It deletes the repositories that none of your projects asks for any more, and keeps all else.',
    better: 'What your projects use stays, and its list of repositories is right at every moment.',
  },
  root,
  units,
  keeps: (folder, read) =>
    unknownNames(
      folder,
      read,
      units(folder, read).map(({ name }) => name),
      whyKept,
    ),
  recognise,
  contradiction,
  locks: {
    kind: 'flock',
    files: (folder, read) => [join(folder, '.lock')].filter((path) => read.facts(path)?.kind === 'file'),
    taken: ['.lock'],
  },
  // Hooks run out of its folders and lock nothing.
  works: (argv) => {
    const [program, ...words] = programWords(argv);
    return (
      /^pre[-_]commit$/.test(program ?? '') && !words.some((word) => /^(?:-V|--version|-h|--help|help)$/.test(word))
    );
  },
  parts: preCommitParts,
  entries: (folder, unit, read) => preCommitEntries(folder, unitPath(folder, unit), unit, read),
};
