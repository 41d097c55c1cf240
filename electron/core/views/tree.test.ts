import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { writePackages } from '../../../e2e/support/npm-index.ts';
import { oddNames, tooDeep } from '../../../e2e/support/odd-things.ts';
import { du, onLinux, sandbox, smallTree, write } from '../../../e2e/support/sandbox.ts';
import type { CacheId, UnitId, ViewId } from '../../../shared/ids.ts';
import type { Cache, TreeNodes } from '../../../shared/model.ts';
import type { KnownCache } from '../caches.ts';
import { npm } from '../catalog/tools/npm.ts';
import { newHome, value } from '../clear/testing/home.ts';
import { EventHub } from '../events.ts';
import { raw, showRaw } from '../fs/raw.ts';
import type { Inspector } from '../inspector.ts';
import { unfold } from './testing/unfold.ts';
import { ViewBook } from './view-book.ts';

const npmOf = async (inspector: Inspector, measure: boolean): Promise<Cache> => {
  const cache = value(await inspector.call('list', { measure })).caches.find(({ tool }) => tool === 'npm');
  if (cache === undefined) throw new Error('there is no npm');
  return cache;
};

const allNodes = async (inspector: Inspector, view: ViewId): Promise<TreeNodes> => {
  const slices: TreeNodes[] = [];
  const had = (): number => slices.reduce((sum, { names }) => sum + names.length, 0);
  do slices.push(value(await inspector.call('treeNodes', { view, from: had(), count: 10_000 })));
  while (slices.at(-1)?.names.length === 10_000);
  return {
    names: slices.flatMap(({ names }) => names),
    parents: slices.flatMap(({ parents }) => parents),
    kinds: slices.flatMap(({ kinds }) => kinds),
    bytes: slices.flatMap(({ bytes }) => bytes),
    files: slices.flatMap(({ files }) => files),
    newest: slices.flatMap(({ newest }) => newest),
  };
};

const treeOf = async (inspector: Inspector, by: 'folder' | 'entry') => {
  const { id } = await npmOf(inspector, false);
  const { view, nodes: count } = value(await inspector.call('openTree', { cache: id, by }));
  const nodes = await allNodes(inspector, view);
  expect(nodes.names).toHaveLength(count);
  return { view, nodes, tree: unfold(nodes) };
};

/** A cache of npm's at `root` with one unit, for the book alone. */
const cacheAt = (root: string, unit = '_cacache'): KnownCache => {
  const id = 'c_00000000000a' as CacheId;
  const definition = { name: unit, kind: 'directory', rewritten: 'nothing' } as const;
  return {
    id,
    tool: npm,
    name: npm.name,
    keeps: () => [],
    root,
    facts: null,
    because: 'a test says so',
    isDefault: false,
    added: false,
    problem: null,
    units: [{ id: 'u_00000000000a' as UnitId, cache: id, definition, path: join(root, unit) }],
  };
};

const newBook = (): ViewBook => {
  const book = new ViewBook(new EventHub());
  onTestFinished(() => book.closeAll());
  return book;
};

