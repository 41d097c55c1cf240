import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  below,
  contradictions,
  entriesIn,
  keptBelow,
  layout,
  placeOf,
  unitNames,
} from '../../../../e2e/support/cache-layout.ts';
import { environmentWithout, type Ran, run } from '../../../../e2e/support/run.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import { sizeOf } from '../decode/walk.ts';
import { goMod } from './go-mod.ts';

const info = '{"Version":"v1.2.3","Time":"2024-01-02T03:04:05Z","Origin":{"VCS":"git","URL":"https://git.example/a"}}';

test.each([
  ['Linux', {}, '/home/ada/go/pkg/mod'],
  ['GOPATH', { env: { GOPATH: '/g:/h' } }, '/g/pkg/mod'],
  ['GOMODCACHE', { env: { GOPATH: '/g', GOMODCACHE: '/m' } }, '/m'],
  ['go env -w', { files: { '/home/ada/.config/go/env': '# x\nGOPATH=/w\n' } }, '/w/pkg/mod'],
  ['variable before file', { env: { GOPATH: '/g' }, files: { '/home/ada/.config/go/env': 'GOPATH=/w' } }, '/g/pkg/mod'],
  ['GOENV', { env: { GOENV: '/e' }, files: { '/e': 'GOMODCACHE=/w\n' } }, '/w'],
  ['GOENV=off', { env: { GOENV: 'off' }, files: { '/home/ada/.config/go/env': 'GOPATH=/w' } }, '/home/ada/go/pkg/mod'],
  [
    'macOS',
    { platform: 'darwin' as const, files: { '/Users/ada/Library/Application Support/go/env': 'GOPATH=/w\n' } },
    '/w/pkg/mod',
  ],
  ['Windows', { platform: 'win32' as const, env: { GOPATH: 'D:\\g;E:\\h' } }, 'D:\\g\\pkg\\mod'],
])('the place, %s', (_, given, path) => {
  const root = placeOf(goMod, given);
  expect([root.path, root.problem]).toEqual([path, undefined]);
});

test('a place that go itself refuses is told as such', () => {
  expect(placeOf(goMod, { env: { GOPATH: '~/go' } }).problem?.code).toBe('unusable-path');
  expect(placeOf(goMod, { env: { GOMODCACHE: 'here' } }).problem?.code).toBe('unusable-path');
});

