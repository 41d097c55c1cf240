import { expect, test } from 'vitest';
import {
  contradictions,
  entriesIn,
  keptBelow,
  layout,
  placeOf,
  unitNames,
} from '../../../../e2e/support/cache-layout.ts';
import { reader } from '../../fs/reader.ts';
import { poetry } from './poetry.ts';

const toml = (dir: string): string => `# mine\ncache-dir = "${dir}"\n\n[virtualenvs]\nin-project = true\n`;

test.each([
  ['Linux', {}, '/home/ada/.cache/pypoetry'],
  ['XDG', { env: { XDG_CACHE_HOME: '/x' } }, '/x/pypoetry'],
  ['macOS', { platform: 'darwin' as const }, '/Users/ada/Library/Caches/pypoetry'],
  ['Windows', { platform: 'win32' as const, env: { LOCALAPPDATA: 'D:\\l' } }, 'D:\\l\\pypoetry\\Cache'],
  [
    'POETRY_CACHE_DIR',
    { env: { POETRY_CACHE_DIR: '~/p' }, files: { '/home/ada/.config/pypoetry/config.toml': toml('/f') } },
    '/home/ada/p',
  ],
  ['its settings', { files: { '/home/ada/.config/pypoetry/config.toml': toml('/f') } }, '/f'],
  ['POETRY_CONFIG_DIR', { env: { POETRY_CONFIG_DIR: '/c' }, files: { '/c/config.toml': toml('/f') } }, '/f'],
  [
    'settings on macOS',
    {
      platform: 'darwin' as const,
      files: { '/Users/ada/Library/Application Support/pypoetry/config.toml': toml('/f') },
    },
    '/f',
  ],
])('the place, %s', (_, given, path) => {
  const root = placeOf(poetry, given);
  expect([root.path, root.problem]).toEqual([path, undefined]);
});

const hash = 'ab12cd34ef56ab78cd90'.padEnd(64, '0');
const shelves = hash.match(/../g)?.slice(0, 8).join('/') ?? '';
const index = 'cache/repositories/PyPI';

// Written by hand, as utils/cache.py of Poetry writes it.
test('environments of projects are in no unit; downloads and answers are entries', async () => {
  const root = layout({
    'virtualenvs/project-AbCdEfGh-py3.12/pyvenv.cfg': 'home = /usr/bin',
    'virtualenvs/envs.toml': '',
    'config.toml': 'x',
    'cache/mine.txt': 'x',
    [`artifacts/ab/12/cd/${hash.slice(6)}/requests-2.32.3-py3-none-any.whl`]: 'ten bytes.',
    [`artifacts/ab/12/cd/${hash.slice(6)}/odd`]: 'ten bytes.',
    [`${index}/${shelves}/${hash}`]: '9999999999{"name": "requests", "version": "2.32.3", "summary": ""}',
    [`${index}/${shelves}/cut`]: '9999999999{"name": "requ',
    [`${index}/${shelves}/list`]: '1700000000["a", "b"]',
    [`${index}/${shelves}/other`]: 'something else',
    [`${index}/_http/a/b/response`]: 'ten bytes.',
  });
  expect(unitNames(poetry, root)).toEqual(['artifacts', 'cache/repositories']);
  expect(contradictions(poetry, root)).toEqual({ artifacts: null, 'cache/repositories': null });
  const kept = keptBelow(poetry, root);
  expect(Object.keys(kept)).toEqual(['config.toml', 'virtualenvs', 'cache/mine.txt']);
  expect(kept['virtualenvs']).toContain('environments of your projects');
  expect(poetry.recognise(root, reader)).toContain('PyPI');
  const told = (await entriesIn(poetry, root)).map(({ kind, name, version, damaged }) => [
    kind,
    name,
    version,
    damaged === null,
  ]);
  expect(told).toEqual([
    ['file', 'odd', null, true],
    ['wheel', 'requests', '2.32.3', true],
    ['responses', 'PyPI', null, true],
    ['release', 'requests', '2.32.3', true],
    ['answer', 'PyPI', null, false],
    ['answer', 'PyPI', null, true],
    ['answer', 'PyPI', null, false],
  ]);
});

test('folders of a person with the same names are contradicted', () => {
  const root = layout(['artifacts/release/program.exe', 'cache/repositories/project/main.py']);
  expect(contradictions(poetry, root)).toEqual({
    artifacts: expect.stringContaining('“release”'),
    'cache/repositories': expect.stringContaining('“main.py”'),
  });
  expect(poetry.recognise(root, reader)).toBeNull();
});

test('works while it installs, not while it runs a program of the person', () => {
  expect(poetry.works?.(['/usr/bin/python3', '/usr/bin/poetry', 'install'])).toBe(true);
  expect(poetry.works?.(['/usr/bin/python3', '/usr/bin/poetry', 'run', 'server'])).toBe(false);
});
