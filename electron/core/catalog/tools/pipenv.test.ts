import { expect, test } from 'vitest';
import { contradictions, keptBelow, layout, placeOf, toldIn, unitNames } from '../../../../e2e/support/cache-layout.ts';
import { reader } from '../../fs/reader.ts';
import { pipenv } from './pipenv.ts';

test.each([
  ['Linux', {}, '/home/ada/.cache/pipenv'],
  ['macOS', { platform: 'darwin' as const }, '/Users/ada/Library/Caches/pipenv'],
  ['Windows', { platform: 'win32' as const, env: { LOCALAPPDATA: 'D:\\l' } }, 'D:\\l\\pipenv\\pipenv\\Cache'],
  ['PIPENV_CACHE_DIR', { env: { PIPENV_CACHE_DIR: '/p' } }, '/p'],
])('the place, %s', (_, given, path) => {
  const root = placeOf(pipenv, given);
  expect([root.path, root.problem]).toEqual([path, undefined]);
});

test('what it caches as pip does, hashes and lists of dependencies; the rest stays', async () => {
  const root = layout(['http-v2/a/b/x', 'hash-cache/ab/x', 'depcache-py3.11.json', 'mine/thesis.doc']);
  expect(unitNames(pipenv, root)).toEqual(['http-v2', 'hash-cache', 'depcache-py3.11.json']);
  expect(Object.keys(keptBelow(pipenv, root))).toEqual(['mine']);
  expect(contradictions(pipenv, root)).toEqual({ 'http-v2': null, 'hash-cache': null, 'depcache-py3.11.json': null });
  expect(pipenv.recognise(root, reader)).toContain('hash-cache');
  expect((await toldIn(pipenv, root)).slice(-2)).toEqual([
    'hash-cache: folder, ab null',
    'depcache-py3.11.json: file, depcache-py3.11.json null',
  ]);
});

test('folders of a person with its names are contradicted', () => {
  expect(contradictions(pipenv, layout(['pkgs/thesis.doc']))).toEqual({
    pkgs: expect.stringContaining('not beside it'),
  });
});
