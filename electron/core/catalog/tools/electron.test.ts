import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { contradictions, entriesIn, keptIn, made, rootSeen, unitNames } from '../../../../e2e/support/made-cache.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import { electron } from './electron.ts';

const hash = 'a1'.repeat(32);

test('its place, by its own order', () => {
  expect(rootSeen(electron)).toMatchObject({ path: '/home/ada/.cache/electron', isDefault: true });
  expect(rootSeen(electron, { XDG_CACHE_HOME: '/x' }).path).toBe('/x/electron');
  expect(rootSeen(electron, {}, 'darwin').path).toBe('/Users/ada/Library/Caches/electron');
  expect(rootSeen(electron, { LOCALAPPDATA: 'D:\\l' }, 'win32').path).toBe('D:\\l\\electron\\Cache');
  expect(rootSeen(electron, { electron_config_cache: '/e' })).toEqual({
    path: '/e',
    because: 'electron_config_cache is set',
    isDefault: false,
  });
  expect(rootSeen(electron, { electron_config_cache: '~/e' }).problem?.code).toBe('unusable-path');
});

test('its downloads; older ones and what else is there stay', async () => {
  const root = made({
    [`${hash}/electron-v45.4.1-linux-x64.zip`]: 'PK\x03\x04',
    [`${hash}/ffmpeg-v45.4.1-darwin-arm64.zip`]: 'half of',
    [`${hash}/SHASUMS256.txt`]: '',
    [`${'b2'.repeat(32)}/project/x`]: '',
    'electron-v1.8.8-linux-x64.zip': '',
    'Partitions/x': '',
  });
  expect(unitNames(electron, root)).toEqual([hash, 'b2'.repeat(32)]);
  expect(contradictions(electron, root)).toEqual({ ['b2'.repeat(32)]: expect.stringContaining('project') });
  expect(Object.keys(keptIn(electron, root))).toEqual(['Partitions', 'electron-v1.8.8-linux-x64.zip']);
  expect((await entriesIn(electron, root)).slice(0, 3)).toMatchObject([
    { kind: 'checksums', name: 'SHASUMS256.txt', damaged: null },
    { kind: 'archive, linux-x64', name: 'electron', version: '45.4.1', bytes: 4, damaged: null },
    { kind: 'archive, darwin-arm64', name: 'ffmpeg', damaged: 'It does not begin as a zip does.' },
  ]);
  expect(electron.recognise(root, reader)).toContain('SHASUMS256.txt');
  expect(electron.recognise(made({ [`${hash}/notes.txt`]: '' }), reader)).toBeNull();
});

/** The class that puts downloads into the cache. The package exports it not: it is taken from its file. */
interface RealCache {
  putFileInCache(url: string, current: string, name: string): Promise<string>;
  getPathForFileInCache(url: string, name: string): string | null;
}

describe('the real @electron/get', () => {
  test('puts an archive where we find it, and again after a clear', async () => {
    const file = join(import.meta.dirname, '../../../../node_modules/@electron/get/dist/Cache.js');
    const { Cache } = (await import(pathToFileURL(file).href)) as { Cache: new (root: string) => RealCache };
    const root = folderForTest();
    const name = 'electron-v45.4.1-linux-x64.zip';
    const url = `https://releases.example/v45.4.1/${name}`;
    const put = async (): Promise<string> => {
      const current = join(folderForTest(), name);
      writeFileSync(current, 'PK\x03\x04');
      return new Cache(root).putFileInCache(url, current, name);
    };
    const path = await put();
    const [unit] = unitNames(electron, root);
    expect(path).toBe(join(root, unit ?? '', name));
    expect(contradictions(electron, root)).toEqual({});
    expect(await entriesIn(electron, root)).toMatchObject([{ name: 'electron', version: '45.4.1' }]);
    const { rmSync } = await import('node:fs');
    rmSync(join(root, unit ?? ''), { recursive: true });
    expect(new Cache(root).getPathForFileInCache(url, name)).toBeNull();
    expect(existsSync(await put())).toBe(true);
  });
});

test.each<[string, boolean]>([
  ['node /p/node_modules/electron/install.js', true],
  ['node /p/node_modules/.bin/electron-builder --linux', true],
  ['/p/node_modules/electron/dist/electron .', false],
])('%s', (line, expected) => {
  expect(electron.works?.(line.split(' '))).toBe(expected);
});
