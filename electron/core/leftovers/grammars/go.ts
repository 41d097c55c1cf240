import { sep } from 'node:path';
import type { Raw } from '../../fs/raw.ts';
import { ask, days, inside, minutes, nameOf, type Seen, safe, type ToolGrammar } from './tool-grammar.ts';

/** `golang.org/x/mod@v0.1.0` below the cache is downloaded as `cache/download/golang.org/x/mod/@v/v0.1.0.*`. */
const lockOf = ({ base, dir, parts }: Seen): readonly Raw[] => {
  const folders = dir
    .subarray(base.length)
    .toString('latin1')
    .split(sep)
    .filter((name) => name !== '');
  const module = [...folders, parts['module'] ?? ''];
  return [inside(base, 'cache', 'download', ...module, '@v', `${parts['version']}.lock`)];
};

const tools = ['go', 'go-mod', 'go-modules'];

/**
 * Go up to 1.15 (cmd/go/internal/modfetch/fetch.go) unpacked to such a folder and renamed it; every Go removes old ones
 * under the version's lock, and only there, "because the lock file ensures that their writers are no longer active".
 */
export const goTmp: ToolGrammar = {
  id: 'go-module-tmp',
  tool: 'go-mod',
  what: 'A module that Go had not finished unpacking',
  pattern: /^(?<base>(?<module>[^@]+)@(?<version>[^@]+))\.tmp-\d+$/s,
  kinds: ['directory'],
  spots: [{ from: 'cache', tools, steps: [], deeper: 6 }],
  original: ({ parts }) => parts['base'] ?? null,
  quietMs: minutes(10),
  locks: lockOf,
  remedy: 'Go removes it when it unpacks this version again; go clean -modcache removes all modules.',
  judge: safe('Go renames it when it is whole, and never looks into it again'),
};

/** Newer Go unpacks in place, and this file says that the folder is not whole. Without it Go would take it for whole. */
export const goPartial: ToolGrammar = {
  id: 'go-module-partial',
  tool: 'go-mod',
  what: 'Go’s own mark that a module was not unpacked to its end',
  pattern: /^v[^/]+\.partial$/s,
  kinds: ['file'],
  spots: [{ from: 'cache', tools, steps: [/^cache$/, /^download$/], deeper: 8 }],
  quietMs: 0,
  remedy: 'Nothing needs to be done: Go unpacks this version again when it is needed next (go mod download).',
  judge: ({ dir }) =>
    nameOf(dir) === '@v'
      ? { cleaning: 'never', why: ['without this mark Go would take the half-unpacked module for a whole one'] }
      : null,
};

/** The name is known from use; what `go build -work` keeps on purpose has the same. */
export const goBuild: ToolGrammar = {
  id: 'go-build-temporary',
  tool: 'go-build',
  what: 'A folder in which Go worked',
  pattern: /^go-build\d{1,20}$/,
  kinds: ['directory'],
  spots: [{ from: 'temporary', steps: [] }],
  quietMs: days(1),
  remedy: null,
  judge: ask('Go removes it at the end of a build, unless it was told to keep it (go build -work)'),
};
