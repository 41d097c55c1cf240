import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cleared } from '../../../../e2e/support/cleared-parts.ts';
import { type Layout, made } from '../../../../e2e/support/made-cache.ts';
import { reader } from '../../fs/reader.ts';
import type { PartPlan, Tool, UnitDefinition } from '../tool.ts';
import { bazel } from '../tools/bazel.ts';
import { cargo } from '../tools/cargo.ts';
import { conda } from '../tools/conda.ts';
import { deno } from '../tools/deno.ts';
import { electronBuilder } from '../tools/electron-builder.ts';
import { gradle } from '../tools/gradle.ts';
import { maven } from '../tools/maven.ts';
import { npm } from '../tools/npm.ts';
import { nx } from '../tools/nx.ts';
import { pip } from '../tools/pip.ts';
import { pnpm } from '../tools/pnpm.ts';
import { bundler } from '../tools/ruby.ts';
import { turbo } from '../tools/turbo.ts';
import { uv } from '../tools/uv.ts';

const unitOf = (name: string): UnitDefinition => ({ name, kind: 'directory', rewritten: 'anything' });

/** What a tool says to keys of one unit. */
const asked = (tool: Tool, root: string, unit: string, ...keys: readonly string[]): PartPlan => {
  const plan = tool.parts?.(root, [{ unit: unitOf(unit), keys: new Set(keys) }], reader);
  if (plan === undefined) throw new Error(`${tool.id} has no parts`);
  return plan;
};

/** Moves of one unit, by their names below it. */
const moves = (tool: Tool, layout: Layout, unit: string, ...keys: readonly string[]): readonly string[] => {
  const plan = asked(tool, made(layout), unit, ...keys);
  expect(plan.stays).toEqual([]);
  return plan.moves.map((path) => (unit === '.' ? path : path.slice(unit.length + 1)));
};

const staysWith = (tool: Tool, layout: Layout, unit: string, ...keys: readonly string[]): string => {
  const plan = asked(tool, made(layout), unit, ...keys);
  expect(plan.moves).toEqual([]);
  expect(plan.stays.map(({ key }) => key)).toEqual(keys);
  return plan.stays[0]?.why ?? '';
};