test('what is unpacked comes before downloads; the lock, programs and strangers stay', async () => {
  const home = layout({
    'bin/gopls': 'program',
    'src/mine/main.go': 'package main',
    'pkg/mod/github.com/!burnt!sushi/toml@v1.2.3/go.mod': 'module x',
    'pkg/mod/github.com/half/done@v0.1.0/a.go': '0123456789',
    'pkg/mod/go.opencensus.io@v0.24.0/a.go': '0123456789',
    'pkg/mod/cache/lock': '',
    'pkg/mod/cache/download/github.com/!burnt!sushi/toml/@v/list': 'v1.2.3\n',
    'pkg/mod/cache/download/github.com/!burnt!sushi/toml/@v/v1.2.3.info': info,
    'pkg/mod/cache/download/github.com/!burnt!sushi/toml/@v/v1.2.3.mod': '0123456789',
    'pkg/mod/cache/download/github.com/!burnt!sushi/toml/@v/v1.2.3.zip': '0123456789',
    'pkg/mod/cache/download/github.com/half/done/@v/v0.1.0.partial': '',
    'pkg/mod/cache/download/github.com/bad/info/@v/v1.0.0.info': '{"Version":',
    'pkg/mod/cache/download/sumdb/sums.example/tile': '0123456789',
    [`pkg/mod/cache/vcs/${'a'.repeat(64)}/HEAD`]: '0123456789',
    [`pkg/mod/cache/vcs/${'a'.repeat(64)}.info`]: 'git3:https://git.example/a',
    'pkg/mod/mine/thesis.doc': 'mine',
    'pkg/mod/github.com.stale-4711-0123456789abcdef/x': 'x',
  });
  const root = join(home, 'pkg', 'mod');
  expect(unitNames(goMod, root)).toEqual(['github.com', 'go.opencensus.io@v0.24.0', 'cache/download', 'cache/vcs']);
  expect(Object.values(contradictions(goMod, root))).toEqual([null, null, null, null]);
  expect(goMod.recognise(root, reader)).toContain('github.com');
  expect(goMod.locks?.files(root, reader).map((path) => below(root, path))).toEqual(['cache/lock']);
  const kept = goMod.keeps(root, reader).map(({ path }) => below(home, join(path)));
  expect(kept).toEqual(['bin', 'src', 'pkg/mod/mine', 'pkg/mod/cache/lock']);
  const told = (await entriesIn(goMod, root)).map(({ in: unit, kind, name, version, bytes, damaged }) => {
    return `${unit}: ${kind}, ${name} ${version}, ${bytes}${damaged === null ? '' : ', damaged'}`;
  });
  expect(told).toEqual([
    'github.com: module, github.com/BurntSushi/toml v1.2.3, 8',
    'github.com: module, github.com/half/done v0.1.0, 10, damaged',
    'go.opencensus.io@v0.24.0: module, go.opencensus.io v0.24.0, 10',
    `cache/download: download, github.com/BurntSushi/toml v1.2.3, ${20 + info.length}`,
    'cache/download: go.mod, github.com/bad/info v1.0.0, 11, damaged',
    'cache/download: go.mod, github.com/half/done v0.1.0, 0',
    'cache/download: checksums, sums.example null, 10',
    'cache/vcs: clone, git.example/a null, 10',
  ]);
});

test('a folder of working copies is no cache of modules', () => {
  const root = layout(['example.com/project/main.go', 'example.org/notes.txt', 'cache/download/mine.txt']);
  const found = contradictions(goMod, root);
  expect(Object.keys(found)).toEqual(['example.com', 'example.org', 'cache/download']);
  for (const sentence of Object.values(found)) expect(sentence).toMatch(/^It holds .*\.$/);
  expect(goMod.recognise(root, reader)).toBeNull();
});

test('a mirror of a site is no download of modules', () => {
  const root = layout(['cache/download/site.example/blog/index.html']);
  expect(contradictions(goMod, root)).toEqual({ 'cache/download': expect.stringContaining('index.html') });
  expect(goMod.recognise(root, reader)).toBeNull();
});

test('a folder of hosts without end is looked into for a while only', () => {
  const root = folderForTest();
  for (let count = 0; count < 1500; count += 1)
    mkdirSync(join(root, 'a.example', `d${count}`, 'e'), { recursive: true });
  let looks = 0;
  const counting = {
    ...reader,
    list: (dir: string) => {
      looks += 1;
      return reader.list(dir);
    },
  };
  const [unit] = goMod.units(root, reader);
  expect(unit && goMod.contradiction(root, unit, counting)).toContain('no module');
  expect(looks).toBeLessThan(500);
});

/** A toolchain of hundreds of megabytes: not on the build server, so this runs where it is there. */
const there = process.platform === 'linux' && (await run('go', ['version'])).code === 0;

