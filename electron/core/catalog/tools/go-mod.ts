import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { programWords } from '../command-line.ts';
import { goModEntries } from '../decode/go-mod-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { literally } from '../named-setting.ts';
import { goModParts } from '../parts/go-mod.ts';
import { rootFrom, type Setting } from '../root.ts';
import { litter, stranger, unitPath, unknownNames, workingCopy } from '../shape.ts';
import { pathsOf } from '../surroundings.ts';
import type { Surroundings, Tool, UnitDefinition } from '../tool.ts';
import { goSetting, goWorks } from './go-env.ts';

const isLeftover = (name: string): boolean => /\.(?:stale|deleting)-\d/.test(name);

/** `github.com`, or a whole module where its path is a host alone: `go.opencensus.io@v0.24.0`. A module path begins with a host. */
const isHost = ({ name, kind }: Child): boolean =>
  kind === 'directory' && /^[^.@]+(?:\.[^.@]+)+(?:@v\d.*)?$/.test(name) && !isLeftover(name);

const downloads: UnitDefinition = { name: 'cache/download', kind: 'directory', rewritten: 'anything' };
const clones: UnitDefinition = { name: 'cache/vcs', kind: 'directory', rewritten: 'anything' };

/**
 * What is unpacked comes first: go makes it again from cache/download. A note there says which folders were not
 * unpacked to their end, so it must not go before them.
 */
const units = (root: string, read: Reader): readonly UnitDefinition[] => [
  ...childrenOf(read, root)
    .filter(isHost)
    .map(({ name }): UnitDefinition => ({ name, kind: 'directory', rewritten: 'nothing' })),
  ...[downloads, clones].filter(({ name }) => read.facts(join(root, ...name.split('/')))?.kind === 'directory'),
];

const whyKept = (name: string): string =>
  name === 'lock'
    ? 'The lock that go holds while it works. It must stay where it is.'
    : 'Not a module as go keeps them.';

/** With the default place, programs that a person installed and their sources stand beside pkg/mod. */
const beside = (root: string, read: Reader): ReturnType<Tool['keeps']> => {
  const home = join(root, '..', '..');
  if (join(home, 'pkg', 'mod') !== root) return [];
  return [
    { path: join(home, 'bin'), why: 'Programs that you installed with go install.' },
    { path: join(home, 'src'), why: 'Sources of your own, in the place where go looked for them before modules.' },
  ].filter(({ path }) => read.facts(path) !== null);
};

const keeps: Tool['keeps'] = (root, read) => {
  const known = units(root, read).map(({ name }) => name);
  return [
    ...beside(root, read),
    ...unknownNames(root, read, ['cache', ...known], whyKept),
    ...unknownNames(join(root, 'cache'), read, ['download', 'vcs'], whyKept),
  ];
};

/** So many folders are looked into for a sign; a real cache shows one in the first few. */
const mostLooks = 400;

/** The first thing that go would not have put above its modules, or `module` when one was met and nothing else. */
const above = (read: Reader, top: string): Child | 'module' | null => {
  const waiting = [top];
  let met: 'module' | null = null;
  for (let looks = 0; looks < mostLooks; looks += 1) {
    const next = waiting.pop();
    if (next === undefined) break;
    for (const child of childrenOf(read, next)) {
      if (child.name.includes('@v')) met = 'module';
      else if (child.kind === 'directory' && !child.name.startsWith('.')) waiting.push(child.path);
      else if (!litter(child)) return child;
    }
  }
  return met;
};

const ofHost = (path: string, read: Reader): string | null => {
  if (/@v[^/\\]*$/.test(path)) return null;
  const found = above(read, path);
  if (found === 'module' || (found === null && childrenOf(read, path).length === 0)) return null;
  return found === null
    ? 'It holds no module as go unpacks them: name@version.'
    : stranger([found], () => false, 'a module as go unpacks them');
};

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const path = unitPath(root, unit);
  const children = childrenOf(read, path);
  const found = workingCopy(children);
  if (found !== null) return found;
  if (unit.name === clones.name)
    return stranger(
      children,
      ({ name }) => /^[0-9a-f]{64}(?:\.info|\.lock)?$/.test(name),
      'a repository as go clones them',
    );
  if (unit.name === downloads.name) {
    const isOwn = (child: Child): boolean => isHost(child) || child.name === 'sumdb' || litter(child);
    const odd = stranger(children, isOwn, 'a module as go downloads them');
    if (odd !== null) return odd;
    for (const host of children.filter(isHost)) {
      const other = ofHost(host.path, read);
      if (other !== null) return other;
    }
    return null;
  }
  return ofHost(path, read);
};

const recognise: Tool['recognise'] = (root, read) => {
  const found = childrenOf(read, join(root, 'cache', 'download')).find(isHost);
  return found === undefined || above(read, found.path) !== 'module'
    ? null
    : `Its folder cache/download holds ${found.name}, a host that go downloaded modules from.`;
};

/** The first folder of `GOPATH`, with what go keeps below it. */
const ofPath = (surroundings: Surroundings): Setting | null => {
  const { join: joined, delimiter } = pathsOf(surroundings);
  const setting = goSetting(surroundings, 'GOPATH');
  const first = setting?.value.split(delimiter).find((dir) => dir !== '');
  return setting === null || first === undefined
    ? null
    : { ...setting, value: literally(joined(first, 'pkg', 'mod'), surroundings) };
};

/** `GOMODCACHE`, `pkg/mod` in the first folder of `GOPATH`, `~/go/pkg/mod` (cmd/go/internal/cfg/cfg.go). */
const root: Tool['root'] = (surroundings) =>
  rootFrom(
    'Go',
    goSetting(surroundings, 'GOMODCACHE') ?? ofPath(surroundings),
    pathsOf(surroundings).join(surroundings.home, 'go', 'pkg', 'mod'),
    surroundings,
  );

const goModWorks = goWorks(/^(?:gopls|golangci-lint|staticcheck|dlv)$/);

/** Go's modules. Layout and locks: cmd/go/internal/modfetch (cache.go, fetch.go), codehost.go. */
export const goMod: Tool = {
  id: 'go-mod',
  name: 'Go modules',
  sources: ['Go, cmd/go/internal/modfetch (cache.go, fetch.go)', 'Go, cmd/go/internal/modfetch/codehost'],
  what: 'Modules that go has downloaded and unpacked, the zips they came in, clones of repositories, and Go versions that go fetched for itself.',
  cost: 'go downloads again what it needs next, and without a network builds stop until it can. Modules of private or deleted repositories may not come back. What is unpacked costs least: go unpacks it again from cache/download.',
  command: 'go clean -modcache',
  own: {
    argv: ['go', 'clean', '-modcache'],
    does: 'It deletes the whole module cache, the zips and clones too, and asks nothing.',
    better: null,
  },
  root,
  units,
  keeps,
  recognise,
  contradiction,
  // Downloads lock files inside of the units as well: those are seen by who has them open. A build that reads locks nothing.
  locks: {
    kind: 'flock',
    files: (dir, read) => [join(dir, 'cache', 'lock')].filter((path) => read.facts(path)?.kind === 'file'),
    taken: [],
  },
  works: (argv) => goModWorks(argv, programWords(argv)),
  parts: goModParts,
  entries: (dir, unit, read) => goModEntries(dir, unitPath(dir, unit), unit.name, read),
};
