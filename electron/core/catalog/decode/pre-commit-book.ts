import { dirname, join, resolve } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import { asText } from './entry.ts';
import { readTables } from './sqlite.ts';

/** What pre-commit's list says of one of its folders. */
export interface PreCommitRepo {
  /** `https://github.com/psf/black`, a path, or `local`; without the packages that are installed beside it. */
  readonly repo: string;
  readonly ref: string;
  /** What a project wants to have installed with it, or null: `flake8-bugbear==23.1`. */
  readonly packages: string | null;
  /** Configuration files of projects that ask for it; null when one of those that pre-commit knows cannot be read. */
  readonly usedBy: readonly string[] | null;
}

/** More projects than a person has; with more nobody is named. */
const mostConfigs = 2000;
const largestConfig = 1024 * 1024;

const unquoted = (text: string): string =>
  text
    .replace(/\s+#.*$/, '')
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2');

/**
 * The repositories that a `.pre-commit-config.yaml` asks for, as `repo` and `rev` of each block of `repos`. Read line by line, which is
 * how all of them are written; null for one that is written otherwise (`repos: [{…}]`).
 */
export const askedFor = (text: string): ReadonlyMap<string, ReadonlySet<string>> | null => {
  const asked = new Map<string, Set<string>>();
  let repo: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*#/.test(line)) continue;
    if (/[{[].*\brepo["']?\s*:/.test(line)) return null;
    const [, key, value] = /^\s*(?:-\s+)?(repo|rev)\s*:\s*(.+)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    if (/^[&*|>]/.test(value)) return null;
    if (key === 'repo') {
      repo = unquoted(value);
      asked.set(repo, asked.get(repo) ?? new Set());
    } else if (repo !== null) asked.get(repo)?.add(unquoted(value));
  }
  return asked;
};

/** `url:package,package`: where another row is the same without packages, since pre-commit clones that first (store.py). */
const split = (text: string, ref: string, rows: readonly Pick<PreCommitRepo, 'repo' | 'ref'>[]) => {
  const base = ['local', ...rows.filter((row) => row.ref === ref).map(({ repo }) => repo)]
    .filter((repo) => text.startsWith(`${repo}:`))
    .sort((a, b) => a.length - b.length)[0];
  return base === undefined ? { repo: text, packages: null } : { repo: base, packages: text.slice(base.length + 1) };
};

/**
 * What pre-commit's `db.db` says of its folder `name`, and which projects ask for it by their own configuration. Null when
 * the list does not name it, or cannot be read. A configuration is only read when pre-commit has used it.
 */
export const preCommitRepo = (root: string, name: string, read: Reader): PreCommitRepo | null => {
  const book = readTables(read, join(root, 'db.db'), { repos: ['repo', 'ref', 'path'], configs: ['path'] });
  const rows = (book?.repos ?? []).flatMap((row) => {
    const [repo, ref, path] = [asText(row['repo']), asText(row['ref']), asText(row['path'])];
    return repo === null || ref === null || path === null ? [] : [{ repo, ref, path }];
  });
  const own = rows.find(({ path }) => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1) === name);
  if (book === null || own === undefined) return null;
  const { repo, packages } = split(own.repo, own.ref, rows);
  return {
    repo,
    packages,
    ref: own.ref,
    usedBy: usersOf(
      book.configs.map((row) => asText(row['path'])),
      repo,
      own.ref,
      read,
    ),
  };
};

const usersOf = (
  configs: readonly (string | null)[],
  repo: string,
  ref: string,
  read: Reader,
): readonly string[] | null => {
  if (configs.length > mostConfigs) return null;
  const users: string[] = [];
  for (const path of configs) {
    // A project that is gone uses nothing: pre-commit gc forgets it.
    if (path === null || read.facts(path) === null) continue;
    const asked = askedFor(read.text(path, largestConfig) ?? 'repos: [{repo:');
    if (asked === null) return null;
    for (const [name, revisions] of asked) {
      // A folder may be named from where the configuration stands; the list has it by its full path.
      const isIt = name === repo || (/^[./]/.test(name) && resolve(dirname(path), name) === repo);
      if (isIt && (repo === 'local' || revisions.has(ref))) {
        users.push(path);
        break;
      }
    }
  }
  return users;
};
