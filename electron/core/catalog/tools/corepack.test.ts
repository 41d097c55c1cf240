import { describe, expect, test } from 'vitest';
import {
  contradictions,
  entriesIn,
  entryLines,
  keptIn,
  made,
  rootSeen,
  unitNames,
} from '../../../../e2e/support/made-cache.ts';
import { reader } from '../../fs/reader.ts';
import { corepack } from './corepack.ts';

const note = (name: string, reference: string): string =>
  JSON.stringify({ locator: { name, reference }, bin: {}, hash: 'x' });

test('its place, by its own order, which is no other on a Mac', () => {
  expect(rootSeen(corepack)).toMatchObject({ path: '/home/ada/.cache/node/corepack', isDefault: true });
  expect(rootSeen(corepack, {}, 'darwin').path).toBe('/Users/ada/.cache/node/corepack');
  expect(rootSeen(corepack, { XDG_CACHE_HOME: '/x', LOCALAPPDATA: '/l' }).path).toBe('/x/node/corepack');
  expect(rootSeen(corepack, { LOCALAPPDATA: 'D:\\l' }, 'win32').path).toBe('D:\\l\\node\\corepack');
  expect(rootSeen(corepack, {}, 'win32').path).toBe('C:\\Users\\ada\\AppData\\Local\\node\\corepack');
  expect(rootSeen(corepack, { COREPACK_HOME: '/c' })).toEqual({
    path: '/c',
    because: 'COREPACK_HOME is set',
    isDefault: false,
  });
  expect(rootSeen(corepack, { COREPACK_HOME: '~/c' }).problem?.code).toBe('unusable-path');
});

describe.skipIf(process.platform === 'win32')('what stands there', () => {
  test('versions with their note; your default and downloads under way stay', async () => {
    const url = encodeURIComponent('https://registry.example/yarn-4.5.0.js');
    const root = made({
      'lastKnownGood.json': '{"pnpm":"9.15.9"}',
      'v1/pnpm/9.15.9/.corepack': note('pnpm', '9.15.9+sha512.abc'),
      'v1/pnpm/9.15.9/bin/pnpm.cjs': '',
      'v1/pnpm/mine/thesis.doc': '',
      [`v1/yarn/${url}/.corepack`]: note('yarn', 'https://registry.example/yarn-4.5.0.js'),
      'v1/yarn/4.0.0/.corepack': '{"locator":',
      'v1/corepack-4711-0a1b2c3d.4e5f/package.json': '',
    });
    expect(unitNames(corepack, root)).toEqual(['v1/pnpm/9.15.9', 'v1/yarn/4.0.0', `v1/yarn/${url}`]);
    expect(Object.keys(keptIn(corepack, root))).toEqual([
      ...['lastKnownGood.json', 'v1/corepack-4711-0a1b2c3d.4e5f', 'v1/pnpm/mine'],
    ]);
    expect(await entriesIn(corepack, root)).toMatchObject([
      { name: 'pnpm', version: '9.15.9', url: null, damaged: null },
      { name: 'yarn', version: '4.0.0', damaged: expect.stringContaining('.corepack') },
      { name: 'yarn', version: null, url: 'https://registry.example/yarn-4.5.0.js' },
    ]);
    expect(contradictions(corepack, root)).toEqual({});
    expect(corepack.recognise(root, reader)).toContain('v1/pnpm/9.15.9');
  });

  test('what is not Corepack’s', async () => {
    const root = made({ 'v1/api/users/list.json': '', 'v1/pnpm/9.0.0/package.json': '' });
    expect(unitNames(corepack, root)).toEqual([]);
    expect(corepack.recognise(root, reader)).toBeNull();
    const odd = made({
      'v1/pnpm/%E0%A4%A/.corepack': 'null',
      'v1/pnpm/1.0.0/.corepack': '[]',
      'v1/pnpm/2.0.0/.corepack': null,
    });
    expect(await entryLines(corepack, odd)).toEqual(['package manager, pnpm %E0%A4%A', 'package manager, pnpm 1.0.0']);
  });
});

test.each<[string, boolean | 'while-alone']>([
  ['node /usr/lib/node_modules/corepack/dist/corepack.js prepare', 'while-alone'],
  ['/usr/bin/node /usr/lib/node_modules/corepack/dist/pnpm.js install', 'while-alone'],
  ['node /usr/lib/node_modules/pnpm/bin/pnpm.cjs install', false],
  ['vim /usr/lib/node_modules/corepack/dist/pnpm.js', false],
])('%s', (line, expected) => {
  expect(corepack.works?.(line.split(' '))).toBe(expected);
});