describe('a tree of folders', () => {
  test('is what the scan measures, each unit below the root', async () => {
    const { home, open } = newHome();
    writePackages(
      join(home, '.npm'),
      Array.from({ length: 30 }, (_, at) => ({ name: `p${at}`, version: '1.0.0', bytes: 5000 + at })),
    );
    smallTree(join(home, '.npm/_npx/0123456789abcdef'));
    write(join(home, '.npm'), { '_cacache/content-v2/large': 'x'.repeat(100_000), 'kept/file': 'never walked' });
    fs.symlinkSync('/usr', join(home, '.npm/_cacache/tmp'));
    fs.utimesSync(join(home, '.npm/_cacache/content-v2/large'), 4_000_000_000, 4_000_000_000);
    const inspector = await open();
    const { tree, nodes } = await treeOf(inspector, 'folder');
    const { units } = await npmOf(inspector, true);
    expect(nodes.names[0]).toBe('.npm');
    const there = units.filter(({ present }) => present);
    expect(there.map(({ name }) => name)).toEqual(['_cacache', '_npx/0123456789abcdef']);
    for (const { name, bytes, files } of there)
      expect(tree.get(name)).toMatchObject({ kind: 'group', bytes: bytes?.allocated, files });
    const sum = there.reduce((total, { bytes }) => total + (bytes?.allocated ?? 0), 0);
    expect(tree.get('')).toMatchObject({ kind: 'group', bytes: sum, newest: 4_000_000_000_000 });
    expect(tree.has('kept')).toBe(false);
    expect(tree.get('_cacache/tmp')).toMatchObject({ kind: 'leaf', files: 1 });
    expect(tree.get('_cacache/content-v2/large')).toMatchObject({ kind: 'leaf', bytes: 102_400, files: 1 });
    // Largest first among siblings.
    expect(nodes.names[1]).toBe('_cacache');
    expect(nodes.names[nodes.parents.indexOf(1)]).toBe('content-v2');
  });

  test('hard-linked files count once', async () => {
    const { home, open } = newHome();
    const unit = join(home, '.npm/_cacache');
    write(unit, { 'a/one': 'x'.repeat(50_000), 'b/other': 'y' });
    for (const name of ['a/two', 'b/three', 'b/four']) fs.linkSync(join(unit, 'a/one'), join(unit, name));
    const { tree } = await treeOf(await open(), 'folder');
    expect(tree.get('_cacache')).toMatchObject({ bytes: du(unit), files: 5 });
    const linked = ['a/one', 'a/two', 'b/three', 'b/four'].map((name) => tree.get(`_cacache/${name}`)?.bytes);
    expect(linked.toSorted()).toEqual([0, 0, 0, fs.statSync(join(unit, 'a/one')).blocks * 512]);
  });

  test('a folder with too many files names the largest and sums up the others', async () => {
    const { home, open } = newHome();
    const unit = join(home, '.npm/_cacache');
    fs.mkdirSync(unit, { recursive: true });
    const small = join(unit, 'small');
    fs.writeFileSync(small, '');
    for (let at = 0; at < 6_233; at += 1) fs.linkSync(small, join(unit, `small-${at}`));
    for (let at = 0; at < 20; at += 1) fs.writeFileSync(join(unit, `large-${at}`), 'x'.repeat(9000));
    const { tree } = await treeOf(await open(), 'folder');
    expect(tree.get('_cacache/1,254 smaller files')).toMatchObject({ kind: 'rest', files: 1254 });
    expect(tree.get('_cacache')).toMatchObject({ files: 6_254, bytes: du(unit) });
    for (let at = 0; at < 20; at += 1) expect(tree.has(`_cacache/large-${at}`)).toBe(true);
    expect(tree.size).toBe(5_003);
  });

  test.skipIf(!onLinux)('names that are no text, and paths that are too long, are shown safely', async () => {
    const { home, open } = newHome();
    const unit = join(home, '.npm/_cacache');
    fs.mkdirSync(unit, { recursive: true });
    for (const name of oddNames) {
      const folder = Buffer.concat([raw(`${unit}/`), name]);
      fs.mkdirSync(folder);
      fs.writeFileSync(Buffer.concat([folder, raw('/'), name]), 'odd');
    }
    tooDeep(unit);
    const { tree } = await treeOf(await open(), 'folder');
    for (const name of oddNames.map(showRaw))
      expect(tree.get(`_cacache/${name}/${name}`)).toMatchObject({ kind: 'leaf', files: 1 });
    expect(tree.get('_cacache')).toMatchObject({ files: oddNames.length + 40, bytes: du(unit) });
    expect([...tree.keys()].filter((path) => /[^\x20-\x7e…]/.test(path))).toEqual([]);
  });

  test('leads back to the disk', async () => {
    const root = sandbox();
    write(root, { '_cacache/a/one': '1', '_cacache/a/tab\there': '2' });
    const odd = Buffer.concat([raw(join(root, '_cacache/a/')), Buffer.from([0xff])]);
    if (onLinux) fs.writeFileSync(odd, '');
    const book = newBook();
    const { view } = await book.openTree(cacheAt(root), 'folder');
    const { names } = await book.nodes(view, 0, 100);
    const pathOf = (name: string) => book.pathOf(view, names.indexOf(name));
    expect(await book.pathOf(view, 0)).toBe(root);
    expect(await pathOf('_cacache')).toBe(join(root, '_cacache'));
    expect(await pathOf('one')).toBe(join(root, '_cacache/a/one'));
    expect(await pathOf('tab\\u{9}here')).toBe(join(root, '_cacache/a/tab\there'));
    if (onLinux) await expect(pathOf('\\xFF')).rejects.toMatchObject({ code: 'unusable-path' });
    await expect(book.pathOf(view, 99)).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(book.pathOf('v_ffffffffffff' as ViewId, 0)).rejects.toMatchObject({ code: 'view-expired' });
    const byEntry = await book.openTree(cacheAt(root), 'entry');
    await expect(book.pathOf(byEntry.view, 0)).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(book.rows(view, 0, 1)).rejects.toMatchObject({ code: 'invalid-argument' });
    await book.close(view);
    await expect(book.pathOf(view, 0)).rejects.toMatchObject({ code: 'view-expired' });
  });

  test('one that is let go of while it grows says so', async () => {
    const root = sandbox();
    smallTree(join(root, '_cacache'));
    const book = newBook();
    const [opening, other] = (['folder', 'entry'] as const).map((by) => book.openTree(cacheAt(root), by));
    const refused = [opening, other].map((one) => expect(one).rejects.toMatchObject({ code: 'view-expired' }));
    await book.closeAll();
    await Promise.all(refused);
  });

  test('a unit that is the root itself is no node of its own; a link to one is not followed', async () => {
    const root = sandbox();
    smallTree(join(root, 'cache'));
    const book = newBook();
    const whole = await book.openTree(cacheAt(join(root, 'cache'), '.'), 'folder');
    const tree = unfold(await book.nodes(whole.view, 0, 100));
    expect(tree.get('')).toMatchObject({ files: 9, bytes: du(join(root, 'cache')) });
    expect(tree.get('a/0')).toMatchObject({ kind: 'leaf' });
    fs.mkdirSync(join(root, 'other'));
    fs.symlinkSync('../cache', join(root, 'other/_cacache'));
    const linked = await book.openTree(cacheAt(join(root, 'other')), 'folder');
    expect([...unfold(await book.nodes(linked.view, 0, 100)).values()]).toMatchObject([
      { kind: 'group', files: 0 },
      { kind: 'unreadable', path: '_cacache', files: 0 },
    ]);
  });

  test('slices hold what was asked for, and its progress is told', async () => {
    const { home, open } = newHome();
    const unit = join(home, '.npm/_cacache');
    for (let dir = 0; dir < 110; dir += 1) {
      fs.mkdirSync(join(unit, `d${dir}`), { recursive: true });
      const first = join(unit, `d${dir}/0`);
      fs.writeFileSync(first, '');
      for (let file = 1; file < 110; file += 1) fs.linkSync(first, join(unit, `d${dir}/${file}`));
    }
    const inspector = await open();
    const told: string[] = [];
    inspector.on('walking', ({ cache }) => told.push(cache));
    const { view, nodes } = await treeOf(inspector, 'folder');
    expect(new Set(told)).toEqual(new Set([(await npmOf(inspector, false)).id]));
    expect(nodes.names).toHaveLength(12_212);
    const part = value(await inspector.call('treeNodes', { view, from: 4_000, count: 7_000 }));
    expect(part.names).toEqual(nodes.names.slice(4_000, 11_000));
    expect(part.parents).toEqual(nodes.parents.slice(4_000, 11_000));
    expect(part.newest).toEqual(nodes.newest.slice(4_000, 11_000));
    expect(value(await inspector.call('treeNodes', { view, from: 12_211, count: 50 })).names).toHaveLength(1);
    expect(value(await inspector.call('treeNodes', { view, from: 90_000_000, count: 50 })).names).toEqual([]);
  });
});

