import { dirname, join, resolve } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import { yamlValue } from '../settings-yaml.ts';
import { asTable, asText } from './entry.ts';
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

const tablesIn = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.map(asTable).filter((it): it is Readonly<Record<string, unknown>> => it !== null) : [];

/**
 * The repositories that a `.pre-commit-config.yaml` asks for, with the revisions of each (pre_commit/clientlib.py). Null
 * for one that cannot be read.
 */
export const askedFor = (text: string): ReadonlyMap<string, ReadonlySet<string>> | null => {
  const said = yamlValue(text);
  // It was a list of repositories once.
  const repos = Array.isArray(said) ? said : asTable(said)?.['repos'];
  if (!Array.isArray(repos)) return null;
  const asked = new Map<string, Set<string>>();
  for (const { repo, rev } of tablesIn(repos) as readonly { readonly repo?: unknown; readonly rev?: unknown }[]) {
    if (typeof repo !== 'string') continue;
    const revisions = asked.get(repo) ?? new Set();
    // `rev: 1.0` is a number to YAML, and a text to pre-commit only in quotes.
    if (typeof rev === 'string') revisions.add(rev);
    asked.set(repo, revisions);
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
    const asked = askedFor(read.text(path, largestConfig) ?? '');
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
