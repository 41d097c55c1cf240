import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { folderForTest } from '../../../e2e/support/temporary.ts';
import { reader } from '../fs/reader.ts';
import { folder, tools } from './index.ts';
import type { RawEntry, Tool } from './tool.ts';

const signature = 'Signature: 8a477f597d28d172789f06886806bc55';

/** Makes files, and folders where the name ends in a slash. */
const contents = (name: string): string => (name.endsWith('CACHEDIR.TAG') ? signature : name);

const make = (...names: readonly string[]): string => {
  const root = folderForTest();
  for (const name of names) {
    const path = join(root, name);
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(path, contents(name));
  }
  return root;
};

const toolOf = (id: string): Tool => tools.find((tool) => tool.id === id) ?? folder;
const hex = (length: number): string => 'a1'.repeat(length / 2);
test.each<[string, readonly string[], string | null]>([
  ['nothing', [], null],
  ['a project', ['package.json', 'src/index.ts', '.git/'], null],
  ['an npm cache', ['_cacache/index-v5/'], 'npm'],
  ['an npm cache without index', ['_cacache/content-v2/'], 'npm'],
  ['an empty _cacache', ['_cacache/'], null],
  ['pip, new', ['http-v2/a/', 'http-v2/0/'], 'pip'],
  ['pip, old', ['http/a/'], 'pip'],
  ['pip, only wheels', ['wheels/0f/'], 'pip'],
  ['wheels of a person', ['wheels/requests-1-py3-none-any.whl'], null],
  ['wheels of a person among others', ['wheels/0f/', 'wheels/mine/'], null],
  ['a web server', ['http/conf/', 'http/a/'], null],
  ['pip-tools', ['depcache-cp3.11.json'], 'pip-tools'],
  ['pip-tools without depcache', ['pkgs/', 'http-v2/0/'], 'pip-tools'],
  ['conda', ['pkgs/', 'envs/'], null],
  ['uv', ['CACHEDIR.TAG', 'wheels-v6/pypi/'], 'uv'],
  ['uv without its tag', ['wheels-v6/pypi/'], null],
  ['a pnpm store', ['v11/files/0f/', 'v11/index.db'], 'pnpm'],
  ['files of a person', ['v11/files/mine/'], null],
  ['pnpm metadata, new', ['v12/metadata/https%3A+registry.example/a.jsonl'], 'pnpm-metadata'],
  ['pnpm metadata, old', ['metadata-v1.3/registry.example/a.json'], 'pnpm-metadata'],
  ['Yarn 1', [`v6/npm-a-1.0.0-${hex(40)}-integrity/node_modules/a/package.json`], 'yarn'],
  ['versions of a person', ['v6/notes.txt', 'v7/notes.txt'], null],
  ['Yarn 2 and later', ['a-npm-1.0.0-0123456789-10c0.zip'], null],
  ['cargo, a registry', ['registry/cache/index.crates.io-1949cf8c6b5b557f/a-1.0.0.crate'], 'cargo'],
  ['cargo, git only', ['git/db/a-1949cf8c6b5b557f/HEAD'], 'cargo'],
  ['a registry of something else', ['registry/cache/here/'], null],
  ['Gradle', ['caches/modules-2/files-2.1/'], 'gradle'],
  ['the Gradle wrapper', ['wrapper/dists/gradle-8.5-bin/'], 'gradle'],
  ['caches of something else', ['caches/8.5/'], null],
  ['Hugging Face', ['models--org--name/snapshots/'], 'huggingface'],
  ['models of a person', ['models--mine/weights.bin'], null],
  ['repositories of a person', ['repoabcdefgh/.git/', 'README'], null],
])('%s is recognised for what it is', (_, names, expected) => {
  const root = make(...names);
  const found = [...tools, folder].find((tool) => tool.recognise(root, reader) !== null);
  expect(found?.id ?? null).toBe(expected);
  if (found) expect(found.recognise(root, reader)).toMatch(/\.$/);
});

test('a CACHEDIR.TAG is evidence, a look-alike is none', () => {
  const root = make();
  expect(folder.recognise(root, reader)).toBeNull();
  writeFileSync(join(root, 'CACHEDIR.TAG'), `${signature}\n# more\n`);
  expect(folder.recognise(root, reader)).toContain('CACHEDIR.TAG');
  writeFileSync(join(root, 'CACHEDIR.TAG'), `# ${signature}`);
  expect(folder.recognise(root, reader)).toBeNull();
});