describe('a tree of entries', () => {
  test('groups by name, then version; what has no name by its kind', async () => {
    const { home, open } = newHome();
    writePackages(join(home, '.npm'), [
      { name: 'a', version: '1.0.0', bytes: 10 },
      { name: 'a', version: '2.0.0', bytes: 500, time: 4_100_000_000_000 },
      { name: 'b', version: '1.0.0' },
    ]);
    write(join(home, '.npm'), { '_cacache/tmp/unfinished': 'download' });
    const { tree, nodes } = await treeOf(await open(), 'entry');
    expect(nodes.names[0]).toBe('.npm');
    expect(tree.get('')).toMatchObject({ kind: 'group', bytes: 518, files: 4, newest: 4_100_000_000_000 });
    expect(tree.get('a')).toMatchObject({ kind: 'group', bytes: 510, files: 2 });
    expect(tree.get('a/2.0.0')).toMatchObject({ kind: 'leaf', bytes: 500, files: 1, newest: 4_100_000_000_000 });
    expect(tree.get('b/1.0.0')).toMatchObject({ kind: 'leaf', bytes: 0, files: 1 });
    expect(tree.get('unfinished/unfinished')).toMatchObject({ kind: 'leaf', bytes: 8 });
  });

  test('a cache with nothing in it is a tree of one node', async () => {
    const { open } = newHome();
    for (const by of ['entry', 'folder'] as const) {
      const { nodes } = await treeOf(await open(), by);
      expect(nodes).toMatchObject({ names: ['.npm'], parents: [-1], bytes: [0], files: [0], newest: [null] });
    }
  });
});
