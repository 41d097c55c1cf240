import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderForTest } from '../../../e2e/support/temporary.ts';
import { reader } from '../fs/reader.ts';
import { tools } from './index.ts';
import type { RawEntry, Tool } from './tool.ts';

const signature = 'Signature: 8a477f597d28d172789f06886806bc55';

/** Makes files, folders where the name ends in a slash, and links where an arrow is in it. */
const make = (...names: readonly string[]): string => {
  const root = folderForTest();
  for (const name of names) {
    const [own = '', target] = name.split(' -> ');
    const path = join(root, own);
    mkdirSync(own.endsWith('/') ? path : dirname(path), { recursive: true });
    if (target !== undefined) symlinkSync(target, path);
    else if (!own.endsWith('/')) writeFileSync(path, own.endsWith('CACHEDIR.TAG') ? signature : 'ten bytes.');
  }
  return root;
};

const toolOf = (id: string): Tool => {
  const found = tools.find((tool) => tool.id === id);
  if (found === undefined) throw new Error(`no tool ${id}`);
  return found;
};

const unitsOf = (id: string, root: string): readonly string[] =>
  toolOf(id)
    .units(root, reader)
    .map(({ name }) => name);

const below = (root: string, path: string): string => path.slice(root.length + 1).replaceAll('\\', '/');

const keptOf = (id: string, root: string): ReadonlyMap<string, string> =>
  new Map(
    toolOf(id)
      .keeps(root, reader)
      .map(({ path, why }) => [below(root, path), why]),
  );

const locksOf = (id: string, root: string): readonly string[] =>
  toolOf(id)
    .locks?.files(root, reader)
    .map((path) => below(root, path)) ?? [];

const entriesOf = async (id: string, root: string): Promise<readonly string[]> => {
  const all: string[] = [];
  for (const unit of toolOf(id).units(root, reader)) {
    const keys: string[] = [];
    for await (const { key, kind, name, version, bytes } of toolOf(id).entries(
      root,
      unit,
      reader,
    ) as AsyncIterable<RawEntry>) {
      keys.push(key);
      all.push(`${unit.name}: ${kind}, ${name} ${version}, ${bytes}`);
    }
    expect(new Set(keys).size).toBe(keys.length);
  }
  return all;
};

