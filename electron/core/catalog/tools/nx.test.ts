import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contradictions, entryLines, keptIn, made, rootSeen, unitNames } from '../../../../e2e/support/made-cache.ts';
import { reader } from '../../fs/reader.ts';
import { nx } from './nx.ts';

test('its place, by its own order', () => {
  expect(rootSeen(nx)).toMatchObject({ path: '/home/ada/.nx', isDefault: true });
  expect(rootSeen(nx, { NX_CACHE_DIRECTORY: '/n' })).toEqual({
    path: '/n',
    because: 'NX_CACHE_DIRECTORY is set',
    isDefault: false,
  });
  expect(rootSeen(nx, { NX_CACHE_DIRECTORY: 'n' }).problem?.code).toBe('unusable-path');
});

const hash = '12345678901234567890';
const repository = '0123456789abcdef';

test('all of a repository at once where repositories share a folder', async () => {
  const root = join(
    made({
      [`.nx/${repository}/cache/${hash}/dist/apps/shop/main.js`]: '',
      [`.nx/${repository}/cache/${hash}/terminalOutput`]: '',
      [`.nx/${repository}/workspace-data/0123-d.db`]: 'SQLite format 3',
      '.nx/polygraph/x': '',
    }),
    '.nx',
  );
  expect(unitNames(nx, root)).toEqual([repository]);
  expect(contradictions(nx, root)).toEqual({});
  expect(Object.keys(keptIn(nx, root))).toEqual(['polygraph']);
  expect(nx.locks?.files(root, reader)).toEqual([join(root, repository, 'workspace-data', '0123-d.db')]);
  expect(await entryLines(nx, root)).toEqual(['task result, dist/apps/shop null', 'folder, workspace-data null']);
  expect(nx.recognise(root, reader)).toContain('0123-d.db');
});

test('the results before the database in a repository; Nx itself stays', () => {
  const root = join(
    made({
      [`.nx/cache/${hash}/outputs/x`]: '',
      '.nx/cache/run.json': '{}',
      [`.nx/cache/terminalOutputs/${hash}`]: '',
      '.nx/workspace-data/0123-d.db': '',
      '.nx/installation/package.json': '',
      '.nx/nxw.js': '',
    }),
    '.nx',
  );
  expect(unitNames(nx, root)).toEqual(['cache', 'workspace-data']);
  expect(contradictions(nx, root)).toEqual({});
  expect(Object.keys(keptIn(nx, root))).toEqual(['installation', 'nxw.js']);
});

test('a folder of something else', () => {
  expect(nx.recognise(made({ 'workspace-data/x.db': '' }), reader)).toBeNull();
  const root = made({ 'thesis.doc': '', [hash]: null });
  expect(unitNames(nx, made({ projects: null, documents: null, '2026': null }))).toEqual([]);
  expect(contradictions(nx, root)).toEqual({ '.': expect.stringContaining('thesis.doc') });
  expect(nx.works?.(['node', '/p/node_modules/.bin/nx', 'run-many'])).toBe(true);
  expect(nx.works?.(['node', '/p/node_modules/.bin/nx', 'graph'])).toBe(false);
});
