import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { have } from '../../../../e2e/support/have.ts';
import { type Registry, startRegistry } from '../../../../e2e/support/local-registry.ts';
import { dozen } from '../../../../e2e/support/npm-packages.ts';
import { npmInstall, npmVersion, runNpm } from '../../../../e2e/support/real-npm.ts';
import { folderForTest, newFolder, removeFolder } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import { readNpmUrl } from '../decode/npm-url.ts';
import type { RawEntry } from '../tool.ts';
import { npm } from './npm.ts';

const entriesOf = async (root: string, name: string): Promise<readonly RawEntry[]> => {
  const entries: RawEntry[] = [];
  const unit = { name, kind: 'directory', rewritten: 'anything' } as const;
  for await (const entry of npm.entries(root, unit, reader)) entries.push(entry);
  expect(new Set(entries.map(({ key }) => key)).size).toBe(entries.length);
  return entries;
};

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

const real = have('npm', (await npmVersion()) !== null);

describe.skipIf(real.skip)(`a cache made by the real npm${real.note}`, () => {
  let registry: Registry;
  let folder: string;
  let cache: string;

  beforeAll(async () => {
    registry = await startRegistry(dozen, '/api/npm/all');
    folder = newFolder();
    cache = join(folder, 'cache');
    await npmInstall(folder, cache, registry.url, dozen);
  });
  afterAll(async () => {
    await registry.close();
    removeFolder(folder);
  });

  const versions = (entries: readonly RawEntry[]) =>
    entries.filter(({ kind }) => kind === 'tarball').map(({ name, version }) => `${name}@${version}`);

  test('names every package and version that npm fetched', async () => {
    const entries = await entriesOf(cache, '_cacache');
    expect(versions(entries).sort()).toEqual(dozen.map(({ name, version }) => `${name}@${version}`).sort());
    const metadata = entries.filter(({ kind }) => kind === 'metadata').map(({ name }) => name);
    expect(metadata.sort()).toEqual(dozen.map(({ name }) => name).sort());
    for (const { damaged, url, created, lastUsed } of entries) {
      expect(damaged).toBeNull();
      expect(url?.startsWith(registry.url)).toBe(true);
      expect(created).toMatch(/^\d{4}-.*Z$/);
      expect((lastUsed ?? '') >= (created ?? 'x')).toBe(true);
    }
    const stored = filesBelow(join(cache, '_cacache', 'content-v2')).reduce(
      (sum, file) => sum + statSync(file).size,
      0,
    );
    expect(entries.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)).toBe(stored);
  });

  test('is recognised, contradicts nothing, keeps nothing of its own', () => {
    expect(npm.recognise(cache, reader)).not.toBeNull();
    for (const unit of npm.units(cache, reader)) expect(npm.contradiction(cache, unit, reader)).toBeNull();
    expect(npm.keeps(cache, reader).filter(({ path }) => !path.includes('_update-notifier'))).toEqual([]);
  });

  test('its logs tell when they began', async () => {
    const entries = await entriesOf(cache, '_logs');
    expect(entries.length).toBeGreaterThan(0);
    for (const { kind, created, bytes } of entries) {
      expect(kind).toBe('log');
      expect(created).toMatch(/^\d{4}-\d{2}-\d{2}T/);
      expect(bytes).toBeGreaterThan(0);
    }
  });

  test('what npx has installed', async () => {
    const places = { cwd: folder, home: folder, cache, registry: registry.url };
    const ran = await runNpm(['exec', '--yes', '--', 'tool@7.0.0'], places);
    expect(ran.stderr + ran.code).toMatch(/0$/);
    const units = npm.units(cache, reader).filter(({ name }) => name.startsWith('_npx/'));
    expect(units).toHaveLength(1);
    const [entry, ...others] = await entriesOf(cache, units[0]?.name ?? '');
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ kind: 'npx', name: 'tool', version: '7.0.0', damaged: null });
    const bytes = filesBelow(join(cache, units[0]?.name ?? '')).reduce((sum, file) => sum + statSync(file).size, 0);
    expect(entry?.bytes).toBeGreaterThanOrEqual(bytes);
  });

  test('reading changes no time and no byte', async () => {
    // Only Linux lets a reader leave the time of last reading as it was.
    const read = (file: string) => (process.platform === 'linux' ? statSync(file).atimeMs : 0);
    const state = () =>
      filesBelow(cache).map((file) => [file, read(file), statSync(file).mtimeMs, statSync(file).size]);
    for (const file of filesBelow(cache)) utimesSync(file, 1_000_000_000, 1_000_000_000);
    const before = state();
    for (const { name } of npm.units(cache, reader)) await entriesOf(cache, name);
    expect(state()).toEqual(before);
  });
});