describe('what an entry is made of', () => {
  const hash = 'ab'.repeat(25);

  test('pip: the folder of a wheel, when no other wheel is in it', () => {
    const folder = `12/34/56/${hash}`;
    const layout = { [`wheels/${folder}/a-1-py3-none-any.whl`]: 'x', [`wheels/${folder}/origin.json`]: '{}' };
    expect(moves(pip, layout, 'wheels', `${folder}/a-1-py3-none-any.whl`)).toEqual([folder]);
    const both = { ...layout, [`wheels/${folder}/a-1-cp311-none-any.whl`]: 'y' };
    expect(moves(pip, both, 'wheels', `${folder}/a-1-py3-none-any.whl`)).toEqual([`${folder}/a-1-py3-none-any.whl`]);
    expect(moves(pip, both, 'wheels', `${folder}/a-1-py3-none-any.whl`, `${folder}/a-1-cp311-none-any.whl`)).toEqual([
      folder,
    ]);
  });

  test('pip: a response before its body, a body alone when its head is gone', () => {
    const name = `0/1/2/3/4/${'0123'.repeat(14)}`;
    const layout = { [`http-v2/${name}`]: 'x', [`http-v2/${name}.body`]: 'y' };
    expect(moves(pip, layout, 'http-v2', name)).toEqual([name, `${name}.body`]);
    expect(moves(pip, { [`http-v2/${name}.body`]: 'y' }, 'http-v2', `${name}.body`)).toEqual([`${name}.body`]);
  });

  test('Bundler: what a source said, after the note of which answer it was', () => {
    const at = 'index.example.443.0123';
    const other = `${at}/info/rails-html`;
    const layout: Layout = {
      [`compact_index/${at}/info/rails`]: 'x',
      [`compact_index/${at}/info-etags/rails-${'0'.repeat(32)}`]: 'y',
      [`compact_index/${at}/info-etags/rails-html-${'1'.repeat(32)}`]: 'y',
      [`compact_index/${other}`]: 'x',
      [`compact_index/${at}/versions`]: 'x',
      [`compact_index/${at}/versions.etag`]: 'y',
    };
    expect(moves(bundler, layout, 'compact_index', `${at}/info/rails`)).toEqual([
      `${at}/info-etags/rails-${'0'.repeat(32)}`,
      `${at}/info/rails`,
    ]);
    expect(moves(bundler, layout, 'compact_index', `${at}/versions`)).toEqual([
      `${at}/versions.etag`,
      `${at}/versions`,
    ]);
  });

  test('Turborepo: its archive, then its notes', () => {
    const files = ['.tar.zst', '-manifest.json', '-meta.json'].map((ending) => `0123456789abcdef${ending}`);
    const layout = Object.fromEntries([...files, 'fedcba9876543210-meta.json'].map((name) => [name, '{}']));
    expect(moves(turbo, layout, '.', '0123456789abcdef')).toEqual(files);
  });

  test('electron-builder: the note that it is whole, then what was extracted; locks stay', () => {
    const layout = { 'nsis/a-12345/x': 'x', 'nsis/a-12345.state': '{}', 'nsis/a-12345.lock/y': 'y' };
    expect(moves(electronBuilder, layout, 'nsis', 'a-12345')).toEqual(['a-12345.state', 'a-12345']);
    expect(staysWith(electronBuilder, layout, 'nsis', 'a-12345.lock')).toContain('lock');
  });

  test('Maven: a file with its checksums; where the others are from stays', () => {
    const layout = {
      'o/a/1/a-1.jar': 'x',
      'o/a/1/a-1.jar.sha1': 'y',
      'o/a/1/a-1.pom': 'z',
      'o/a/1/_remote.repositories': 'a-1.jar>central=',
    };
    expect(moves(maven, layout, 'o/a/1', 'a-1.jar')).toEqual(['a-1.jar', 'a-1.jar.sha1']);
    expect(staysWith(maven, layout, 'o/a/1', '_remote.repositories')).toContain('came from');
  });

  test('Deno: a source with what was noted of it', () => {
    const name = `https/a.example/${'ab'.repeat(32)}`;
    const layout = { [`remote/${name}`]: 'x', [`remote/${name}.metadata.json`]: '{}' };
    expect(moves(deno, layout, 'remote', name)).toEqual([`${name}.metadata.json`, name]);
  });

  test('conda: archives and unpacked packages alone', () => {
    const layout = { 'a-1-0.conda': 'x', 'a-1-0/info/index.json': '{}', 'urls.txt': '' };
    expect(moves(conda, layout, '.', 'a-1-0')).toEqual(['a-1-0']);
    expect(moves(conda, layout, '.', 'a-1-0.conda')).toEqual(['a-1-0.conda']);
  });

  test('Gradle: versions of modules; what several builds share stays', () => {
    const layout = {
      'caches/modules-2/files-2.1/org.example/a/1.0/0123/a.jar': 'x',
      'caches/modules-2/modules-2.lock': '',
      'caches/modules-2/metadata-2.106/descriptors/x': '',
      'caches/8.5/fileHashes/fileHashes.bin': '',
    };
    expect(moves(gradle, layout, 'caches/modules-2', 'files-2.1/org.example/a/1.0')).toEqual([
      'files-2.1/org.example/a/1.0',
    ]);
    expect(staysWith(gradle, layout, 'caches/modules-2', 'modules-2.lock', 'metadata-2.106')).toContain('lock');
    expect(staysWith(gradle, layout, 'caches/8.5', 'fileHashes')).toContain('as a whole');
  });

  test('what hangs together stays: workspaces of Bazel, what npx installed; others have no parts at all', () => {
    expect(staysWith(bazel, { [`${'ab'.repeat(16)}/external/a`]: 'x' }, 'ab'.repeat(16), 'external')).toContain(
      'as a whole',
    );
    expect(staysWith(npm, { '_npx/0123/package.json': '{}' }, '_npx/0123', 'package 0 x')).toContain('npx');
    for (const tool of [pnpm, nx]) expect(tool.parts).toBeUndefined();
    expect(pnpm.own).toMatchObject({ argv: ['pnpm', 'store', 'prune'], better: expect.stringMatching(/./) });
  });

  test('cargo: what goes with all of its unit is named once, and before what it was made of', () => {
    const [a, b] = ['a-1.0.0', 'b-1.0.0'];
    const at = 'near-0123456789abcdef';
    const root = made({
      [`registry/src/${at}/${a}/x`]: 'x',
      [`registry/src/${at}/${b}/x`]: 'x',
      [`registry/cache/${at}/${a}.crate`]: 'x',
      [`registry/cache/${at}/${b}.crate`]: 'x',
    });
    const crate = { unit: unitOf('registry/cache'), keys: new Set([`${at}/${a}.crate`]) };
    const alone = cargo.parts?.(root, [crate], reader);
    expect(alone?.moves).toEqual([`registry/src/${at}/${a}`, `registry/cache/${at}/${a}.crate`]);
    expect(alone?.also.length).toBe(1);
    const withAll = cargo.parts?.(root, [{ unit: unitOf('registry/src'), keys: 'all' }, crate], reader);
    expect(withAll?.moves).toEqual(['registry/src', `registry/cache/${at}/${a}.crate`]);
    expect(withAll?.also).toEqual([]);
  });

  test('a link on the way leads nowhere, a link itself is an entry', () => {
    const outside = made({ 'mine/file': 'mine' });
    const layout = { 'files/a': `-> ${outside}/mine`, 'remote/https/b': `-> ${outside}/mine` };
    expect(moves(deno, layout, 'remote', 'https/b/file')).toEqual([]);
    expect(moves(deno, layout, 'remote', 'https/b')).toEqual(['https/b']);
  });
});

