import { join } from 'node:path';
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
import { yamlList } from '../settings-yaml.ts';
import { conda } from './conda.ts';

const installed = { '/home/ada/miniconda3/conda-meta/history': '' };

test.each([
  ['nothing', {}, '/home/ada/.conda/pkgs'],
  ['where conda is', { env: { CONDA_EXE: '/opt/c/bin/conda' } }, '/opt/c/pkgs'],
  ['a usual place', { files: installed }, '/home/ada/miniconda3/pkgs'],
  [
    'a place that it cannot write to',
    { files: { '/opt/conda/condabin/conda': '', '/home/ada/.conda/pkgs/urls.txt': '' } },
    '/home/ada/.conda/pkgs',
  ],
  ['CONDA_PKGS_DIRS', { env: { CONDA_PKGS_DIRS: '~/p, /q' }, files: installed }, '/home/ada/p'],
  [
    'its settings',
    { files: { ...installed, '/home/ada/.condarc': 'channels:\n  - x\npkgs_dirs:\n  - /f  # here\n  - /g\n' } },
    '/f',
  ],
  ['its settings on one line', { files: { '/home/ada/.condarc': "pkgs_dirs: ['/f', /g]\n" } }, '/f'],
  ['Windows', { platform: 'win32' as const, env: { CONDA_EXE: 'C:\\c\\Scripts\\conda.exe' } }, 'C:\\c\\pkgs'],
])('the place, %s', (_, given, path) => {
  const root = placeOf(conda, given);
  expect([root.path, root.problem]).toEqual([path, undefined]);
});

test('a list that is written otherwise counts as not there', () => {
  for (const text of [
    '',
    'pkgs_dirs:\n',
    'pkgs_dirs: *there\n',
    'pkgs_dirs:\nchannels:\n  - x\n',
    'other:\n  pkgs_dirs:\n',
  ]) {
    expect(yamlList(text, 'pkgs_dirs')).toEqual([]);
  }
});

// Written by hand, as conda/core/package_cache_data.py lays it out.
const files = {
  'pkgs/urls.txt': 'https://channel.example/linux-64/numpy-1.26.4-py311_0.conda\n',
  'pkgs/numpy-1.26.4-py311_0.conda': 'ten bytes.',
  'pkgs/numpy-1.26.4-py311_0/info/index.json': '{}',
  'pkgs/ca-certificates-2024.1-h_0/info/index.json': '{}',
  'pkgs/cache/09cdf8bf.json': 'ten bytes.',
  'conda-meta/history': '',
  'envs/work/conda-meta/numpy-1.26.4-py311_0.json': '{}',
};

test('packages with their source and the environments beside that have them', async () => {
  const prefix = layout(files);
  const root = join(prefix, 'pkgs');
  expect(unitNames(conda, root)).toEqual(['.']);
  expect(keptBelow(conda, root)).toEqual({});
  expect(contradictions(conda, root)).toEqual({ '.': null });
  expect(conda.recognise(root, reader)).toContain('urls.txt');
  const told = (await entriesIn(conda, root)).map(({ kind, name, version, url, usedBy }) => [
    kind,
    name,
    version,
    url,
    usedBy,
  ]);
  const url = 'https://channel.example/linux-64/numpy-1.26.4-py311_0.conda';
  expect(told).toEqual([
    ['unpacked package', 'ca-certificates', '2024.1 h_0', null, null],
    ['lists of channels', 'cache', null, null, null],
    ['unpacked package', 'numpy', '1.26.4 py311_0', url, [join(prefix, 'envs', 'work')]],
    ['archive', 'numpy', '1.26.4 py311_0', url, null],
    ['note', 'urls.txt', null, null, null],
  ]);
});

test('with anything else in it, only what is known is a unit', () => {
  const root = join(layout({ ...files, 'pkgs/my-own-work/thesis.doc': 'x' }), 'pkgs');
  expect(unitNames(conda, root)).toEqual(['ca-certificates-2024.1-h_0', 'cache', 'numpy-1.26.4-py311_0']);
  expect(Object.keys(keptBelow(conda, root))).toEqual(['my-own-work', 'numpy-1.26.4-py311_0.conda']);
});

test('without conda’s list of sources it is a person’s folder', () => {
  expect(contradictions(conda, layout(['cache/thesis.doc']))).toEqual({ '.': expect.stringContaining('urls.txt') });
  expect(contradictions(conda, layout(['cache/thesis.doc', 'notes/x']))).toEqual({
    cache: expect.stringContaining('urls.txt'),
  });
});