const url = 'https://registry.example/alpha/-/alpha-1.0.0.tgz';
const keyOf = (address: string): string => `make-fetch-happen:request-cache:${address}`;

interface Written {
  readonly root: string;
  readonly bucket: string;
  readonly content: string;
  readonly line: (fields?: object) => string;
}

/** One package as npm stores it, by the documented layout of cacache. */
const write = (): Written => {
  const root = folderForTest();
  const data = Buffer.from('the tarball');
  const sha512 = createHash('sha512').update(data).digest();
  const hex = sha512.toString('hex');
  const content = join(root, '_cacache', 'content-v2', 'sha512', hex.slice(0, 2), hex.slice(2, 4), hex.slice(4));
  const hash = createHash('sha256').update(keyOf(url)).digest('hex');
  const bucket = join(root, '_cacache', 'index-v5', hash.slice(0, 2), hash.slice(2, 4), hash.slice(4));
  const record = {
    key: keyOf(url),
    integrity: `sha512-${sha512.toString('base64')}`,
    time: 1_700_000_000_000,
    size: data.length,
  };
  const line = (fields: object = {}): string => {
    const json = JSON.stringify({ ...record, metadata: { url }, ...fields });
    return `\n${createHash('sha1').update(json).digest('hex')}\t${json}`;
  };
  for (const path of [content, bucket]) mkdirSync(dirname(path), { recursive: true });
  writeFileSync(content, data);
  writeFileSync(bucket, line());
  return { root, bucket, content, line };
};

test('the last whole record of a key wins', async () => {
  const { root, bucket, line } = write();
  appendFileSync(bucket, line({ time: 1_800_000_000_000 }));
  expect(await entriesOf(root, '_cacache')).toMatchObject([
    { kind: 'tarball', name: 'alpha', version: '1.0.0', url, created: '2027-01-15T08:00:00.000Z', damaged: null },
  ]);
});

test('a removed key is no entry, and its content an orphan', async () => {
  const { root, bucket, content, line } = write();
  appendFileSync(bucket, line({ integrity: null }));
  const [orphan, ...others] = await entriesOf(root, '_cacache');
  expect(others).toEqual([]);
  expect(orphan).toMatchObject({ kind: 'orphan', bytes: statSync(content).size, damaged: null });
});

test('a password in a URL is not shown', async () => {
  const { root, bucket, line } = write();
  writeFileSync(bucket, line({ metadata: { url: 'https://ada:secret@registry.example/alpha' } }));
  const [entry] = await entriesOf(root, '_cacache');
  expect(entry?.url).toBe('https://registry.example/alpha');
});

