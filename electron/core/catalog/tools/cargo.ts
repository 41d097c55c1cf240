import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { programWords } from '../command-line.ts';
import { cargoEntries } from '../decode/cargo-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { fromVariable } from '../named-setting.ts';
import { cargoParts } from '../parts/cargo.ts';
import { rootFrom } from '../root.ts';
import { litter, stranger, unitPath, unknownNames, workingCopy } from '../shape.ts';
import { pathsOf } from '../surroundings.ts';
import type { Tool, UnitDefinition } from '../tool.ts';

/** The cheapest to make again first: src is unpacked again from cache, checkouts from db. */
const folders: readonly UnitDefinition[] = [
  { name: 'registry/src', kind: 'directory', rewritten: 'nothing' },
  { name: 'git/checkouts', kind: 'directory', rewritten: 'anything' },
  { name: 'registry/cache', kind: 'directory', rewritten: 'anything' },
  { name: 'git/db', kind: 'directory', rewritten: 'anything' },
  { name: 'registry/index', kind: 'directory', rewritten: 'anything' },
];

/** Before the home of cargo itself is there, none of them is worth a line. */
const units: Tool['units'] = (root, read) => (read.facts(root) === null ? [] : folders);

/** `index.crates.io-1949cf8c6b5b557f`: a host or a repository, and a hash of where it is (util/canonical_url.rs, hex.rs). */
const isSource = (child: Child): boolean => child.kind === 'directory' && /-[0-9a-f]{16}$/.test(child.name);

const whyKept = (name: string): string => {
  if (name === 'bin' || name.startsWith('.crates'))
    return 'Programs that you installed with cargo install, and its list of them.';
  if (name.startsWith('credentials')) return 'The tokens you publish with.';
  if (name.startsWith('config') || name === 'env' || name.startsWith('env.')) return 'Your settings of cargo.';
  if (name.startsWith('.package-cache')) return 'A lock that cargo holds while it works. It must stay where it is.';
  if (name === '.global-cache') return 'cargo’s notes of what was used when. It puts them right by itself.';
  return 'Not one of the folders that cargo caches in.';
};

const keeps: Tool['keeps'] = (root, read) => [
  ...unknownNames(root, read, ['registry', 'git'], whyKept),
  ...['registry', 'git'].flatMap((dir) =>
    unknownNames(
      join(root, dir),
      read,
      [...folders.map(({ name }) => name.split('/')[1] ?? ''), 'CACHEDIR.TAG'],
      whyKept,
    ),
  ),
];

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit));
  return (
    workingCopy(children) ??
    stranger(children, (child) => isSource(child) || litter(child), 'a folder that cargo makes there')
  );
};

const recognise: Tool['recognise'] = (root, read) => {
  const found = folders.find(({ name }) => childrenOf(read, join(root, ...name.split('/'))).some(isSource));
  return found === undefined ? null : `Its folder ${found.name} holds what cargo makes there.`;
};

/** Older cargos have only the second, and one that has just been installed has none. */
const lockNames = ['.package-cache-mutate', '.package-cache'];

const options = /^--(?:config|color|explain)$|^-[CZ]$/;
/** Commands that fetch, unpack or read crates. Not run: it is the parent of what it has built. */
const working =
  /^(?:b|build|c|check|t|test|bench|d|doc|rustc|rustdoc|fetch|install|fix|clippy|vendor|update|add|remove|rm|publish|package|metadata|tree|generate-lockfile|search|info|miri|nextest|llvm-cov|hack|audit|deny|outdated|udeps|expand)$/;

const works: Tool['works'] = (argv) => {
  const [program, ...words] = programWords(argv);
  if (program?.replace(/\.exe$/, '') !== 'cargo') return false;
  const command = words.find((word, at) => !/^[-+]/.test(word) && !options.test(words[at - 1] ?? ''));
  return command !== undefined && working.test(command);
};

const root: Tool['root'] = (surroundings) =>
  rootFrom(
    'cargo',
    fromVariable(surroundings, 'CARGO_HOME'),
    pathsOf(surroundings).join(surroundings.home, '.cargo'),
    surroundings,
  );

/** cargo, the package manager of Rust. Layout: doc/book guide/cargo-home.md; locks: util/cache_lock.rs. */
export const cargo: Tool = {
  id: 'cargo',
  name: 'cargo',
  sources: ['The Cargo Book, cargo-home', 'cargo, util/cache_lock.rs', 'cargo, core/global_cache_tracker.rs'],
  what: 'Crates that cargo has downloaded and unpacked, indexes of registries, and clones of repositories.',
  cost: 'cargo downloads again what it needs next, and without a network builds stop until it can. registry/src and git/checkouts cost least: they are unpacked again from registry/cache and git/db. Installed programs, settings and tokens stay.',
  command: 'cargo clean gc -Zgc (unstable, and only what is old)',
  links: 'Copies: what was built from them, in the target folders of your projects, stays.',
  root,
  units,
  keeps,
  recognise,
  contradiction,
  locks: {
    kind: 'flock',
    files: (home, read: Reader) =>
      lockNames.map((name) => join(home, name)).filter((path) => read.facts(path)?.kind === 'file'),
    taken: lockNames,
  },
  works,
  parts: cargoParts,
  entries: (home, unit, read) => cargoEntries(home, unitPath(home, unit), unit.name, read),
};