/** A proxy as files: one module, and a project that wants it (go help goproxy). */
const project = (home: string): ((...args: readonly string[]) => Promise<Ran>) => {
  const proxy = join(home, 'proxy', 'near.example', '!one', '@v');
  const source = join(home, 'source', 'near.example', 'One@v1.2.3');
  const dir = join(home, 'project');
  for (const path of [proxy, source, dir]) mkdirSync(path, { recursive: true });
  writeFileSync(join(proxy, 'list'), 'v1.2.3\n');
  writeFileSync(join(proxy, 'v1.2.3.info'), '{"Version":"v1.2.3","Time":"2024-01-02T03:04:05Z"}');
  writeFileSync(join(proxy, 'v1.2.3.mod'), 'module near.example/One\n');
  writeFileSync(join(source, 'go.mod'), 'module near.example/One\n');
  writeFileSync(join(source, 'one.go'), 'package one\n\nfunc One() int { return 1 }\n');
  execFileSync('python3', [
    '-c',
    'import os,sys,zipfile as z;os.chdir(sys.argv[2]);f=z.ZipFile(sys.argv[1],"w");[f.write(p) for p in sys.argv[3:]];f.close()',
    join(proxy, 'v1.2.3.zip'),
    join(home, 'source'),
    'near.example/One@v1.2.3/go.mod',
    'near.example/One@v1.2.3/one.go',
  ]);
  writeFileSync(join(dir, 'go.mod'), 'module project\n\ngo 1.19\n\nrequire near.example/One v1.2.3\n');
  writeFileSync(
    join(dir, 'main.go'),
    'package main\n\nimport one "near.example/One"\n\nfunc main() { println(one.One()) }\n',
  );
  const env = environmentWithout(/^(GO|XDG_)/, {
    HOME: home,
    GOPROXY: `file://${join(home, 'proxy')}`,
    GONOSUMDB: '*',
    GONOSUMCHECK: '1',
    GOFLAGS: '-mod=mod',
  });
  return (...args) => run('go', args, { cwd: dir, env });
};

const writable = (dir: string): void => {
  chmodSync(dir, 0o755);
  for (const entry of readdirSync(dir, { withFileTypes: true }))
    if (entry.isDirectory()) writable(join(dir, entry.name));
};

describe.skipIf(!there)(`the modules of the real go${there ? '' : ' (SKIPPED: there is no go here)'}`, () => {
  test('agree with go list, are read-only, and are made again after each unit is set aside', {
    timeout: 120_000,
  }, async () => {
    const home = folderForTest();
    const go = project(home);
    const built = await go('build', '-o', 'out', '.');
    expect(built.stderr + built.code).toMatch(/0$/);
    const root = join(home, 'go', 'pkg', 'mod');
    onTestFinished(() => writable(root));
    expect(goMod.recognise(root, reader)).toContain('near.example');
    expect(unitNames(goMod, root)).toEqual(['near.example', 'cache/download']);
    expect(Object.values(contradictions(goMod, root))).toEqual([null, null]);
    const walked = ['near.example', 'cache/download/near.example'].map((name) => sizeOf(reader, join(root, name)) ?? 0);
    const bytes = (await entriesIn(goMod, root)).map((entry) => entry.bytes);
    // All but the list of versions and its lock belongs to a version.
    const list = reader.facts(join(root, 'cache', 'download', 'near.example', '!one', '@v', 'list'))?.size ?? 0;
    expect(bytes).toEqual([walked[0], (walked[1] ?? 0) - list]);
    const listed = (await go('list', '-m', '-f', '{{.Path}} {{.Version}}', 'all')).stdout.trim().split('\n').slice(1);
    const told = (await entriesIn(goMod, root)).map(({ kind, name, version }) => `${kind} ${name} ${version}`);
    expect(told).toEqual(
      listed.flatMap((it) => [`module ${it}`, `download ${it}`]).toSorted((a, b) => b.localeCompare(a)),
    );
    expect(Object.keys(keptBelow(goMod, root))).toEqual(['cache/lock']);
    for (const unit of goMod.units(root, reader)) {
      const path = join(root, unit.name);
      renameSync(path, `${path}.stale-1-0123456789abcdef`);
      const again = await go('build', '-o', 'out', '.');
      expect([unit.name, again.stderr, again.code]).toEqual([unit.name, expect.any(String), 0]);
      expect(existsSync(join(root, 'cache', 'download'))).toBe(true);
    }
    expect(unitNames(goMod, root)).toEqual(['near.example', 'cache/download']);
  });
});