/** As uv 0.9 lays it out (crates/uv-cache/src/lib.rs, uv-distribution): not from a uv that ran here. */
const uvCache = (): string => {
  const [a, b, c] = ['aaaaaaaaaaaaaaaaaaaa1', 'bbbbbbbbbbbbbbbbbbbb2', 'cccccccccccccccccccc3'];
  // MessagePack: an array of two, a text of 21 bytes, and another.
  const pointer = (id: string): string => `\u0092\u00b5${id}A-_x`;
  return made({
    'CACHEDIR.TAG': 'Signature: 8a477f597d28d172789f06886806bc55',
    [`archive-v0/${a}/a-1.dist-info/METADATA`]: 'x',
    [`archive-v0/${b}/b-1.dist-info/METADATA`]: 'x',
    [`archive-v0/${c}/c-1.dist-info/METADATA`]: 'x',
    'wheels-v5/pypi/a/1-py3-none-any': `-> ../../../archive-v0/${a}`,
    'wheels-v5/pypi/a/1-py3-none-any.msgpack': 'metadata',
    'wheels-v5/pypi/b/1-py3-none-any.http': pointer(b),
    'wheels-v5/index/0123/b/1-py3-none-any.http': pointer(b),
    'sdists-v9/pypi/c/1/0000/c-1-py3-none-any': `-> ../../../../../archive-v0/${c}`,
    'sdists-v9/pypi/c/1/0000/src/x': pointer(b),
    'sdists-v9/.git': '',
    'simple-v18/pypi/a.rkyv': 'x',
  });
};

describe.skipIf(process.platform === 'win32')('parts of uv’s cache', () => {
  const cut = (plan: PartPlan): readonly string[] => plan.moves.map((path) => path.replace(/^(archive-v0\/.).*/, '$1'));

  test('a pointer takes its archive along, unless another leads there', async () => {
    const root = uvCache();
    const link = await cleared(uv, root, ({ key }) => key === 'pypi/a/1-py3-none-any', { moreMayGo: true });
    expect(cut(link.plan)).toEqual(['wheels-v5/pypi/a/1-py3-none-any', 'archive-v0/a']);
    expect(link.plan.also).toEqual([expect.stringMatching(/^One unpacked wheel goes along/)]);
    link.undo();
    const one = await cleared(uv, root, ({ key }) => key === 'pypi/b/1-py3-none-any.http');
    expect(cut(one.plan)).toEqual(['wheels-v5/pypi/b/1-py3-none-any.http']);
    one.undo();
    const both = await cleared(uv, root, ({ key }) => key.endsWith('.http'), { moreMayGo: true });
    expect(cut(both.plan).at(-1)).toBe('archive-v0/b');
    expect(both.plan.moves.length).toBe(3);
  });

  test('an archive takes the pointers of its wheel along, before it; one that a built wheel is in stays', async () => {
    const root = uvCache();
    const one = await cleared(uv, root, ({ name, kind }) => name === 'b' && kind === 'unpacked wheel', {
      moreMayGo: true,
    });
    expect(cut(one.plan)).toEqual([
      'wheels-v5/index/0123/b/1-py3-none-any.http',
      'wheels-v5/pypi/b/1-py3-none-any.http',
      'archive-v0/b',
    ]);
    one.undo();
    const built = await cleared(uv, root, ({ name, kind }) => name === 'c' && kind === 'unpacked wheel');
    expect(built.plan.moves).toEqual([]);
    expect(built.plan.stays.length).toBe(1);
    const source = await cleared(uv, root, ({ in: unit, name }) => unit === 'sdists-v9' && name === 'c', {
      moreMayGo: true,
    });
    expect(cut(source.plan)).toEqual(['sdists-v9/pypi/c/1', 'archive-v0/c']);
    source.undo();
    const together = await cleared(uv, root, ({ name, kind }) => name === 'c' && kind !== 'link');
    expect(cut(together.plan)).toEqual(['sdists-v9/pypi/c/1', 'archive-v0/c']);
    expect(together.plan.also).toEqual([]);
    together.undo();
    expect(reader.facts(join(root, 'CACHEDIR.TAG'))).not.toBeNull();
  });

  test('a folder of pointers that goes as a whole takes along what only it leads to', () => {
    const root = uvCache();
    const plan = uv.parts?.(root, [{ unit: unitOf('wheels-v5'), keys: 'all' }], reader);
    expect(plan?.moves[0]).toBe('wheels-v5');
    expect(plan === undefined ? [] : cut(plan).slice(1).sort()).toEqual(['archive-v0/a', 'archive-v0/b']);
  });
});
