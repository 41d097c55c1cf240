import { expect, it } from 'vitest';
import { layOut, small } from './layout.ts';
import { into, inWords, saidOf, wayTo } from './map-words.ts';
import { NodeTree } from './tree.ts';

const treeOf = (lines: readonly (readonly [name: string, parent: number, bytes: number])[]): NodeTree => {
  const tree = new NodeTree(lines.length);
  tree.append({
    names: lines.map(([name]) => name),
    parents: lines.map(([, parent]) => parent),
    kinds: lines.map(() => 0),
    bytes: lines.map(([, , bytes]) => bytes),
    files: lines.map(() => 1),
    newest: lines.map(() => 5),
  });
  return tree.finish();
};
const tree = treeOf([
  ['.npm', -1, 90],
  ['_cacache', 0, 90],
  ['content', 1, 60],
  ['index', 1, 30],
  ['blob', 2, 60],
]);
const sizeText = (bytes: number): string => `${bytes} B`;

it('names the way to a rectangle from what fills the map', () => {
  expect([wayTo(tree, 0, 4), wayTo(tree, 1, 4), wayTo(tree, 4, 4)]).toEqual([
    '_cacache › content › blob',
    'content › blob',
    'blob',
  ]);
});

it('goes in past what holds but one thing that can be gone into', () => {
  expect([into(tree, 0), into(tree, 1), into(tree, 2)]).toEqual([1, 1, 2]);
});

it('says the map in a sentence', () => {
  expect(inWords(tree, 1, sizeText)).toBe('_cacache holds 90 B. Largest: content 60 B, index 30 B.');
  const many = treeOf([['all', -1, 28], ...Array.from({ length: 7 }, (_, at) => [`n${at}`, 0, 7 - at] as const)]);
  expect(inWords(many, 0, sizeText)).toContain('and 2 smaller ones.');
});

it('says how many there are and how large together, of what is too small to be told apart', () => {
  const crowd = treeOf([
    ['all', -1, 103_000],
    ['big', 0, 100_000],
    ...Array.from({ length: 3000 }, () => ['s', 0, 1] as const),
  ]);
  const tiles = layOut(crowd, 0, 300, 200);
  const [root] = tiles;
  const rest = tiles.find(({ node }) => node === small);
  const big = tiles[1];
  if (!root || !rest || !big) throw new Error('the map has no such rectangles');
  expect(saidOf(crowd, 0, rest, root, tiles)).toEqual({
    name: '3,000 smaller ones in all',
    bytes: 3000,
    newest: null,
    canEnter: false,
  });
  expect(saidOf(crowd, 0, big, root, tiles)).toEqual({ name: 'big', bytes: 100_000, newest: 5, canEnter: false });
});
