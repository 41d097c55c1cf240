import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { zip } from '../../../../e2e/support/archives.ts';
import { contradictions, entriesIn, keptIn, made, rootSeen, unitNames } from '../../../../e2e/support/made-cache.ts';
import { reader } from '../../fs/reader.ts';
import { yarnBerry } from './yarn-berry.ts';

test('its place, by its own order', () => {
  expect(rootSeen(yarnBerry)).toMatchObject({ path: '/home/ada/.yarn/berry', isDefault: true });
  expect(rootSeen(yarnBerry, {}, 'darwin').path).toBe('/Users/ada/.yarn/berry');
  expect(rootSeen(yarnBerry, { XDG_DATA_HOME: '/x' }).path).toBe('/x/yarn/berry');
  expect(rootSeen(yarnBerry, { LOCALAPPDATA: 'D:\\l' }, 'win32').path).toBe('D:\\l\\Yarn\\Berry');
  const files = { '/home/ada/.yarnrc.yml': 'nodeLinker: pnp\nglobalFolder: ./near\n' };
  expect(rootSeen(yarnBerry, {}, 'linux', files)).toEqual({
    path: '/home/ada/near',
    because: 'globalFolder in ~/.yarnrc.yml',
    isDefault: false,
  });
  expect(rootSeen(yarnBerry, { YARN_GLOBAL_FOLDER: '/g' }, 'linux', files).path).toBe('/g');
  // That of Yarn 1: with the cache shared by all projects, as it is unless told otherwise, Yarn 2+ goes past it.
  expect(rootSeen(yarnBerry, { YARN_CACHE_FOLDER: '/c' }).isDefault).toBe(true);
  expect(rootSeen(yarnBerry, { YARN_GLOBAL_FOLDER: 'g' }).problem?.code).toBe('unusable-path');
});

const core = '@babel-core-npm-7.26.0-17909ce7ba-10c0.zip';

test('archives by the name inside, metadata, and shared files; locks are looked at', async () => {
  const root = made({
    'cache/left-pad-npm-1.3.0-0123456789-10.zip': 'half of',
    'cache/left-pad-npm-1.3.0-0123456789-10.zip.flock': '[4711]',
    'metadata/npm/0123abcd/registry.example/@scope-thing-5.json':
      '{"metadata":{"versions":{"5.0.0":{"name":"@scope/thing"}}}}',
    'metadata/npm/0123abcd/registry.example/alpha.json': '{}',
    'index/0b': null,
    'store/v1/0c/y.dat': '',
    'index/0a/x.dat': 'ten bytes.',
    'telemetry.json': '{}',
  });
  const folders = ['node_modules/', 'node_modules/@babel/', 'node_modules/@babel/core/'];
  writeFileSync(join(root, 'cache', core), zip(folders.map((name) => ({ name, data: '' }))));
  expect(unitNames(yarnBerry, root)).toEqual(['cache', 'index', 'metadata', 'store']);
  expect(contradictions(yarnBerry, root)).toEqual({});
  expect(Object.keys(keptIn(yarnBerry, root))).toEqual(['telemetry.json']);
  expect(await entriesIn(yarnBerry, root)).toMatchObject([
    { kind: 'package', name: '@babel/core', version: '7.26.0', damaged: null },
    { kind: 'package', name: 'left-pad', version: '1.3.0', bytes: 7, damaged: 'It does not begin as a zip does.' },
    { kind: 'lock' },
    { kind: 'shared files', name: '0a', bytes: 10 },
    { kind: 'metadata', name: '@scope/thing' },
    { kind: 'metadata', name: 'alpha' },
    { kind: 'shared files', name: '0c' },
  ]);
  expect(yarnBerry.temporaries?.(root, reader)).toEqual([
    join(root, 'cache', 'left-pad-npm-1.3.0-0123456789-10.zip.flock'),
  ]);
  expect(yarnBerry.recognise(root, reader)).toContain(core);
});

test('the cache of a project is never one of ours', () => {
  const project = made({
    'package.json': '{}',
    [`.yarn/cache/${core}`]: 'PK',
    '.yarn/releases/yarn-4.5.0.cjs': '',
  });
  const root = join(project, '.yarn');
  expect(unitNames(yarnBerry, root)).toEqual([]);
  expect(yarnBerry.recognise(root, reader)).toBeNull();
  expect(keptIn(yarnBerry, root)).toMatchObject({ cache: expect.stringContaining('project') });
  // Nor one with the names that such a cache mostly has, whatever stands beside it.
  const other = made({ 'cache/left-pad-npm-1.3.0-0123456789-abcdef0123.zip': 'PK' });
  expect(yarnBerry.recognise(other, reader)).toBeNull();
  expect(contradictions(yarnBerry, other)).toEqual({ cache: expect.stringContaining('left-pad-npm') });
});

test.each<[string, boolean | 'while-alone']>([
  ['node /p/.yarn/releases/yarn-4.5.0.cjs install', true],
  ['node /usr/bin/yarn', true],
  ['node /p/.yarn/releases/yarn-4.5.0.cjs dlx create-vite', 'while-alone'],
  ['node /p/.yarn/releases/yarn-4.5.0.cjs run dev', false],
  ['node /p/yarn-spinner.cjs install', false],
])('%s', (line, expected) => {
  expect(yarnBerry.works?.(line.split(' '))).toBe(expected);
});
