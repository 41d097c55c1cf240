import { expect, test } from 'vitest';
import { contradictions, entriesIn, keptIn, made, rootSeen, unitNames } from '../../../../e2e/support/made-cache.ts';
import { reader } from '../../fs/reader.ts';
import { puppeteer } from './puppeteer.ts';

test('its place, by its own order, the same on every system', () => {
  expect(rootSeen(puppeteer, { XDG_CACHE_HOME: '/x' })).toMatchObject({
    path: '/home/ada/.cache/puppeteer',
    isDefault: true,
  });
  expect(rootSeen(puppeteer, {}, 'darwin').path).toBe('/Users/ada/.cache/puppeteer');
  expect(rootSeen(puppeteer, { LOCALAPPDATA: 'D:\\l' }, 'win32').path).toBe('C:\\Users\\ada\\.cache\\puppeteer');
  const files = { '/home/ada/.puppeteerrc.json': '{"cacheDirectory":"/f"}' };
  expect(rootSeen(puppeteer, {}, 'linux', files)).toEqual({
    path: '/f',
    because: 'cacheDirectory in ~/.puppeteerrc.json',
    isDefault: false,
  });
  expect(rootSeen(puppeteer, { PUPPETEER_CACHE_DIR: '/p' }, 'linux', files).path).toBe('/p');
  expect(rootSeen(puppeteer, {}, 'linux', { '/home/ada/.puppeteerrc': 'cacheDirectory: [' }).isDefault).toBe(true);
  expect(rootSeen(puppeteer, { PUPPETEER_CACHE_DIR: '~/p' }).problem?.code).toBe('unusable-path');
});

test('builds of browsers, and archives that were left; notes stay', async () => {
  const root = made({
    'chrome/linux-131.0.6778.204/chrome-linux64/chrome': 'ten bytes.',
    'chrome/linux-130.0.1': null,
    'chrome/132.0.1-chrome-linux64.zip': 'PK',
    'chrome/.metadata': '{"aliases":{}}',
    'chrome/mine-too-many/x': '',
    'firefox/mac_arm-stable_133.0/Firefox.app/x': '',
    'firefox/linux-1/thesis.doc': '',
    'profiles/x': '',
  });
  expect(unitNames(puppeteer, root)).toEqual([
    'chrome/132.0.1-chrome-linux64.zip',
    'chrome/linux-130.0.1',
    'chrome/linux-131.0.6778.204',
    'firefox/linux-1',
    'firefox/mac_arm-stable_133.0',
  ]);
  expect(contradictions(puppeteer, root)).toEqual({
    'firefox/linux-1': expect.stringContaining('nothing of a browser'),
  });
  expect(Object.keys(keptIn(puppeteer, root))).toEqual(['profiles', 'chrome/.metadata', 'chrome/mine-too-many']);
  expect(await entriesIn(puppeteer, root)).toMatchObject([
    { kind: 'archive', name: 'chrome', version: '132.0.1', bytes: 2 },
    { name: 'chrome', version: '130.0.1', damaged: expect.stringContaining('empty') },
    { kind: 'browser, linux', name: 'chrome', version: '131.0.6778.204', bytes: 10, damaged: null },
    { name: 'firefox', version: '1' },
    { kind: 'browser, mac_arm', name: 'firefox', version: 'stable_133.0' },
  ]);
  expect(puppeteer.recognise(root, reader)).toContain('chrome/linux-131.0.6778.204');
  expect(puppeteer.recognise(made({ 'chrome/linux-1/notes.txt': '' }), reader)).toBeNull();
});
