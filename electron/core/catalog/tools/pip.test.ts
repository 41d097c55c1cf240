import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { encode } from '@msgpack/msgpack';
import { describe, expect, test } from 'vitest';
import { tarGz, zip } from '../../../../e2e/support/archives.ts';
import { have } from '../../../../e2e/support/have.ts';
import { type IndexStyle, sdistOf, somePackages, startIndex, wheelOf } from '../../../../e2e/support/local-index.ts';
import { findPips, pipInstall } from '../../../../e2e/support/real-pip.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import type { RawEntry, Tool } from '../tool.ts';
import { pip } from './pip.ts';
import { pipTools } from './pip-tools.ts';

const entriesOf = async (root: string, name: string, tool: Tool = pip): Promise<readonly RawEntry[]> => {
  const unit = tool.units(root, reader).find((it) => it.name === name);
  if (unit === undefined) throw new Error(`there is no unit ${name}`);
  const entries: RawEntry[] = [];
  for await (const entry of tool.entries(root, unit, reader)) entries.push(entry);
  expect(new Set(entries.map(({ key }) => key)).size).toBe(entries.length);
  return entries;
};

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

const project = (name: string): string => name.replaceAll('_', '-');

const pips = await findPips();

for (const format of ['http-v2', 'http'] as const) {
  const found = pips.find((it) => it.format === format);
  const what = format === 'http-v2' ? 'Python 3 with pip 23.3 or later' : 'Python 3 with pip 20.1 to 23.2';
  // A build server has one pip; the other format is covered there by what is written by hand below.
  const real =
    pips.length > 0
      ? { skip: !found, note: found ? `, ${found.version}` : ` (SKIPPED: there is no ${what} here)` }
      : have(what, false);
  describe.skipIf(real.skip)(`a cache made by the real pip, ${format}${real.note}`, () => {
    test.each<IndexStyle>(['html', 'json', 'json-gzip'])(
      'names all that pip fetched from an index in %s',
      async (style) => {
        if (!found) return;
        const folder = folderForTest();
        const cache = join(folder, 'cache');
        const index = await startIndex(style);
        const ran = await pipInstall(found, folder, cache, index.url, ['needs-all']);
        await index.close();
        expect(ran.code === 0 ? '' : ran.stdout + ran.stderr).toBe('');

        const entries = await entriesOf(cache, format);
        const files = index.url.replace(/simple\/$/, 'files/');
        const expected = somePackages.flatMap(({ name, version, kind }) => [
          { kind: 'index page', name: project(name), version: null, url: `${index.url}${project(name)}/` },
          {
            kind,
            name,
            version,
            url: `${files}${name}-${version}${kind === 'wheel' ? '-py3-none-any.whl' : '.tar.gz'}`,
          },
        ]);
        expect(entries).toHaveLength(expected.length);
        expect(entries).toEqual(
          expect.arrayContaining(expected.map((it) => expect.objectContaining({ ...it, damaged: null }))),
        );
        expect(entries.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)).toBe(sizeOf(join(cache, format)));

        expect(await entriesOf(cache, 'wheels')).toMatchObject([
          { kind: 'wheel', name: 'built', version: '2.0.1', url: `${files}built-2.0.1.tar.gz`, damaged: null },
        ]);
        expect(pip.recognise(cache, reader)).toContain(format);
        for (const unit of pip.units(cache, reader)) expect(pip.contradiction(cache, unit, reader)).toBeNull();
        expect(pip.keeps(cache, reader)).toEqual([]);
      },
    );
  });
}