/** What is written here is what each tool's sources and documents say; those that can be had here are run in tests of their own. */
describe.skipIf(process.platform === 'win32')('by the layout of its sources', () => {
  test('uv: what links before what is linked to, its lock and marks kept, a phony .git no sign of work', async () => {
    const root = make(
      '.lock',
      'CACHEDIR.TAG',
      '.gitignore',
      'archive-v0/abcdefghij0123456789_/requests-2.32.3.dist-info/METADATA',
      'wheels-v6/pypi/requests/2.32.3-py3-none-any -> ../../../archive-v0/abcdefghij0123456789_',
      'wheels-v6/pypi/requests/2.32.3-py3-none-any.http',
      'wheels-v6/index/0123456789abcdef/requests/2.0-py3-none-any.http',
      'simple-v24/pypi/requests.rkyv',
      'sdists-v9/.gitignore',
      'sdists-v9/pypi/built/1.0/x/metadata.msgpack',
      'mine/thesis.doc',
      'wheels-v6.stale-4711-0123456789abcdef/',
    );
    writeFileSync(join(root, 'sdists-v9', '.git'), '');
    expect(unitsOf('uv', root)).toEqual(['sdists-v9', 'simple-v24', 'wheels-v6', 'archive-v0']);
    expect(toolOf('uv').units(root, reader)[0]?.hasGit).toBe(true);
    for (const unit of toolOf('uv').units(root, reader))
      expect(toolOf('uv').contradiction(root, unit, reader)).toBeNull();
    writeFileSync(join(root, 'sdists-v9', '.git'), 'gitdir: /elsewhere');
    const [sdists] = toolOf('uv').units(root, reader);
    if (sdists) expect(toolOf('uv').contradiction(root, sdists, reader)).toContain('.git');
    const kept = keptOf('uv', root);
    expect([...kept.keys()]).toEqual(['.gitignore', '.lock', 'CACHEDIR.TAG', 'mine']);
    expect(kept.get('.lock')).toContain('must stay');
    expect(locksOf('uv', root)).toEqual(['.lock']);
    expect(await entriesOf('uv', root)).toEqual([
      expect.stringMatching(/^sdists-v9: file, \.git /),
      expect.stringMatching(/^sdists-v9: file, \.gitignore /),
      'sdists-v9: source, built 1.0, 10',
      'simple-v24: index page, requests null, 10',
      'wheels-v6: wheel, requests 2.0, 10',
      expect.stringMatching(/^wheels-v6: link, requests 2\.32\.3, /),
      'wheels-v6: wheel, requests 2.32.3, 10',
      'archive-v0: unpacked wheel, requests 2.32.3, 10',
    ]);
  });

  test('Gradle: settings, scripts, keys and Java stay; locks of caches, versions and downloads are looked at', async () => {
    const root = make(
      'gradle.properties',
      'init.d/mine.gradle',
      'init.gradle.kts',
      'jdks/temurin-21/',
      'develocity/keys.properties',
      'daemon/8.5/registry.bin',
      'native/lib.so',
      'caches/CACHEDIR.TAG',
      'caches/8.5/fileHashes/fileHashes.lock',
      'caches/8.5/fileHashes/fileHashes.bin',
      'caches/8.5/gc.properties',
      'caches/modules-2/modules-2.lock',
      'caches/modules-2/files-2.1/org.slf4j/slf4j-api/2.0.9/0123abcd/slf4j-api-2.0.9.jar',
      'caches/modules-2/metadata-2.106/module-metadata.bin',
      'caches/build-cache-1/0123456789abcdef0123456789abcdef',
      'caches/journal-1/journal-1.lock',
      'caches/mine/thesis.doc',
      'wrapper/dists/gradle-8.5-bin/5t9huq95ubn472n8rpzujfbqh/gradle-8.5-bin.zip.lck',
      'wrapper/dists/mine/',
    );
    expect(unitsOf('gradle', root)).toEqual([
      'caches/8.5',
      'caches/build-cache-1',
      'caches/journal-1',
      'caches/modules-2',
      'wrapper/dists/gradle-8.5-bin',
    ]);
    for (const unit of toolOf('gradle').units(root, reader))
      expect(toolOf('gradle').contradiction(root, unit, reader)).toBeNull();
    const kept = keptOf('gradle', root);
    expect([...kept.keys()]).toEqual([
      ...['daemon', 'develocity', 'gradle.properties', 'init.d', 'init.gradle.kts', 'jdks', 'native'],
      ...['caches/mine', 'wrapper/dists/mine'],
    ]);
    expect(kept.get('gradle.properties')).toContain('passwords');
    expect(locksOf('gradle', root)).toEqual([
      'caches/journal-1/journal-1.lock',
      'caches/modules-2/modules-2.lock',
      'caches/8.5/fileHashes/fileHashes.lock',
      'wrapper/dists/gradle-8.5-bin/5t9huq95ubn472n8rpzujfbqh/gradle-8.5-bin.zip.lck',
    ]);
    expect(toolOf('gradle').locks).toMatchObject({ kind: 'posix', taken: [] });
    expect(await entriesOf('gradle', root)).toEqual([
      'caches/8.5: folder, fileHashes null, 20',
      'caches/8.5: file, gc.properties null, 10',
      'caches/build-cache-1: file, 0123456789abcdef0123456789abcdef null, 10',
      'caches/journal-1: file, journal-1.lock null, 10',
      'caches/modules-2: module, org.slf4j:slf4j-api 2.0.9, 10',
      'caches/modules-2: metadata, metadata-2.106 null, 10',
      'caches/modules-2: file, modules-2.lock null, 10',
      'wrapper/dists/gradle-8.5-bin: distribution, gradle 8.5, 10',
    ]);
  });

  test('Hugging Face: tokens beside it stay, locks of downloads are looked at, a revision is an entry', async () => {
    const home = make(
      'token',
      'stored_tokens',
      'hub/version.txt',
      'hub/.locks/models--org--a-model/0123.lock',
      'hub/models--org--a-model/blobs/0123',
      'hub/models--org--a-model/refs/main',
      'hub/models--org--a-model/snapshots/aaaa/config.json -> ../../blobs/0123',
      'hub/models--org--a-model/snapshots/bbbb/config.json -> ../../blobs/0123',
      'hub/datasets--squad/refs/main',
      'hub/models--org--gone.stale-4711-0123456789abcdef/',
      'hub/mine.bin',
    );
    const root = join(home, 'hub');
    expect(unitsOf('huggingface', root)).toEqual(['datasets--squad', 'models--org--a-model']);
    const kept = toolOf('huggingface').keeps(root, reader);
    expect(kept.map(({ path }) => below(home, path))).toEqual([
      ...['token', 'stored_tokens', 'hub/.locks', 'hub/mine.bin', 'hub/version.txt'],
    ]);
    expect(kept[0]?.why).toContain('tokens');
    expect(locksOf('huggingface', root)).toEqual(['.locks/models--org--a-model/0123.lock']);
    expect(toolOf('huggingface').locks).toMatchObject({ kind: 'flock', taken: [] });
    expect(await entriesOf('huggingface', root)).toEqual([
      'datasets--squad: dataset, squad null, 10',
      expect.stringMatching(/^models--org--a-model: model, org\/a-model aaaa, \d+$/),
      expect.stringMatching(/^models--org--a-model: model, org\/a-model bbbb, \d+$/),
      'models--org--a-model: shared files, org/a-model null, 10',
      'models--org--a-model: notes, org/a-model null, 10',
    ]);
  });

  test('cargo: programs, tokens and settings stay', () => {
    const root = make(
      'bin/rg',
      '.crates.toml',
      '.crates2.json',
      'credentials.toml',
      'config.toml',
      'env',
      '.package-cache',
      '.package-cache-mutate',
      '.global-cache',
      'registry/CACHEDIR.TAG',
      'registry/cache/index.crates.io-1949cf8c6b5b557f/serde_json-1.0.100.crate',
      'registry/mine/',
      'git/db/',
    );
    expect(unitsOf('cargo', root)).toEqual([
      ...['registry/src', 'git/checkouts', 'registry/cache', 'git/db', 'registry/index'],
    ]);
    const kept = keptOf('cargo', root);
    expect([...kept.keys()]).toEqual([
      ...['.crates.toml', '.crates2.json', '.global-cache', '.package-cache', '.package-cache-mutate', 'bin'],
      ...['config.toml', 'credentials.toml', 'env', 'registry/mine'],
    ]);
    expect(kept.get('credentials.toml')).toContain('tokens');
    expect(locksOf('cargo', root)).toEqual(['.package-cache-mutate', '.package-cache']);
  });

  test('pre-commit: changes of a person stay, an environment is an entry', async () => {
    const root = make(
      'db.db',
      'README',
      'patch1700000000-4711',
      'repoabcdefgh/.pre-commit-hooks.yaml',
      'repoabcdefgh/py_env-python3.11/bin/black',
      'repo_of_mine_/thesis.doc',
      'repositories/thesis.doc',
    );
    expect(unitsOf('pre-commit', root)).toEqual(['db.db', 'repoabcdefgh']);
    expect(keptOf('pre-commit', root).get('patch1700000000-4711')).toContain('not staged');
    expect(await entriesOf('pre-commit', root)).toEqual([
      'db.db: list, db.db null, 10',
      'repoabcdefgh: clone, null null, 10',
      'repoabcdefgh: environment, py_env python3.11, 10',
    ]);
  });

  test('a unit that is a link is not looked into', async () => {
    const elsewhere = make('pypi/requests.rkyv', 'files/0f/x', 'npm-a-1.0.0/node_modules/a/x', 'snapshots/aaaa/x');
    for (const [id, unit] of [
      ...[
        ['uv', 'simple-v24'] as const,
        ['uv', 'archive-v0'] as const,
        ['pnpm', 'v11'] as const,
        ['yarn', 'v6'] as const,
      ],
      ...[
        ['cargo', 'registry/src'] as const,
        ['gradle', 'caches/modules-2'] as const,
        ['gradle', 'caches/8.5'] as const,
      ],
      ...[['huggingface', 'models--a--b'] as const, ['pre-commit', 'repoabcdefgh'] as const],
      ...[['pnpm-metadata', 'metadata-v1.3'] as const, ['pnpm-metadata', 'dlx'] as const],
    ]) {
      const root = make(`${dirname(unit)}/`);
      symlinkSync(elsewhere, join(root, unit));
      const entries: RawEntry[] = [];
      const definition = { name: unit, kind: 'directory', rewritten: 'anything' } as const;
      for await (const entry of toolOf(id).entries(root, definition, reader)) entries.push(entry);
      expect([id, entries]).toEqual([id, []]);
    }
  });
});

test.each(tools.map(({ id }) => id))(
  '%s: a place that is not there, a file and an empty folder are no surprise',
  (id) => {
    const tool = toolOf(id);
    const empty = folderForTest();
    writeFileSync(join(empty, 'file'), '');
    for (const root of [join(empty, 'absent'), join(empty, 'file'), empty]) {
      expect(tool.recognise(root, reader)).toBeNull();
      expect(tool.locks?.files(root, reader) ?? []).toEqual([]);
      for (const unit of tool.units(root, reader)) expect(tool.contradiction(root, unit, reader)).toBeNull();
    }
    expect(tool.keeps(join(empty, 'absent', 'below'), reader)).toEqual([]);
  },
);

test('ids and names are unique, and every sentence ends', () => {
  expect(new Set(tools.map(({ id }) => id)).size).toBe(tools.length);
  expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
  for (const { what, cost } of tools)
    expect([what, cost]).toEqual([expect.stringMatching(/\.$/), expect.stringMatching(/\.$/)]);
});
