import { expect, test } from 'vitest';
import { contradictions, entriesIn, keptIn, made, rootSeen, unitNames } from '../../../../e2e/support/made-cache.ts';
import { reader } from '../../fs/reader.ts';
import { electronBuilder } from './electron-builder.ts';

test('its place, by its own order', () => {
  expect(rootSeen(electronBuilder)).toMatchObject({ path: '/home/ada/.cache/electron-builder', isDefault: true });
  expect(rootSeen(electronBuilder, { XDG_CACHE_HOME: '/x' }).path).toBe('/x/electron-builder');
  expect(rootSeen(electronBuilder, { XDG_CACHE_HOME: 'x' }).path).toBe('/home/ada/.cache/electron-builder');
  expect(rootSeen(electronBuilder, {}, 'darwin').path).toBe('/Users/ada/Library/Caches/electron-builder');
  expect(rootSeen(electronBuilder, { LOCALAPPDATA: 'D:\\l' }, 'win32').path).toBe('D:\\l\\electron-builder\\Cache');
  expect(rootSeen(electronBuilder, { ELECTRON_BUILDER_CACHE: '/e' })).toMatchObject({ path: '/e', isDefault: false });
  expect(rootSeen(electronBuilder, { ELECTRON_BUILDER_CACHE: 'e' }).problem?.code).toBe('unusable-path');
});

const complete = '{"version":1,"state":"complete","fileCount":1}';

test('releases of its tools, with what was cut off', async () => {
  const root = made({
    'fpm@2.1.4/fpm-1.17.0-linux-amd64-1nk0v/fpm': 'ten bytes.',
    'fpm@2.1.4/fpm-1.17.0-linux-amd64-1nk0v.state': complete,
    'fpm@2.1.4/fpm-1.17.0-linux-amd64.tar.xz': '',
    'winCodeSign-2.6.0/winCodeSign-2.6.0-abcde/x': '',
    'winCodeSign-2.6.0/winCodeSign-2.6.0-abcde.state': '{"version":1,"state":"extracting"}',
    'nsis/nsis-3.0.4.1/x': '',
    [`downloads/${'a1'.repeat(32)}/electron-v45.4.1-linux-x64.zip`]: 'PK',
    'electron-builder-root-certs.keychain': '',
    'mine/thesis.doc': '',
  });
  expect(unitNames(electronBuilder, root)).toEqual(['downloads', 'fpm@2.1.4', 'nsis', 'winCodeSign-2.6.0']);
  expect(Object.keys(keptIn(electronBuilder, root))).toEqual(['electron-builder-root-certs.keychain', 'mine']);
  expect(contradictions(electronBuilder, root)).toEqual({});
  expect(contradictions(electronBuilder, made({ 'nsis/.git/HEAD': '' }))).toEqual({
    nsis: expect.stringContaining('.git'),
  });
  expect(await entriesIn(electronBuilder, root)).toMatchObject([
    { kind: 'archive, linux-x64', name: 'electron', version: '45.4.1' },
    { kind: 'tool', name: 'fpm', version: '2.1.4', bytes: 10, damaged: null },
    { kind: 'archive', name: 'fpm', version: '2.1.4' },
    { kind: 'tool', name: 'nsis-3.0.4.1', version: null, damaged: null },
    { kind: 'tool', name: 'winCodeSign', version: '2.6.0', damaged: expect.stringContaining('cut off') },
  ]);
  expect(electronBuilder.recognise(root, reader)).toContain('fpm@2.1.4');
  expect(electronBuilder.recognise(made({ 'fpm@2.1.4/x': '', 'wine/cellar.txt': '' }), reader)).toBeNull();
});
