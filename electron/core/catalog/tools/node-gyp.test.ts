import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tarGz } from '../../../../e2e/support/archives.ts';
import { contradictions, entriesIn, keptIn, made, rootSeen, unitNames } from '../../../../e2e/support/made-cache.ts';
import { environmentWithout, run } from '../../../../e2e/support/run.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import { nodeGyp } from './node-gyp.ts';

test('its place, by its own order', () => {
  expect(rootSeen(nodeGyp)).toMatchObject({ path: '/home/ada/.cache/node-gyp', isDefault: true });
  expect(rootSeen(nodeGyp, { XDG_CACHE_HOME: '/x' }).path).toBe('/x/node-gyp');
  expect(rootSeen(nodeGyp, {}, 'darwin').path).toBe('/Users/ada/Library/Caches/node-gyp');
  expect(rootSeen(nodeGyp, { LOCALAPPDATA: 'D:\\l' }, 'win32').path).toBe('D:\\l\\node-gyp\\Cache');
  expect(rootSeen(nodeGyp, { npm_config_devdir: '~/gyp' })).toEqual({
    path: '/home/ada/gyp',
    because: 'npm_config_devdir is set',
    isDefault: false,
  });
  const both = { NPM_CONFIG_DEVDIR: '/a', npm_package_config_node_gyp_devdir: '/b' };
  expect(rootSeen(nodeGyp, both).path).toBe('/b');
  expect(rootSeen(nodeGyp, { npm_config_devdir: 'gyp' }).problem?.code).toBe('unusable-path');
});

test('versions of headers; nothing else', async () => {
  const root = made({
    '22.21.1/include/node/node.h': 'ten bytes.',
    '22.21.1/installVersion': '11\n',
    'iojs-3.3.1/src/node.h': '',
    '23.0.0-nightly20241001abc/include/node/node.h': '',
    '1.2.3/thesis.doc': '',
    'notes.txt': '',
  });
  expect(unitNames(nodeGyp, root)).toEqual(['1.2.3', '22.21.1', '23.0.0-nightly20241001abc', 'iojs-3.3.1']);
  expect(contradictions(nodeGyp, root)).toEqual({ '1.2.3': expect.stringContaining('no headers') });
  expect(Object.keys(keptIn(nodeGyp, root))).toEqual(['notes.txt']);
  expect(nodeGyp.recognise(root, reader)).toContain('22.21.1');
  expect(await entriesIn(nodeGyp, root)).toMatchObject([
    { version: '1.2.3' },
    { name: 'node', version: '22.21.1', bytes: 13, damaged: null },
    { name: 'node', version: '23.0.0-nightly20241001abc', damaged: expect.stringContaining('installVersion') },
    { name: 'iojs', version: '3.3.1' },
  ]);
  expect(nodeGyp.recognise(made({ '1.2.3/notes.txt': '' }), reader)).toBeNull();
});

const script = createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js');

describe.skipIf(process.platform === 'win32')('the real node-gyp', () => {
  test('has its headers where we look, and gets them again after a clear', async () => {
    const home = folderForTest();
    const archive = join(home, 'headers.tar.gz');
    writeFileSync(archive, tarGz([{ name: 'node-v22.21.1/include/node/node.h', data: '// node' }]));
    const env = environmentWithout(/^(npm_|XDG_|NODE_OPTIONS$)/i, { HOME: home });
    const install = () =>
      run(process.execPath, [script, 'install', '22.21.1', `--tarball=${archive}`], { cwd: home, env });
    const first = await install();
    expect(first.code, first.stderr).toBe(0);
    const platform = process.platform === 'darwin' ? 'darwin' : 'linux';
    const root = nodeGyp.root({ platform, env: {}, home, cwd: home, readText: () => null }).path;
    expect(unitNames(nodeGyp, root)).toEqual(['22.21.1']);
    expect(contradictions(nodeGyp, root)).toEqual({});
    expect(nodeGyp.recognise(root, reader)).not.toBeNull();
    const [entry] = await entriesIn(nodeGyp, root);
    expect(entry).toMatchObject({ name: 'node', version: '22.21.1', damaged: null });
    rmSync(join(root, '22.21.1'), { recursive: true });
    expect((await install()).code).toBe(0);
    expect(existsSync(join(root, '22.21.1', 'include', 'node', 'node.h'))).toBe(true);
  });
});

test.each<[string, boolean]>([
  ['node-gyp rebuild', true],
  ['node /usr/lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js rebuild', true],
  ['node-gyp list', false],
  ['node-gyp-build', false],
])('%s', (line, expected) => {
  expect(nodeGyp.works?.(line.split(' '))).toBe(expected);
});