test.each<[string, string, readonly string[], RegExp | null]>([
  ['pip', 'wheels', ['wheels/0f/'], null],
  ['pip', 'wheels', ['wheels/mine-1-py3-none-any.whl'], /mine-1-py3-none-any\.whl/],
  ['pip', 'wheels', ['wheels/0f/', 'wheels/.git/'], /\.git/],
  ['pip', 'wheels', [], null],
  ['pip', 'http-v2', ['http-v2/a/'], null],
  ['pip', 'http-v2', ['http-v2/a/', 'http-v2/notes.txt'], /notes\.txt/],
  ['pip', 'http', ['http/ab/'], /“ab”/],
  ['pip', 'selfcheck', [`selfcheck/${hex(56)}`], null],
  ['pip', 'selfcheck', ['selfcheck/main.py'], /main\.py/],
  ['pip', 'http', ['http/new\u202eline'], /new\\u\{202e\}line/],
  ['pip-tools', 'pkgs', ['pkgs/0a/bc/de/x', 'pkgs/requests-2.32.3.tar.gz'], null],
  ['pip-tools', 'pkgs', ['pkgs/anything.txt'], /anything\.txt/],
  ['pip-tools', 'pkgs', ['pkgs/core/package.json'], /core/],
  ['pip-tools', 'pkgs', ['pkgs/.git/'], /\.git/],
  ['pip-tools', 'wheels', ['wheels/x/'], /“x”/],
  ['npm', '_cacache', ['_cacache/index-v5/', '_cacache/_lastverified'], null],
  ['npm', '_cacache', ['_cacache/tmp/'], null],
  ['npm', '_cacache', ['_cacache/'], null],
  ['npm', '_cacache', ['_cacache/thesis.doc'], /none of index-v5/],
  ['npm', '_logs', ['_logs/2026-01-01T00_00_00_000Z-debug-0.log'], null],
  ['npm', '_logs', ['_logs/ship.txt'], /ship\.txt/],
  ['npm', '_npx/0123456789abcdef', ['_npx/0123456789abcdef/package.json'], null],
  ['npm', '_npx/0123456789abcdef', ['_npx/0123456789abcdef/thesis.doc'], /neither/],
  ['uv', 'wheels-v6', ['wheels-v6/pypi/', 'wheels-v6/url/'], null],
  ['uv', 'wheels-v6', ['wheels-v6/thesis.doc'], /thesis\.doc/],
  ['uv', 'sdists-v9', ['sdists-v9/pypi/', 'sdists-v9/.gitignore'], null],
  ['uv', 'sdists-v9', ['sdists-v9/.git/'], /\.git/],
  ['uv', 'archive-v0', ['archive-v0/abcdefghij0123456789_/'], null],
  ['uv', 'archive-v0', ['archive-v0/mine/'], /mine/],
  ['uv', 'environments-v2', ['environments-v2/.git/'], /\.git/],
  ['pnpm', 'v11', ['v11/files/', 'v11/index.db', 'v11/index.db-wal', 'v11/projects/'], null],
  ['pnpm', 'v11', ['v11/files/', 'v11/thesis.doc'], /thesis\.doc/],
  ['pnpm', 'v11/files', ['v11/files/0f/'], null],
  ['pnpm', 'v11/files', ['v11/files/mine/'], /mine/],
  ['pnpm-metadata', 'v12', ['v12/metadata/'], null],
  ['pnpm-metadata', 'v12', ['v12/mine/'], /mine/],
  ['pnpm-metadata', 'metadata-v1.3', ['metadata-v1.3/.git/'], /\.git/],
  ['yarn', 'v6', [`v6/npm-a-1.0.0-${hex(40)}/`, 'v6/.tmp/'], null],
  ['yarn', 'v6', ['v6/mine/'], /mine/],
  ['cargo', 'registry/src', ['registry/src/index.crates.io-1949cf8c6b5b557f/'], null],
  ['cargo', 'registry/src', ['registry/src/mine/'], /mine/],
  ['gradle', 'caches/8.5', ['caches/8.5/fileHashes/', 'caches/8.5/anything/'], null],
  ['gradle', 'caches/8.5', ['caches/8.5/mine/'], /none of the folders/],
  ['gradle', 'caches/modules-2', ['caches/modules-2/files-2.1/', 'caches/modules-2/modules-2.lock'], null],
  ['gradle', 'caches/modules-2', ['caches/modules-2/mine/'], /mine/],
  ['gradle', 'caches/build-cache-1', [`caches/build-cache-1/${hex(32)}`], null],
  ['gradle', 'wrapper/dists/gradle-8.5-bin', ['wrapper/dists/gradle-8.5-bin/5t9huq95ubn472n8rpzujfbqh/'], null],
  ['gradle', 'wrapper/dists/gradle-8.5-bin', ['wrapper/dists/gradle-8.5-bin/my project/'], /my project/],
  ['huggingface', 'models--a--b', ['models--a--b/blobs/', 'models--a--b/refs/', 'models--a--b/snapshots/'], null],
  ['huggingface', 'models--a--b', ['models--a--b/thesis.doc'], /thesis\.doc/],
  ['pre-commit', 'repoabcdefgh', ['repoabcdefgh/.git/', 'repoabcdefgh/.pre-commit-hooks.yaml'], null],
  ['pre-commit', 'repoabcdefgh', ['repoabcdefgh/.git/', 'repoabcdefgh/src/'], /\.git/],
  ['pre-commit', 'repoabcdefgh', ['repoabcdefgh/src/'], /no \.pre-commit-hooks\.yaml/],
  ['folder', '.', ['a.txt'], null],
  ['folder', '.', ['.git/', 'a.txt'], /\.git/],
])('%s, %s with %j', (id, name, names, expected) => {
  const root = make(...names);
  const tool = toolOf(id);
  const listed = tool.units(root, reader).find((it) => it.name === name);
  const unit = listed ?? { name, kind: 'directory', rewritten: 'anything' };
  const found = tool.contradiction(root, unit, reader);
  if (expected === null) expect(found).toBeNull();
  else expect(found).toMatch(expected);
});

