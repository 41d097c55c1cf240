import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contradictions, entriesIn, keptIn, made, rootSeen, unitNames } from '../../../../e2e/support/made-cache.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import { playwright } from './playwright.ts';

const browsers = JSON.stringify({
  browsers: [
    { name: 'chromium', revision: '1255', browserVersion: '159.0.1' },
    { name: 'chromium-headless-shell', revision: '1255', browserVersion: '159.0.1' },
    { name: 'webkit', revision: '2388', revisionOverrides: { 'ubuntu20.04-x64': '2092' }, browserVersion: '27.2' },
  ],
});

test('its place, by its own order', () => {
  expect(rootSeen(playwright)).toMatchObject({ path: '/home/ada/.cache/ms-playwright', isDefault: true });
  expect(rootSeen(playwright, { XDG_CACHE_HOME: '/x' })).toMatchObject({ path: '/x/ms-playwright' });
  expect(rootSeen(playwright, {}, 'darwin')).toMatchObject({ path: '/Users/ada/Library/Caches/ms-playwright' });
  expect(rootSeen(playwright, { LOCALAPPDATA: 'D:\\l' }, 'win32')).toMatchObject({ path: 'D:\\l\\ms-playwright' });
  expect(rootSeen(playwright, { PLAYWRIGHT_BROWSERS_PATH: '/b', XDG_CACHE_HOME: '/x' })).toEqual({
    path: '/b',
    because: 'PLAYWRIGHT_BROWSERS_PATH is set',
    isDefault: false,
  });
  expect(rootSeen(playwright, { npm_config_playwright_browsers_path: '/n' })).toMatchObject({ path: '/n' });
  expect(rootSeen(playwright, { PLAYWRIGHT_BROWSERS_PATH: 'near' }).problem?.code).toBe('unusable-path');
  expect(rootSeen(playwright, { PLAYWRIGHT_BROWSERS_PATH: '0' }).problem?.message).toContain('.local-browsers');
});

describe.skipIf(process.platform === 'win32')('what stands there', () => {
  const layout = {
    'chromium-1255/INSTALLATION_COMPLETE': '',
    'chromium-1255/chrome-linux64/chrome': 'ten bytes.',
    'chromium_headless_shell-1255/chrome-headless-shell-linux64/x': '',
    'chromium-1100/INSTALLATION_COMPLETE': '',
    'webkit_ubuntu20.04_x64_special-2092/INSTALLATION_COMPLETE': '',
    'chromium-1255.stale-4711-0123456789abcdef/INSTALLATION_COMPLETE': '',
    'chromium-mine/thesis.doc': '',
    'mcp-chrome-0123abc/Default/Cookies': '',
    '.settings/inspector.json': '{}',
    __dirlock: null,
  };

  test('browsers with who uses them; the list, profiles and settings stay', async () => {
    const root = made(layout);
    const shop = made({ 'node_modules/.pnpm/p@1/node_modules/playwright-core/browsers.json': browsers });
    const venv = made({ 'playwright/driver/package/browsers.json': browsers });
    const links = {
      ['a'.repeat(40)]: join(shop, 'node_modules/.pnpm/p@1/node_modules/playwright-core'),
      ['b'.repeat(40)]: join(venv, 'playwright/driver/package'),
      ['c'.repeat(40)]: '/gone/node_modules/playwright-core',
      ['d'.repeat(40)]: 'relative',
      ['e'.repeat(40)]: 'x'.repeat(100_000),
    };
    for (const [name, text] of Object.entries(links)) made({ [`.links/${name}`]: text }, root);
    expect(unitNames(playwright, root)).toEqual([
      'chromium-1100',
      'chromium-1255',
      'chromium_headless_shell-1255',
      'webkit_ubuntu20.04_x64_special-2092',
    ]);
    expect(contradictions(playwright, root)).toEqual({});
    expect(Object.keys(keptIn(playwright, root)).sort()).toEqual([
      ...['.links', '.settings', '__dirlock', 'chromium-mine', 'mcp-chrome-0123abc'],
    ]);
    expect(keptIn(playwright, root)['mcp-chrome-0123abc']).toContain('logged in');
    const users = [shop, join(venv, 'playwright/driver/package')].sort();
    expect(await entriesIn(playwright, root)).toMatchObject([
      { name: 'chromium', version: '1100', usedBy: [], damaged: null },
      { name: 'chromium', version: '159.0.1 (1255)', usedBy: users, bytes: 10, damaged: null },
      { name: 'chromium-headless-shell', usedBy: users, damaged: expect.stringContaining('cut off') },
      { name: 'webkit-ubuntu20.04-x64-special', version: '2092', usedBy: users },
    ]);
    expect(playwright.recognise(root, reader)).toContain('chromium-1100');
  });

  test('without the list nobody can say who uses them', async () => {
    expect((await entriesIn(playwright, made(layout))).map(({ usedBy }) => usedBy)).toEqual([null, null, null, null]);
  });

  test('what only looks like a browser', () => {
    expect(playwright.recognise(made({ 'chromium-1/src/main.cc': '' }), reader)).toBeNull();
    expect(contradictions(playwright, made({ 'chromium-1/src/main.cc': '', 'firefox-2/.git/HEAD': '' }))).toEqual({
      'chromium-1': 'It holds nothing of a browser as Playwright installs them.',
      'firefox-2': expect.stringContaining('.git'),
    });
    expect(playwright.recognise(made({ '.links/mine': '' }), reader)).toBeNull();
  });

  test('a unit that is a link is not looked into', async () => {
    const elsewhere = folderForTest();
    const root = made({ 'chromium-1': `-> ${elsewhere}` });
    expect(unitNames(playwright, root)).toEqual([]);
    expect(
      await entriesIn(playwright, root, [{ name: 'chromium-1', kind: 'directory', rewritten: 'nothing' }]),
    ).toEqual([]);
  });
});

test.each<[string, boolean]>([
  ['node /p/node_modules/.bin/playwright install chromium', true],
  ['node /p/node_modules/playwright/cli.js test', true],
  ['/v/playwright/driver/node /v/playwright/driver/package/cli.js install', true],
  ['python3 -m playwright install', true],
  ['node /p/node_modules/.bin/playwright show-report', false],
  ['node /p/node_modules/other/cli.js install', false],
  ['vim playwright install', false],
])('%s', (line, expected) => {
  expect(playwright.works?.(line.split(' '))).toBe(expected);
});
