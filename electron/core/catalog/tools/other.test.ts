import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contradictions, layout, placeOf, toldIn, unitNames } from '../../../../e2e/support/cache-layout.ts';
import { reader } from '../../fs/reader.ts';
import { tools } from '../index.ts';
import { otherCaches } from './other.ts';

const signature = 'Signature: 8a477f597d28d172789f06886806bc55';
const other = otherCaches(tools.filter(({ id }) => id !== 'other'));
const places = (dir: string) =>
  other
    .places?.(
      { platform: 'linux', env: { XDG_CACHE_HOME: dir }, home: '/home/ada', cwd: '/', readText: () => null },
      reader,
    )
    .map(({ path }) => path) ?? [];
const placeNames = (dir: string) => places(dir).map((path) => other.nameAt?.(path));

test('a folder with a CACHEDIR.TAG is a cache by its own name, and nothing else is', async () => {
  const dir = layout({
    'fontconfig/CACHEDIR.TAG': `${signature}\n# by fontconfig\n`,
    'fontconfig/abc-le64.cache-8': 'fonts',
    'fontconfig.stale-4711-0123456789abcdef/CACHEDIR.TAG': signature,
    'thesis/CACHEDIR.TAG': `# ${signature}`,
    'thesis/thesis.doc': '',
    'below/own/CACHEDIR.TAG': signature,
    CACHEDIR: '',
  });
  symlinkSync(join(dir, 'fontconfig'), join(dir, 'link'));
  expect(placeNames(dir)).toEqual(['fontconfig']);
  const root = join(dir, 'fontconfig');
  expect(unitNames(other, root)).toEqual(['.']);
  expect(contradictions(other, root)).toEqual({ '.': null });
  expect(other.keeps(root, reader)).toEqual([]);
  expect(await toldIn(other, root)).toEqual(['.: file, CACHEDIR.TAG null', '.: file, abc-le64.cache-8 null']);
});

test('without a tag, a shape that is known is a cache too, and its look-alike is none', () => {
  const dir = layout({
    'thumbnails/normal/0123456789abcdef0123456789abcdef.png': '',
    'mesa_shader_cache/index': '',
    'mesa_shader_cache_mine/index': '',
  });
  expect(placeNames(dir)).toEqual(['mesa_shader_cache', 'thumbnails']);
  expect(other.whatAt?.(join(dir, 'thumbnails'), reader)).toContain('Small pictures');
  expect(placeNames(layout({ 'thumbnails/of-my-films/a.png': '' }))).toEqual([]);
});

test('what is a known tool’s has its line there: by its name, and by its shape under another name', () => {
  const dir = layout({
    'uv/CACHEDIR.TAG': signature,
    'my-uv/CACHEDIR.TAG': signature,
    'my-uv/wheels-v6/pypi/x': '',
    'my-cargo/CACHEDIR.TAG': signature,
    'my-cargo/registry/cache/index.crates.io-1949cf8c6b5b557f/a-1.0.0.crate': '',
    'huggingface/CACHEDIR.TAG': signature,
    'unknown/CACHEDIR.TAG': signature,
  });
  expect(placeNames(dir)).toEqual(['unknown']);
});

test('a working copy that carries the tag is somebody’s work', () => {
  const dir = layout({ 'a/CACHEDIR.TAG': signature, 'a/.git/HEAD': '' });
  expect(contradictions(other, join(dir, 'a'))['.']).toContain('.git');
});

test('its place is the platform’s', () => {
  expect(placeOf(other, {}).path).toBe('/home/ada/.cache');
  expect(placeOf(other, { env: { XDG_CACHE_HOME: '/x' } })).toMatchObject({ path: '/x', isDefault: true });
  expect(placeOf(other, { env: { XDG_CACHE_HOME: 'x' } }).problem?.code).toBe('unusable-path');
  expect(placeOf(other, { platform: 'darwin' }).path).toBe('/Users/ada/Library/Caches');
});