interface ByHand {
  readonly url: string;
  readonly body: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

const sha224 = (text: string): string => createHash('sha224').update(text).digest('hex');

/** A response as pip keeps it, by cachecontrol/serialize.py and pip/_internal/network/cache.py. Returns its path. */
const put = (root: string, format: 'http' | 'http-v2', { url, body, headers = {} }: ByHand): string => {
  const name = sha224(url);
  const path = join(root, format, ...name.slice(0, 5), name);
  mkdirSync(dirname(path), { recursive: true });
  const response = {
    body: format === 'http' ? body : Buffer.alloc(0),
    headers: { 'Content-Length': String(body.length), ...headers },
    status: 200,
    version: 11,
    reason: 'OK',
    decode_content: false,
  };
  writeFileSync(path, Buffer.concat([Buffer.from('cc=4,'), encode({ response, vary: { Accept: null } })]));
  if (format === 'http-v2') writeFileSync(`${path}.body`, body);
  return path;
};

const wheel = wheelOf({ name: 'torch', version: '2.0+cpu', kind: 'wheel' });
const json = (body: unknown): Buffer => Buffer.from(JSON.stringify(body));
const simple = { 'content-type': 'application/vnd.pypi.simple.v1+json' };

describe.each(['http-v2', 'http'] as const)('%s written by hand from the documented format', (format) => {
  test('headers name what a body does not', async () => {
    const root = folderForTest();
    const headers = {
      'X-PyPI-File-Project': 'numpy',
      'x-pypi-file-VERSION': '1.26.4',
      'x-pypi-file-package-type': 'bdist_wheel',
    };
    put(root, format, { url: 'https://files.example/x', body: Buffer.from('?'), headers });
    expect(await entriesOf(root, format)).toMatchObject([
      { kind: 'wheel', name: 'numpy', version: '1.26.4', url: null, damaged: null },
    ]);
  });

  test('bodies name themselves', async () => {
    const root = folderForTest();
    const metadata = 'Metadata-Version: 2.1\nName: Some.Thing\nVersion: 3.0\n\nName: not this\n';
    const zipped = zip([{ name: 'old-thing-1.5/PKG-INFO', data: '' }]);
    for (const [url, body] of [
      ['https://files.example/a', wheel],
      ['https://files.example/b', sdistOf({ name: 'made', version: '0.1', kind: 'sdist' })],
      ['https://files.example/c', Buffer.from(metadata)],
      ['https://files.example/d', zipped],
      ['https://files.example/e', gzipSync('no tar at all-1.0/x')],
    ] as const)
      put(root, format, { url, body });
    const found = (await entriesOf(root, format)).map(({ kind, name, version, damaged }) => [
      kind,
      name,
      version,
      damaged,
    ]);
    expect(found.sort()).toEqual([
      ['metadata', 'Some.Thing', '3.0', null],
      ['response', null, null, null],
      ['sdist', 'made', '0.1', null],
      ['sdist', 'old-thing', '1.5', null],
      ['wheel', 'torch', '2.0+cpu', null],
    ]);
  });

  test('index pages give the URLs of files, as pip asks for them', async () => {
    const root = folderForTest();
    const file = 'https://FILES.example/torch-2.0+cpu-py3-none-any.whl#sha256=00';
    const asked = 'https://files.example/torch-2.0%2Bcpu-py3-none-any.whl';
    const files = [{ url: file, 'core-metadata': true }, { url: '../../rel/late-1.0.tar.gz' }, 7];
    put(root, format, { url: 'https://pypi.org/simple/torch/', body: json({ name: 'torch', files }), headers: simple });
    put(root, format, { url: asked, body: Buffer.from('opaque') });
    put(root, format, { url: `${asked}.metadata`, body: Buffer.from('opaque') });
    put(root, format, { url: 'https://pypi.org/rel/late-1.0.tar.gz', body: Buffer.from('opaque') });
    const found = (await entriesOf(root, format)).map(({ kind, name, version, url }) => [kind, name, version, url]);
    expect(found.sort()).toEqual([
      ['index page', 'torch', null, 'https://pypi.org/simple/torch/'],
      ['metadata', 'torch', '2.0+cpu', `${asked}.metadata`],
      ['sdist', 'late', '1.0', 'https://pypi.org/rel/late-1.0.tar.gz'],
      ['wheel', 'torch', '2.0+cpu', asked],
    ]);
  });

  test('an HTML page with a base and escaped links', async () => {
    const root = folderForTest();
    const html = `<!DOCTYPE html><head><base href="https://files.example/all/"><title>Links for x&#45;y</title></head>
      <a data-requires-python="&gt;=3" href='x_y-1.0-py3-none-any.whl?a=1&amp;b=2#frag' data-core-metadata="true">x</a>`;
    put(root, format, {
      url: 'https://index.example/x-y/',
      body: Buffer.from(html),
      headers: { 'content-type': 'text/html' },
    });
    put(root, format, {
      url: 'https://files.example/all/x_y-1.0-py3-none-any.whl?a=1&b=2',
      body: Buffer.from('opaque'),
    });
    const found = (await entriesOf(root, format)).map(({ kind, name, version }) => [kind, name, version]);
    expect(found.sort()).toEqual([
      ['index page', 'x-y', null],
      ['wheel', 'x_y', '1.0'],
    ]);
  });

  test.each<[string, (path: string) => void, RegExp]>([
    ['empty', (path) => writeFileSync(path, ''), /empty/],
    ['cut short', (path) => truncateSync(path, 20), /msgpack|cut short|no response/],
    ['of another format', (path) => writeFileSync(path, 'cc=2,x'), /cc=4/],
    ['no map', (path) => writeFileSync(path, Buffer.concat([Buffer.from('cc=4,'), encode([1])])), /no response/],
    [
      'a promise of four thousand million elements',
      (path) => writeFileSync(path, Buffer.from('cc=4,\xdd\xff\xff\xff\xff', 'latin1')),
      /msgpack/,
    ],
    [
      'nested a hundred thousand times',
      (path) => writeFileSync(path, `cc=4,${'\x91'.repeat(100_000)}`, 'latin1'),
      /msgpack/,
    ],
    ['a gigabyte', (path) => truncateSync(path, 1024 ** 3), /too large|msgpack/],
  ])('%s is a damaged entry', async (_, damage, reason) => {
    const root = folderForTest();
    damage(put(root, format, { url: 'https://files.example/a', body: wheel }));
    expect(await entriesOf(root, format)).toMatchObject([{ damaged: expect.stringMatching(reason) }]);
  });

  test('a zip cut short is a damaged entry', async () => {
    const root = folderForTest();
    const body = wheel.subarray(0, wheel.length - 30);
    put(root, format, { url: 'https://files.example/a', body });
    expect(await entriesOf(root, format)).toMatchObject([{ damaged: expect.stringMatching(/zip/) }]);
  });

  test('a page that unpacks to too much is a damaged entry', async () => {
    const root = folderForTest();
    const body = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    put(root, format, { url: 'https://index.example/a/', body, headers: { ...simple, 'content-encoding': 'gzip' } });
    expect(await entriesOf(root, format)).toMatchObject([
      { kind: 'index page', damaged: expect.stringMatching(/page/) },
    ]);
  });
});

test('a body of the wrong length, missing, or alone is damaged; a killed pip’s file is unfinished', async () => {
  const root = folderForTest();
  const [short, missing, alone] = ['a', 'b', 'c'].map((name) =>
    put(root, 'http-v2', { url: `https://files.example/${name}`, body: wheel }),
  );
  truncateSync(`${short}.body`, 10);
  rmSync(`${missing}.body`);
  rmSync(`${alone}`);
  writeFileSync(`${short}abc.tmp`, 'half');
  const found = new Map((await entriesOf(root, 'http-v2')).map((entry) => [entry.key.split('/').at(-1), entry]));
  expect(found.get(sha224('https://files.example/a'))?.damaged).toMatch(/10 bytes and should be/);
  expect(found.get(sha224('https://files.example/b'))?.damaged).toMatch(/body is missing/);
  expect(found.get(`${sha224('https://files.example/c')}.body`)?.damaged).toMatch(/headers are missing/);
  expect(found.get(`${sha224('https://files.example/a')}abc.tmp`)).toMatchObject({
    kind: 'unfinished',
    bytes: 4,
    damaged: null,
  });
  expect(found.size).toBe(4);
});

test('wheels: origin and damage', async () => {
  const root = folderForTest();
  const folder = (name: string): string => {
    const path = join(root, 'wheels', name, 'bb', 'cc', 'd'.repeat(50));
    mkdirSync(path, { recursive: true });
    return path;
  };
  const [git, broken, plain] = ['0a', '0b', '0c'].map(folder);
  const vcs = { url: 'https://ada:secret@git.example/x.git', vcs_info: { vcs: 'git', commit_id: 'abc' } };
  writeFileSync(join(`${git}`, 'x-1.0-py3-none-any.whl'), wheel);
  writeFileSync(join(`${git}`, 'origin.json'), JSON.stringify(vcs));
  writeFileSync(join(`${broken}`, 'y-1.0-py3-none-any.whl'), 'no zip');
  writeFileSync(join(`${plain}`, 'z-1.0-1-cp311-cp311-linux_x86_64.whl'), wheel);
  writeFileSync(join(`${plain}`, 'origin.json'), '{');
  expect(await entriesOf(root, 'wheels')).toMatchObject([
    { name: 'x', version: '1.0', url: 'git+https://git.example/x.git@abc', damaged: null },
    { name: 'y', version: '1.0', url: null, damaged: expect.stringMatching(/zip/) },
    { name: 'z', version: '1.0', url: null, damaged: expect.stringMatching(/origin\.json/) },
  ]);
});

test('selfcheck, new and old', async () => {
  const root = folderForTest();
  mkdirSync(join(root, 'selfcheck'));
  const state = { last_check: '2024-01-02T03:04:05+00:00', pypi_version: '24.0' };
  writeFileSync(join(root, 'selfcheck', sha224('/usr')), JSON.stringify({ key: '/usr', ...state }));
  writeFileSync(join(root, 'selfcheck', sha224('/x')), '{"key"');
  writeFileSync(
    join(root, 'selfcheck.json'),
    JSON.stringify({ '/old\n': { last_check: '2018-01-01T00:00:00Z', pypi_version: '9.0' } }),
  );
  expect(await entriesOf(root, 'selfcheck')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: '/usr', version: '24.0', created: '2024-01-02T03:04:05.000Z', damaged: null }),
      expect.objectContaining({ damaged: expect.any(String) }),
    ]),
  );
  expect(await entriesOf(root, 'selfcheck.json')).toMatchObject([
    { name: '/old\\u{a}', version: '9.0', damaged: null },
  ]);
});

