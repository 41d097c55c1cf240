import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { programWords } from '../command-line.ts';
import { goBuildEntries } from '../decode/go-build-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { byPath } from '../parts/by-path.ts';
import { rootFrom } from '../root.ts';
import { litter, stranger, unitPath, unknownNames, workingCopy } from '../shape.ts';
import { pathsOf, platformCacheDir } from '../surroundings.ts';
import type { Tool } from '../tool.ts';
import { wholeOrParts } from '../whole.ts';
import { goSetting, goWorks } from './go-env.ts';

/** `00` to `ff`, by the first byte of a hash (cmd/go/internal/cache/cache.go). */
const isShard = ({ name, kind }: Child): boolean => kind === 'directory' && /^[0-9a-f]{2}$/.test(name);

/** When it was last trimmed, from when on tests are run again, an old list of uses, and a note of what this folder is. */
const isNote = ({ name, kind }: Child): boolean =>
  kind === 'file' && ['trim.txt', 'testexpire.txt', 'log.txt', 'README'].includes(name);

/** An output is written into place, and a result written again (putIndexEntry). */
const units: Tool['units'] = (root, read) =>
  wholeOrParts(root, read, (child) => isShard(child) || isNote(child), isShard, 'anything');

const whyKept = (name: string): string =>
  name === 'fuzz'
    ? 'Inputs that fuzzing has found: hours of work that no build makes again. go clean -fuzzcache deletes them.'
    : 'Not one of the folders that go keeps results in.';

const keeps: Tool['keeps'] = (root, read) => {
  const [first] = units(root, read);
  if (first?.name === '.') return [];
  const own = childrenOf(read, root).filter((child) => isShard(child) || isNote(child));
  return unknownNames(
    root,
    read,
    own.map(({ name }) => name),
    whyKept,
  );
};

/** `<sha256>-a` and `-d`; while one is written, other names too. */
const isResult = ({ name }: Child): boolean => /^[0-9a-f]{64}-[ad]/.test(name);

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit));
  const found = workingCopy(children);
  if (found !== null || unit.name !== '.')
    return found ?? stranger(children, (child) => isResult(child) || litter(child), 'a result as go keeps them');
  const odd = stranger(
    children,
    (child) => isShard(child) || isNote(child) || litter(child),
    'a folder that go makes there',
  );
  if (odd !== null || children.length === 0) return odd;
  const shards = children.filter(isShard);
  if (shards.length === 0) return 'No folder 00 to ff is there, which go keeps results in.';
  for (const shard of shards) {
    const other = stranger(childrenOf(read, shard.path), isResult, 'a result as go keeps them');
    if (other !== null) return other;
  }
  return null;
};

const recognise: Tool['recognise'] = (root, read) => {
  const said = read.text(join(root, 'README'), 4096)?.includes('build artifacts from the Go build system') === true;
  const shards = childrenOf(read, root).filter(isShard).length;
  return said && shards > 0
    ? 'It holds folders 00 to ff, and a README which says that go keeps results of builds there.'
    : null;
};

/** `GOCACHE`, or `go-build` where this platform keeps caches (cmd/go/internal/cache/default.go). */
const root: Tool['root'] = (surroundings) =>
  rootFrom(
    'Go',
    goSetting(surroundings, 'GOCACHE'),
    pathsOf(surroundings).join(platformCacheDir(surroundings), 'go-build'),
    surroundings,
  );

const goBuildWorks = goWorks(/^(?:golangci-lint|staticcheck|dlv)$/);

/** A result leads to its output, and go makes the one again when the other is gone. Keys begin with the shard, also where that is the unit. */
const parts = byPath({
  paths: (key, { name }) => [name === '.' ? key : key.slice(key.lastIndexOf('/') + 1)],
  order: (path) => (path.endsWith('-a') ? 0 : 1),
});

/** Go's results of builds and tests. Layout: cmd/go/internal/cache/cache.go. */
export const goBuild: Tool = {
  id: 'go-build',
  name: 'Go builds',
  sources: ['Go, cmd/go/internal/cache/cache.go'],
  what: 'Packages that go has compiled, and results of tests that passed. go itself deletes what was not used for five days.',
  cost: 'go compiles again what it needs next, so the next build of each project is slow, and tests run again. Nothing is downloaded. Inputs that fuzzing has found stay.',
  command: 'go clean -cache (it leaves what fuzzing has found)',
  own: {
    argv: ['go', 'clean', '-cache'],
    does: 'It deletes all results of builds and tests, and leaves what fuzzing has found.',
    better: null,
  },
  root,
  units,
  keeps,
  recognise,
  contradiction,
  works: (argv) => goBuildWorks(argv, programWords(argv)),
  parts,
  entries: (dir, unit, read: Reader) => goBuildEntries(unitPath(dir, unit), unit.name, read),
};
