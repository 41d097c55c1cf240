import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { folderForTest } from '../../../e2e/support/temporary.ts';
import { reader } from '../fs/reader.ts';
import { folder, tools } from './index.ts';
import type { RawEntry, Tool } from './tool.ts';

/** Makes files, and folders where the name ends in a slash. */
const make = (...names: readonly string[]): string => {
  const root = folderForTest();
  for (const name of names) {
    const path = join(root, name);
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(path, name);
  }
  return root;
};

const toolOf = (id: string): Tool => tools.find((tool) => tool.id === id) ?? folder;
const hex = (length: number): string => 'a1'.repeat(length / 2);
const signature = 'Signature: 8a477f597d28d172789f06886806bc55';

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
  ['pip-tools', 'pkgs', ['pkgs/anything.txt'], null],
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
  ['folder', '.', ['a.txt'], null],
  ['folder', '.', ['.git/', 'a.txt'], /\.git/],
])('%s, %s with %j', (id, name, names, expected) => {
  const root = make(...names);
  const tool = toolOf(id);
  const unit = { name, kind: 'directory', rewritten: 'anything' } as const;
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
