import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  contradictions,
  entriesIn,
  keptBelow,
  layout,
  placeOf,
  unitNames,
} from '../../../../e2e/support/cache-layout.ts';
import { environmentWithout, run } from '../../../../e2e/support/run.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import { goBuild } from './go-build.ts';

const id = 'ab'.repeat(32);
const out = 'cd'.repeat(32);
const result = (of = id): string => `v1 ${of} ${out} ${'10'.padStart(20)} ${'1700000000000000000'.padStart(20)}\n`;
const readme = 'This directory holds cached build artifacts from the Go build system.\n';

test.each([
  ['Linux', {}, '/home/ada/.cache/go-build'],
  ['XDG', { env: { XDG_CACHE_HOME: '/x' } }, '/x/go-build'],
  ['GOCACHE', { env: { GOCACHE: '/c' } }, '/c'],
  ['go env -w', { files: { '/home/ada/.config/go/env': 'GOCACHE=/w\n' } }, '/w'],
  ['macOS', { platform: 'darwin' as const }, '/Users/ada/Library/Caches/go-build'],
  ['Windows', { platform: 'win32' as const, env: { LocalAppData: 'D:\\l' } }, 'D:\\l\\go-build'],
])('the place, %s', (_, given, path) => {
  const root = placeOf(goBuild, given);
  expect([root.path, root.problem]).toEqual([path, undefined]);
});

test('off is no place', () => {
  expect(placeOf(goBuild, { env: { GOCACHE: 'off' } }).problem?.code).toBe('unusable-path');
});

test('is one unit, as long as nothing stands in it that must stay', async () => {
  const root = layout({
    README: readme,
    'trim.txt': '1700000000',
    [`ab/${id}-a`]: result(),
    [`cd/${out}-d`]:
      '!<arch>\n__.PKGDEF       0           0     0     644     1000      `\ngo object linux amd64 go1.22.1 X:none\n',
    [`cd/${'ce'.repeat(32)}-d`]: '0123456789',
    [`cd/${'cf'.repeat(32)}-d/server`]: 'program',
    [`ef/${'ef'.repeat(32)}-a`]: 'v1 too short',
    [`ef/${'ee'.repeat(32)}-a`]: result(),
  });
  expect(unitNames(goBuild, root)).toEqual(['.']);
  expect(keptBelow(goBuild, root)).toEqual({});
  expect(contradictions(goBuild, root)).toEqual({ '.': null });
  expect(goBuild.recognise(root, reader)).toContain('README');
  const told = (await entriesIn(goBuild, root)).map(({ kind, name, version, created, damaged }) => [
    kind,
    name?.slice(0, 6),
    version,
    created?.slice(0, 10) ?? null,
    damaged?.split('.')[0] ?? null,
  ]);
  expect(told).toEqual([
    ['note', 'README', null, null, null],
    ['result', 'ababab', null, '2023-11-14', null],
    ['package', 'cdcdcd', 'go1.22.1 linux/amd64', null, null],
    ['output', 'cececece'.slice(0, 6), null, null, null],
    ['program', 'server', null, null, null],
    ['result', 'eeeeee', null, null, 'It is the result of something else'],
    ['result', 'efefef', null, null, 'It is not what go writes'],
    ['note', 'trim.t', null, null, null],
  ]);
});

test('what fuzzing has found is in no unit', () => {
  const root = layout({
    README: readme,
    [`ab/${id}-a`]: result(),
    'fuzz/example.com/a/FuzzOne/0123': 'go test fuzz v1',
  });
  expect(unitNames(goBuild, root)).toEqual(['ab']);
  expect(keptBelow(goBuild, root)).toEqual({ fuzz: expect.stringContaining('fuzzing') });
});

test('a person’s folders of two letters are no results', () => {
  const root = layout(['ab/thesis.doc', 'cd/main.go']);
  expect(contradictions(goBuild, root)).toEqual({ '.': expect.stringContaining('which is not a result') });
  expect(goBuild.recognise(root, reader)).toBeNull();
});

test('a README alone is no cache', () => {
  expect(contradictions(goBuild, layout(['README']))).toEqual({ '.': expect.stringContaining('No folder 00 to ff') });
});

/** A toolchain of hundreds of megabytes: not on the build server, so this runs where it is there. */
const there = process.platform === 'linux' && (await run('go', ['version'])).code === 0;

describe.skipIf(!there)(`the results of the real go${there ? '' : ' (SKIPPED: there is no go here)'}`, () => {
  test('are whole, and made again after all of it is set aside', { timeout: 240_000 }, async () => {
    const home = folderForTest();
    const dir = join(home, 'project');
    mkdirSync(dir);
    writeFileSync(join(dir, 'go.mod'), 'module project\n\ngo 1.19\n');
    writeFileSync(join(dir, 'main.go'), 'package main\n\nfunc main() { println(1) }\n');
    const env = environmentWithout(/^(GO|XDG_)/, { HOME: home, CGO_ENABLED: '0' });
    const build = () => run('go', ['build', '-o', 'out', '.'], { cwd: dir, env });
    const built = await build();
    expect(built.stderr + built.code).toMatch(/0$/);
    const root = join(home, '.cache', 'go-build');
    expect(goBuild.recognise(root, reader)).toContain('README');
    expect(contradictions(goBuild, root)).toEqual({ '.': null });
    const entries = await entriesIn(goBuild, root);
    expect(entries.filter(({ damaged }) => damaged !== null)).toEqual([]);
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(entries).toHaveLength(files.length);
    expect(entries.filter(({ kind }) => kind === 'package').length).toBeGreaterThan(0);
    expect(entries.find(({ kind }) => kind === 'package')?.version).toMatch(/^go1\.\d+\S* linux\/\w+$/);
    renameSync(root, `${root}.stale-1-0123456789abcdef`);
    expect((await build()).code).toBe(0);
    expect(unitNames(goBuild, root)).toEqual(['.']);
    rmSync(`${root}.stale-1-0123456789abcdef`, { recursive: true });
  });
});
