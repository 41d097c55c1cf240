import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
import { bun } from './bun.ts';

test('its place, by its own order', () => {
  expect(rootSeen(bun)).toMatchObject({ path: '/home/ada/.bun/install/cache', isDefault: true });
  expect(rootSeen(bun, {}, 'win32').path).toBe('C:\\Users\\ada\\.bun\\install\\cache');
  expect(rootSeen(bun, { XDG_CACHE_HOME: '/x' }).path).toBe('/x/.bun/install/cache');
  expect(rootSeen(bun, { BUN_INSTALL: '/b', XDG_CACHE_HOME: '/x' })).toMatchObject({
    path: '/b/install/cache',
    because: 'BUN_INSTALL is set',
  });
  const files = {
    '/home/ada/.bunfig.toml': 'telemetry = false\n[install]\nexact = true\n[install.cache] # mine\ndir = "/f"\n',
  };
  expect(rootSeen(bun, { BUN_INSTALL: '/b' }, 'linux', files)).toMatchObject({
    path: '/f',
    because: 'the install cache in ~/.bunfig.toml',
  });
  expect(rootSeen(bun, { BUN_INSTALL_CACHE_DIR: '/e' }, 'linux', files).path).toBe('/e');
  expect(rootSeen(bun, {}, 'linux', { '/home/ada/.bunfig.toml': '[install]\ncache = "/c"' }).path).toBe('/c');
  expect(rootSeen(bun, {}, 'linux', { '/home/ada/.bunfig.toml': '[other]\ndir = "/c"' }).isDefault).toBe(true);
  expect(rootSeen(bun, { BUN_INSTALL_CACHE_DIR: '~/e' }).problem?.code).toBe('unusable-path');
});

const layout = {
  'left-pad@1.3.0@@@1/index.js': 'ten bytes.',
  'left-pad/1.3.0@@@1': '-> /somewhere/left-pad@1.3.0@@@1',
  '@scope/thing@5.0.0@@registry.example@@@1/x': '',
  '@scope/thing/5.0.0@@registry.example@@@1': '-> /somewhere',
  '0123456789abcdef.npm': '#!/usr/bin/env bun\nbun-npm-manifest-cache-v0.0.8\n',
  '@GH@owner-repo-0123abc@@@1/x': '',
  '@T@89abcdef01234567@@@1/x': '',
  'a1b2c3d4e5f60718.git/HEAD': 'ref: x',
};

test.skipIf(process.platform === 'win32')('all of it at once; what Bun installed for you stays', async () => {
  const home = made({ 'bin/bun': '', 'install/global/package.json': '{}' });
  const root = made(layout, join(home, 'install', 'cache'));
  expect(unitNames(bun, root)).toEqual(['.']);
  expect(contradictions(bun, root)).toEqual({});
  expect(bun.keeps(root, reader).map(({ path }) => path)).toEqual([join(home, 'install/global'), join(home, 'bin')]);
  expect(await entryLines(bun, root)).toEqual([
    'manifest, 0123456789abcdef.npm null',
    'GitHub archive, owner-repo-0123abc null',
    'tarball, 89abcdef01234567 null',
    'package, @scope/thing 5.0.0',
    'folder, a1b2c3d4e5f60718.git null',
    'package, left-pad 1.3.0',
  ]);
  expect((await entriesIn(bun, root)).at(-1)?.bytes).toBe(10);
  expect(bun.recognise(root, reader)).toContain('is named as Bun names');

  mkdirSync(join(root, 'photos'));
  writeFileSync(join(root, 'photos', 'cat.jpg'), '');
  expect(contradictions(bun, root)).toEqual({ '.': 'It holds “photos”, which is not what Bun caches.' });
});

test('a folder that is none of Bun’s', () => {
  expect(bun.recognise(made({ 'left-pad/index.js': '', '@scope/x/y': '' }), reader)).toBeNull();
  expect(keptIn(bun, made({ 'x/y': '' }))).toEqual({});
});

test.each<[string, boolean | 'while-alone']>([
  ['/home/ada/.bun/bin/bun install', true],
  ['bun add left-pad', true],
  ['bunx create-vite', 'while-alone'],
  ['bun run dev', false],
  ['bun server.ts', false],
  ['bunyan install', false],
])('%s', (line, expected) => {
  expect(bun.works?.(line.split(' '))).toBe(expected);
});
