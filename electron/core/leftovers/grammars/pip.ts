import { programWords } from '../../catalog/command-line.ts';
import type { Raw } from '../../fs/raw.ts';
import {
  days,
  hours,
  inside,
  minutes,
  type Seen,
  safe,
  sitePackages,
  type ToolGrammar,
  type Workers,
} from './tool-grammar.ts';

/** Every pip and what drives it: which environment it works on cannot be told from outside. */
const workers: Workers = {
  works: (argv) => /^(?:pip|pip-compile|pip-sync|pipenv|poetry|pipx|tox|nox)$/.test(programWords(argv)[0] ?? ''),
  reach: 'anywhere',
};

/** What pip puts instead of the first characters of a name (utils/temp_dir.py, AdjacentTempDirectory). */
const leading = /^[-~.=%0-9]*$/;

/** True when pip could have renamed `name` to `aside`: a tilde, such characters, and the rest of the name, as long as it. */
export const couldBeAside = (aside: string, name: string): boolean => {
  if (!aside.startsWith('~') || name.startsWith('~') || aside.length !== name.length) return false;
  for (let at = name.length - 1; at >= 1; at -= 1) {
    if (aside.slice(at) !== name.slice(at)) return false;
    if (leading.test(aside.slice(1, at))) return true;
  }
  return false;
};

const namedIn = (seen: Seen, folder: Raw): string | null =>
  /^Name: *(.+)$/im
    .exec(seen.eye.text(inside(folder, 'METADATA')) ?? '')?.[1]
    ?.trim()
    .toLowerCase() ?? null;

const common = new Set([
  '__init__.py',
  '__pycache__',
  'py.typed',
  '__main__.py',
  'version.py',
  '_version.py',
  'utils.py',
]);

/** Are these two versions of the same? Only what they hold can tell: `~ip` may have been pip or zip. */
const isSame = (seen: Seen, one: Raw, other: Raw): boolean => {
  const [first, second] = [namedIn(seen, one), namedIn(seen, other)];
  if (first !== null || second !== null) return first === second;
  const own = seen.eye.names(one).filter((name) => !common.has(name));
  const others = new Set(seen.eye.names(other));
  const shared = own.filter((name) => others.has(name)).length;
  return shared > 0 && shared * 2 >= own.length;
};

const candidates = (seen: Seen): readonly string[] =>
  seen.eye
    .names(seen.dir)
    .filter((name) => couldBeAside(seen.name, name) && seen.eye.facts(inside(seen.dir, name))?.kind === 'directory');

const original = (seen: Seen): string | null => {
  const same = candidates(seen).filter((name) => isSame(seen, inside(seen.dir, seen.name), inside(seen.dir, name)));
  return same.length === 1 ? (same[0] ?? null) : null;
};

/** Lists of files that are read for one package: those of a like name first. */
const mostLists = 100;

/**
 * Was it put there to its end? pip writes INSTALLER, and the list RECORD, when all files of an installation are in
 * place (operations/install/wheel.py). A list that is too long to be read proves nothing.
 */
const isWhole = ({ dir, eye }: Seen, name: string): boolean => {
  if (name.endsWith('.dist-info')) return eye.facts(inside(dir, name, 'INSTALLER')) !== null;
  const lists = eye.names(dir).filter((other) => other.endsWith('.dist-info') && !other.startsWith('~'));
  const likeness = (other: string): number =>
    [`${name}-`, name.slice(0, 3), ''].findIndex((like) => other.toLowerCase().startsWith(like.toLowerCase()));
  const likely = lists.toSorted((one, other) => likeness(one) - likeness(other)).slice(0, mostLists);
  return likely.some((other) => {
    if (eye.facts(inside(dir, other, 'INSTALLER')) === null) return false;
    return `\n${eye.text(inside(dir, other, 'RECORD')) ?? ''}`.includes(`\n${name}/`);
  });
};

/** pip's stash while it replaces a package, which it puts back when the installation fails (req/req_uninstall.py). */
export const pipTilde: ToolGrammar = {
  id: 'pip-tilde',
  tool: 'pip',
  what: 'A package that pip had moved aside to replace or remove it',
  pattern: /^~[-~.=%+\w]+$/,
  kinds: ['directory'],
  spots: sitePackages,
  original,
  quietMs: minutes(10),
  workers,
  remedy:
    'pip install --force-reinstall of the package makes it whole; pip warns of an “invalid distribution” until then.',
  judge: (seen) => {
    const name = original(seen);
    if (name === null) {
      const why = 'no package beside it is surely the same one, so this may be the copy that pip would have put back';
      return { cleaning: 'ask', why: [why] };
    }
    return isWhole(seen, name)
      ? {
          cleaning: 'safe',
          why: ['the package that pip put in its place stands beside it, whole by its list of files'],
        }
      : { cleaning: 'ask', why: ['whether what pip put in its place is whole cannot be told'] };
  },
};

/** A name of SHA-224, with what Python's tempfile puts behind it (network/cache.py, utils/filesystem.py). */
export const pipHttp: ToolGrammar = {
  id: 'pip-http-tmp',
  tool: 'pip',
  what: 'A download that pip had not finished',
  pattern: /^[0-9a-f]{56}(?:\.body)?[a-z0-9_]{8}\.tmp$/,
  kinds: ['file'],
  spots: [{ from: 'cache', tools: ['pip', 'pip-tools', 'pipenv'], steps: [/^http(?:-v2)?$/], deeper: 5 }],
  quietMs: hours(1),
  remedy: 'pip cache purge clears the whole cache.',
  judge: safe('pip renames it when it is whole, and never looks for it again'),
};

/** Kinds of pip 24's own temporary folders that hold only what it made itself. `uninstall` holds a person's files. */
const made =
  /^(?:build-env|build-tracker|ephem-wheel-cache|req-build|metadata|modern-metadata|unpack|wheel|install|download|pip-egg-info)$/;

export const pipTemporary: ToolGrammar = {
  id: 'pip-temporary',
  tool: 'pip',
  what: 'A folder in which pip worked',
  pattern: /^pip-(?<kind>[a-z-]+)-[a-z0-9_]{8}$/,
  kinds: ['directory'],
  spots: [{ from: 'temporary', steps: [] }],
  quietMs: days(1),
  workers,
  remedy: null,
  judge: ({ parts }) =>
    made.test(parts['kind'] ?? '')
      ? { cleaning: 'safe', why: ['pip makes it for one run, and takes nothing from one of another run'] }
      : { cleaning: 'ask', why: ['it may hold files of a package that pip was removing, the only copies of them'] },
};
