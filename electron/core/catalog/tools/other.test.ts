import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contradictions, layout, placeOf, toldIn, unitNames } from '../../../../e2e/support/cache-layout.ts';
import { reader } from '../../fs/reader.ts';
import { tools } from '../index.ts';
import { otherCaches } from './other.ts';

const signature = 'Signature: 8a477f597d28d172789f06886806bc55';
const other = otherCaches(tools.filter(({ id }) => id !== 'other'));

test('a folder with a CACHEDIR.TAG is a unit by its own name, and nothing else is', async () => {
  const root = layout({
    'fontconfig/CACHEDIR.TAG': `${signature}\n# by fontconfig\n`,
    'fontconfig/abc-le64.cache-8': 'fonts',
    'fontconfig.stale-4711-0123456789abcdef/CACHEDIR.TAG': signature,
    'thesis/CACHEDIR.TAG': `# ${signature}`,
    'thesis/thesis.doc': '',
    'below/own/CACHEDIR.TAG': signature,
    CACHEDIR: '',
  });
  symlinkSync(join(root, 'fontconfig'), join(root, 'link'));
  expect(unitNames(other, root)).toEqual(['fontconfig']);
  expect(contradictions(other, root)).toEqual({ fontconfig: null });
  expect(other.keeps(root, reader)).toEqual([]);
  expect(await toldIn(other, root)).toEqual([
    'fontconfig: file, CACHEDIR.TAG null',
    'fontconfig: file, abc-le64.cache-8 null',
  ]);
});

test('what is a known tool’s has its line there: by its name, and by its shape under another name', () => {
  const root = layout({
    'uv/CACHEDIR.TAG': signature,
    'my-uv/CACHEDIR.TAG': signature,
    'my-uv/wheels-v6/pypi/x': '',
    'my-cargo/CACHEDIR.TAG': signature,
    'my-cargo/registry/cache/index.crates.io-1949cf8c6b5b557f/a-1.0.0.crate': '',
    'huggingface/CACHEDIR.TAG': signature,
    'unknown/CACHEDIR.TAG': signature,
  });
  expect(unitNames(other, root)).toEqual(['unknown']);
});

test('a working copy that carries the tag is somebody’s work', () => {
  const root = layout({ 'a/CACHEDIR.TAG': signature, 'a/.git/HEAD': '' });
  expect(contradictions(other, root)['a']).toContain('.git');
});

test('its place is the platform’s', () => {
  expect(placeOf(other, {}).path).toBe('/home/ada/.cache');
  expect(placeOf(other, { env: { XDG_CACHE_HOME: '/x' } })).toMatchObject({ path: '/x', isDefault: true });
  expect(placeOf(other, { env: { XDG_CACHE_HOME: 'x' } }).problem?.code).toBe('unusable-path');
  expect(placeOf(other, { platform: 'darwin' }).path).toBe('/Users/ada/Library/Caches');
});