test('units: those that always could be, and those that are there', () => {
  const root = make(
    '_npx/0123456789abcdef/',
    '_npx/mine/',
    'depcache-cp3.11.json',
    'depcache-mine.json',
    'selfcheck.json',
  );
  const names = (id: string): readonly string[] =>
    toolOf(id)
      .units(root, reader)
      .map((unit) => unit.name);
  expect(names('npm')).toEqual(['_cacache', '_npx/0123456789abcdef', '_logs']);
  expect(names('pip')).toEqual(['http-v2', 'http', 'wheels', 'selfcheck', 'selfcheck.json']);
  expect(names('pip-tools')).toEqual(['pkgs', 'http-v2', 'http', 'wheels', 'selfcheck', 'depcache-cp3.11.json']);
  expect(
    toolOf('pip')
      .units(join(root, 'absent'), reader)
      .map((unit) => unit.name),
  ).toEqual(names('pip').slice(0, 4));
  expect(folder.units(root, reader)).toEqual([{ name: '.', kind: 'directory', rewritten: 'anything' }]);
});

test('what is kept: unknown names, tokens beside the root, no leftovers', () => {
  const home = make(
    '.npmrc',
    '.npm/_cacache/',
    '.npm/_logs/',
    '.npm/thesis.doc',
    '.npm/_update-notifier-last-checked',
    '.npm/_logs.stale-12-abc/',
  );
  const kept = toolOf('npm').keeps(join(home, '.npm'), reader);
  expect(kept.map(({ path }) => path.slice(home.length + 1).replaceAll('\\', '/'))).toEqual([
    '.npmrc',
    '.npm/_update-notifier-last-checked',
    '.npm/thesis.doc',
  ]);
  expect(kept[0]?.why).toContain('tokens');
  const root = make('pkgs/', 'pkgs.stale-4711/', 'depcache-cp3.9.json', 'mine.txt');
  expect(
    toolOf('pip-tools')
      .keeps(root, reader)
      .map(({ path }) => path),
  ).toEqual([join(root, 'mine.txt')]);
});

test.skipIf(process.platform === 'win32')('a unit that is a link is not looked into', async () => {
  const elsewhere = make('0f/a.txt', 'package.json');
  const root = make();
  for (const { id, unit } of [
    { id: 'pip', unit: 'wheels' },
    { id: 'npm', unit: '_logs' },
    { id: 'pip-tools', unit: 'pkgs' },
  ]) {
    symlinkSync(elsewhere, join(root, unit));
    const entries: RawEntry[] = [];
    const definition = { name: unit, kind: 'directory', rewritten: 'anything' } as const;
    for await (const entry of toolOf(id).entries(root, definition, reader)) entries.push(entry);
    expect(entries).toEqual([]);
  }
});

test('a folder of a person: its children, with sizes, names made showable', () => {
  const root = make('a/b/c.txt', 'z\u202e.txt');
  const [unit] = folder.units(root, reader);
  if (unit === undefined) throw new Error('no unit');
  const entries = [...(folder.entries(root, unit, reader) as Iterable<RawEntry>)];
  expect(entries.map(({ kind, name, bytes }) => ({ kind, name, bytes }))).toEqual([
    { kind: 'folder', name: 'a', bytes: 9 },
    { kind: 'file', name: 'z\\u{202e}.txt', bytes: Buffer.byteLength('z\u202e.txt') },
  ]);
});