test.each<[string, (written: Written) => void, RegExp, string]>([
  ['missing content', ({ content }) => rmSync(content), /content is missing/, 'tarball'],
  ['content cut short', ({ content }) => truncateSync(content, 3), /3 bytes and should be 11/, 'tarball'],
  [
    'a folder for content',
    ({ content }) => {
      rmSync(content);
      mkdirSync(content);
    },
    /something else/,
    'tarball',
  ],
  ['a record cut short', ({ bucket }) => truncateSync(bucket, 200), /checksum does not match/, 'index'],
  [
    'a changed record',
    ({ bucket }) => writeFileSync(bucket, readFileSync(bucket, 'utf8').replace('alpha', 'alphb')),
    /checksum/,
    'index',
  ],
  ['no checksum', ({ bucket }) => writeFileSync(bucket, 'hello\n'), /no checksum \(1 of 1 line /, 'index'],
  ['JSON that is no record', ({ bucket }) => writeFileSync(bucket, sealed('[1,2]')), /not what npm writes/, 'index'],
  [
    'JSON that goes deep',
    ({ bucket }) => writeFileSync(bucket, sealed('['.repeat(100_000))),
    /not what npm writes/,
    'index',
  ],
  ['a line too long', ({ bucket }) => writeFileSync(bucket, 'x'.repeat(1024 * 1024)), /too long/, 'index'],
  ['a bucket too large', ({ bucket }) => writeFileSync(bucket, '\n'.repeat(10 * 1024 * 1024)), /too large/, 'index'],
  ['a gigabyte of nothing', ({ bucket }) => truncateSync(bucket, 1024 ** 3), /too large/, 'index'],
  [
    'an integrity of nothing',
    ({ bucket, line }) => writeFileSync(bucket, line({ integrity: 'sha512-../../x' })),
    /names no content/,
    'tarball',
  ],
  [
    'a record in the wrong place',
    ({ bucket, line }) => writeFileSync(bucket, line({ key: 'other' })),
    /wrong index file/,
    'tarball',
  ],
])('%s is a damaged entry', async (_, damage, reason, kind) => {
  const written = write();
  damage(written);
  const entries = (await entriesOf(written.root, '_cacache')).filter((entry) => entry.kind !== 'orphan');
  expect(entries).toHaveLength(1);
  expect(entries[0]).toMatchObject({ kind, damaged: expect.stringMatching(reason) });
});

const sealed = (json: string): string => `\n${createHash('sha1').update(json).digest('hex')}\t${json}`;

test('one bad line does not hide the good ones', async () => {
  const { root, bucket } = write();
  appendFileSync(bucket, '\nnonsense');
  const entries = await entriesOf(root, '_cacache');
  expect(entries.map(({ kind, damaged }) => [kind, damaged !== null])).toEqual([
    ['index', true],
    ['tarball', false],
  ]);
});

test('a damaged npx folder', async () => {
  const root = folderForTest();
  const folder = join(root, '_npx', '0123456789abcdef');
  mkdirSync(folder, { recursive: true });
  expect(await entriesOf(root, '_npx/0123456789abcdef')).toMatchObject([
    { damaged: expect.stringMatching(/package\.json/) },
  ]);
  const packages = ['@scope/a@^1', '../../../etc/passwd', 'b'];
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ _npx: { packages } }));
  expect(await entriesOf(root, '_npx/0123456789abcdef')).toMatchObject([
    { name: '@scope/a', damaged: expect.stringMatching(/node_modules/) },
    { name: '../../../etc/passwd', version: null },
    { name: 'b', bytes: null },
  ]);
});

test.each<[string, string, string | null, string | null]>([
  ['https://registry.example/a/-/a-1.2.3-beta.1.tgz', 'tarball', 'a', '1.2.3-beta.1'],
  ['https://registry.example/@s/a-b/-/a-b-1.0.0.tgz', 'tarball', '@s/a-b', '1.0.0'],
  ['https://registry.example/@s%2fa/-/a-1.0.0.tgz', 'tarball', '@s/a', '1.0.0'],
  ['https://registry.example/artifactory/api/npm/all/@s/a/-/@s/a-1.0.0.tgz', 'tarball', '@s/a', '1.0.0'],
  ['https://registry.example/repository/all/is-3-odd/-/is-3-odd-2.0.0.tgz?x=1#y', 'tarball', 'is-3-odd', '2.0.0'],
  ['https://files.example/some/thing-1-2.0.0.tgz', 'tarball', 'thing-1', '2.0.0'],
  ['https://registry.example/download/@s/a/1.0.0/0123abcd', 'tarball', '@s/a', '1.0.0'],
  ['https://registry.example/a', 'metadata', 'a', null],
  ['https://registry.example/prefix/@s%2fa', 'metadata', '@s/a', null],
  ['https://registry.example/@s/a', 'metadata', '@s/a', null],
  ['https://registry.example/a/1.0.0', 'metadata', 'a', '1.0.0'],
  ['https://registry.example/-/npm/v1/keys', 'request', null, null],
  ['https://registry.example/', 'request', null, null],
  ['https://registry.example/%E0%A4%A', 'metadata', '%E0%A4%A', null],
  ['not a url', 'request', null, null],
  [`https://registry.example/${'-'.repeat(100_000)}`, 'request', null, null],
])('reads %s', (address, kind, name, version) => {
  expect(readNpmUrl(address)).toEqual({ kind, name, version });
});
