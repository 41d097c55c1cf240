import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contradictions, entriesIn, keptIn, made, rootSeen, unitNames } from '../../../../e2e/support/made-cache.ts';
import { reader } from '../../fs/reader.ts';
import { turbo } from './turbo.ts';

test('a place only where a variable leads; else each repository has its own', () => {
  expect(rootSeen(turbo)).toMatchObject({ path: '/home/ada/.turbo/cache', isDefault: false });
  expect(rootSeen(turbo, { TURBO_CACHE_DIR: '/t' })).toEqual({
    path: '/t',
    because: 'TURBO_CACHE_DIR is set',
    isDefault: false,
  });
  expect(rootSeen(turbo, { TURBO_CACHE_DIR: '.cache' }).problem?.code).toBe('unusable-path');
});

const hash = '0123456789abcdef';
const files = {
  [`${hash}.tar.zst`]: 'ten bytes.',
  [`${hash}-meta.json`]: `{"hash":"${hash}","duration":12}`,
  [`${hash}-manifest.json`]:
    '{"files":{"packages/ui/dist/a.js":{},"packages/ui/.turbo/turbo-build.log":{}},"order":[]}',
  'fedcba9876543210.tar.zst': '',
  'fedcba9876543210-meta.json': '{"hash":',
  'aaaaaaaaaaaaaaaa-meta.json': '{}',
};
const below = (dir: string): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${dir}/${name}`, text]));

test('results of tasks, in the folder itself and in .turbo', async () => {
  const project = made({ ...below('.turbo/cache'), '.turbo/config.json': '{}', '.turbo/daemon/x.log': '' });
  const outer = join(project, '.turbo');
  const inner = join(outer, 'cache');
  expect([unitNames(turbo, outer), unitNames(turbo, inner)]).toEqual([['cache'], ['.']]);
  expect([contradictions(turbo, outer), contradictions(turbo, inner)]).toEqual([{}, {}]);
  expect(Object.keys(keptIn(turbo, outer))).toEqual(['config.json', 'daemon']);
  expect([turbo.recognise(outer, reader), turbo.recognise(inner, reader)]).not.toContain(null);
  const entries = await entriesIn(turbo, inner);
  expect(entries.map(({ key }) => key).sort()).toEqual([hash, 'aaaaaaaaaaaaaaaa', 'fedcba9876543210'].sort());
  expect(entries.find(({ key }) => key === hash)).toMatchObject({
    kind: 'task result',
    name: 'packages/ui#build',
    bytes: Object.values(files).slice(0, 3).join('').length,
    damaged: null,
  });
  expect(entries.filter(({ damaged }) => damaged !== null).length).toBe(2);
});

test('a folder of something else', () => {
  const root = made({ [`${hash}.tar.zst`]: '', 'thesis.doc': '' });
  expect(turbo.recognise(root, reader)).toBeNull();
  expect(contradictions(turbo, root)).toEqual({ '.': expect.stringContaining('thesis.doc') });
  expect(turbo.works?.(['/p/node_modules/turbo-linux-64/bin/turbo', 'run', 'build'])).toBe(true);
  expect(turbo.works?.(['/p/node_modules/turbo-linux-64/bin/turbo', '--skip-infer', 'daemon'])).toBe(false);
});
