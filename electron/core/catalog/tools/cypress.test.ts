import { expect, test } from 'vitest';
import { contradictions, entriesIn, keptIn, made, rootSeen, unitNames } from '../../../../e2e/support/made-cache.ts';
import { reader } from '../../fs/reader.ts';
import { cypress } from './cypress.ts';

test('its place, by its own order', () => {
  expect(rootSeen(cypress)).toMatchObject({ path: '/home/ada/.cache/Cypress', isDefault: true });
  expect(rootSeen(cypress, { XDG_CACHE_HOME: '/x' }).path).toBe('/x/Cypress');
  expect(rootSeen(cypress, {}, 'darwin').path).toBe('/Users/ada/Library/Caches/Cypress');
  expect(rootSeen(cypress, { LOCALAPPDATA: 'D:\\l' }, 'win32').path).toBe('D:\\l\\Cypress\\Cache');
  expect(rootSeen(cypress, { CYPRESS_CACHE_FOLDER: '~/c', npm_config_cypress_cache_folder: '/n' })).toEqual({
    path: '/home/ada/c',
    because: 'CYPRESS_CACHE_FOLDER is set',
    isDefault: false,
  });
  expect(rootSeen(cypress, { npm_config_cypress_cache_folder: '/n' }).path).toBe('/n');
  expect(rootSeen(cypress, { CYPRESS_CACHE_FOLDER: 'c' }).problem?.code).toBe('unusable-path');
});

test('its versions; what the program itself keeps stays', async () => {
  const root = made({
    '15.3.0/Cypress/Cypress': 'ten bytes.',
    '15.3.0/binary_state.json': '{"verified":true}',
    'beta-15.4.0-develop-0123abcd/Cypress.app/Contents/MacOS/Cypress': '',
    '14.0.0/Cypress/resources/x': '',
    '1.2.3/thesis.doc': '',
    'cy/production/browsers/x': '',
    'beta-testers/list.txt': '',
  });
  expect(unitNames(cypress, root)).toEqual(['1.2.3', '14.0.0', '15.3.0', 'beta-15.4.0-develop-0123abcd']);
  expect(contradictions(cypress, root)).toEqual({ '1.2.3': 'It holds no Cypress.' });
  expect(keptIn(cypress, root)).toMatchObject({
    cy: expect.stringContaining('profiles'),
    'beta-testers': expect.any(String),
  });
  expect((await entriesIn(cypress, root)).slice(1)).toMatchObject([
    { version: '14.0.0', damaged: expect.stringContaining('cut off'), lastUsed: null },
    { name: 'Cypress', version: '15.3.0', bytes: 27, damaged: null, lastUsed: expect.any(String) },
    { version: 'beta-15.4.0-develop-0123abcd', damaged: null },
  ]);
  expect(cypress.recognise(root, reader)).toContain('15.3.0');
  expect(cypress.recognise(made({ '15.3.0/notes.txt': '' }), reader)).toBeNull();
});

test.each<[string, boolean]>([
  ['node /p/node_modules/.bin/cypress run', true],
  ['node index.js --exec install', true],
  ['node index.js --port 80', false],
  ['node /p/node_modules/.bin/cypress version', false],
])('%s', (line, expected) => {
  expect(cypress.works?.(line.split(' '))).toBe(expected);
});
