import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NodeKind, nodeKinds, type TreeNodes } from '../../../shared/model.ts';
import { NodeTree } from './tree.ts';
import { isOpen, type Marks, rowsOf, search } from './tree-rows.ts';

type Line = readonly [name: string, parent: number, bytes: number, kind?: NodeKind];

const nodesOf = (lines: readonly Line[]): TreeNodes => ({
  names: lines.map(([name]) => name),
  parents: lines.map(([, parent]) => parent),
  kinds: lines.map(([, , , kind]) => nodeKinds.indexOf(kind ?? 'group')),
  bytes: lines.map(([, , bytes]) => bytes),
  files: lines.map(() => 1),
  newest: lines.map(() => null),
});
const treeOf = (lines: readonly Line[]): NodeTree => {
  const tree = new NodeTree(lines.length);
  tree.append(nodesOf(lines));
  return tree.finish();
};
const found = (tree: NodeTree, words: string): Marks => {
  const steps = search(tree, words);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
};

const cache = treeOf([
  ['.npm', -1, 100],
  ['_logs', 0, 10],
  ['_cacache', 0, 90],
  ['index', 2, 30],
  ['content', 2, 60],
  ['old.log', 1, 4, 'leaf'],
  ['12 smaller files', 1, 6, 'rest'],
  ['caf\\xE9', 4, 60],
  ['blob', 7, 60, 'leaf'],
]);
const shown = (marks: Marks | null, toggled: readonly number[] = []): readonly string[] => {
  const { nodes, levels } = rowsOf(cache, marks, new Set(toggled));
  return Array.from(nodes, (node, at) => `${' '.repeat((levels[at] ?? 0) - 1)}${cache.name(node)}`);
};

describe('a tree in columns', () => {
  it('has the children of a node by size', () => {
    expect([...cache.children(0)]).toEqual([2, 1]);
    expect([...cache.children(2)]).toEqual([4, 3]);
    expect([...cache.children(1)]).toEqual([6, 5]);
    expect([...cache.children(8)]).toEqual([]);
    expect([cache.hasChildren(0), cache.hasChildren(3)]).toEqual([true, false]);
  });

  it('is the same in whatever slices it comes', () => {
    const parents = fc.array(fc.nat(), { maxLength: 60 });
    fc.assert(
      fc.property(parents, fc.integer({ min: 1, max: 9 }), (numbers, width) => {
        const lines: Line[] = [['root', -1, 1], ...numbers.map((n, at): Line => [`n${at}`, n % (at + 1), n % 50])];
        const sliced = new NodeTree(lines.length);
        for (let at = 0; at < lines.length; at += width) sliced.append(nodesOf(lines.slice(at, at + width)));
        sliced.finish();
        const seen = [0];
        for (const node of seen) {
          const sizes = Array.from(sliced.children(node), (child) => sliced.size(child));
          expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
          for (const child of sliced.children(node)) {
            expect(sliced.parent(child)).toBe(node);
            seen.push(child);
          }
        }
        expect(seen.toSorted((a, b) => a - b)).toEqual(lines.map((_, node) => node));
      }),
    );
  });

  it('leaves out what there is no room for', () => {
    const tree = new NodeTree(1);
    tree.append(
      nodesOf([
        ['root', -1, 1],
        ['late', 0, 1],
      ]),
    );
    expect(tree.finish().length).toBe(1);
  });

  it('knows the place of a node', () => {
    expect(cache.place(0, '/home/me/.npm', '/')).toEqual({ path: '/home/me/.npm', exact: true });
    expect(cache.place(4, '/home/me/.npm', '/')).toEqual({ path: '/home/me/.npm/_cacache/content', exact: true });
    expect(cache.place(6, '/home/me/.npm', '/').path).toBe('/home/me/.npm/_logs');
    expect(cache.place(3, 'C:\\npm', '\\').path).toBe('C:\\npm\\_cacache\\index');
    expect(cache.place(5, '/', '/').path).toBe('/_logs/old.log');
  });

  it('never gives a place that would be another file', () => {
    expect(cache.place(8, '/home/me/.npm', '/')).toEqual({ path: '/home/me/.npm/_cacache/content', exact: false });
  });
});

describe('the lines of a tree', () => {
  it('are the cache and what is in it at first, largest first', () => {
    expect(shown(null)).toEqual(['.npm', ' _cacache', ' _logs']);
  });

  it('come and go with what is unfolded', () => {
    expect(shown(null, [2])).toEqual(['.npm', ' _cacache', '  content', '  index', ' _logs']);
    expect(shown(null, [0])).toEqual(['.npm']);
    expect([isOpen(0, null, new Set()), isOpen(2, null, new Set()), isOpen(2, null, new Set([2]))]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('of a search are what matches and what leads there', () => {
    expect(shown(found(cache, 'OLD'))).toEqual(['.npm', ' _logs', '  old.log']);
    expect(shown(found(cache, 'OLD'), [1])).toEqual(['.npm', ' _logs']);
    expect(shown(found(cache, 'nowhere'))).toEqual([]);
  });

  it('of a folder that matches by itself show all that is in it, once opened', () => {
    expect(shown(found(cache, 'content'))).toEqual(['.npm', ' _cacache', '  content']);
    expect(shown(found(cache, 'content'), [4])).toEqual(['.npm', ' _cacache', '  content', '   caf\\xE9']);
  });

  it('are none of a tree that is not there', () => {
    expect(rowsOf(new NodeTree(0).finish(), null, new Set()).nodes).toHaveLength(0);
  });
});