test('pip-tools: dependency files, downloads, and pip’s own folders', async () => {
  const root = folderForTest();
  const dependencies = { click: { '8.5.0': [], '8.5.0[x,y]': ['z'] }, bad: 3 };
  writeFileSync(join(root, 'depcache-cp3.11.json'), JSON.stringify({ __format__: 1, dependencies }));
  writeFileSync(join(root, 'depcache-cp3.9.json'), '{"__format__": 1, "depen');
  writeFileSync(join(root, 'depcache-cp2.7.json'), '{"__format__": 9, "dependencies": {}}');
  const hashed = join(root, 'pkgs', 'aa', 'bb', 'cc', 'd'.repeat(50));
  mkdirSync(hashed, { recursive: true });
  writeFileSync(join(hashed, 'made-0.1.tar.gz'), tarGz([]));
  mkdirSync(join(root, 'pkgs', 'checkout', '.git'), { recursive: true });
  put(root, 'http-v2', { url: 'https://files.example/a', body: wheel });

  expect(await entriesOf(root, 'depcache-cp3.11.json', pipTools)).toMatchObject([
    { name: 'click', version: '8.5.0', damaged: null },
    { name: 'click[x,y]', version: '8.5.0', damaged: null },
    { name: 'bad', damaged: expect.any(String) },
  ]);
  expect(await entriesOf(root, 'depcache-cp3.9.json', pipTools)).toMatchObject([
    { damaged: expect.stringMatching(/not JSON/) },
  ]);
  expect(await entriesOf(root, 'depcache-cp2.7.json', pipTools)).toMatchObject([
    { damaged: expect.stringMatching(/format/) },
  ]);
  expect(await entriesOf(root, 'pkgs', pipTools)).toMatchObject([
    { kind: 'sdist', name: 'made', version: '0.1' },
    { kind: 'folder', name: 'checkout' },
  ]);
  expect(await entriesOf(root, 'http-v2', pipTools)).toMatchObject([{ kind: 'wheel', name: 'torch' }]);
});

test.skipIf(process.platform === 'win32')('a body that is a link is not followed', async () => {
  const root = folderForTest();
  const path = put(root, 'http-v2', { url: 'https://files.example/a', body: wheel });
  renameSync(`${path}.body`, join(root, 'elsewhere'));
  symlinkSync(join(root, 'elsewhere'), `${path}.body`);
  expect(await entriesOf(root, 'http-v2')).toMatchObject([
    { kind: 'response', name: null, damaged: expect.stringMatching(/body is missing/) },
  ]);
});
