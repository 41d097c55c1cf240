import { describe, expect, it } from 'vitest';
import { ageStep, ages } from './age.ts';
import { layOut, neighbour, small, type Tile, tilesAt } from './layout.ts';
import { NodeTree } from './tree.ts';

const treeOf = (parents: readonly number[], bytes: readonly number[]): NodeTree => {
  const tree = new NodeTree(parents.length);
  tree.append({
    names: parents.map((_, node) => `n${node}`),
    parents,
    kinds: parents.map(() => 0),
    bytes,
    files: parents.map(() => 1),
    newest: parents.map(() => null),
  });
  return tree.finish();
};

/** `folders` folders with `files` files each, sizes falling. */
const wide = (folders: number, files: number): NodeTree => {
  const parents = [-1];
  const bytes = [0];
  for (let folder = 0; folder < folders; folder += 1) {
    parents.push(0);
    bytes.push(0);
  }
  for (let folder = 1; folder <= folders; folder += 1) {
    for (let file = 0; file < files; file += 1) {
      const size = 1000 + ((file * 7919 + folder * 104_729) % 50_000);
      parents.push(folder);
      bytes.push(size);
      bytes[folder] = (bytes[folder] ?? 0) + size;
      bytes[0] = (bytes[0] ?? 0) + size;
    }
  }
  return treeOf(parents, bytes);
};
const insideOf = (inner: Tile, outer: Tile): boolean =>
  inner.x >= outer.x - 1e-6 &&
  inner.y >= outer.y - 1e-6 &&
  inner.x + inner.width <= outer.x + outer.width + 1e-6 &&
  inner.y + inner.height <= outer.y + outer.height + 1e-6;

describe('the map', () => {
  const tree = treeOf([-1, 0, 0, 0, 1, 1], [100, 60, 30, 10, 45, 15]);
  const tiles = layOut(tree, 0, 600, 400);

  it('gives siblings areas in the ratio of their sizes, and fills the whole', () => {
    const [root, ...inside] = tiles;
    const areas = inside.slice(0, root?.inner).map(({ width, height }) => (width * height) / (600 * 400));
    expect(areas.map((area) => Math.round(area * 100))).toEqual([60, 30, 10]);
  });

  it('keeps what is in a rectangle inside of it, below its name', () => {
    for (const tile of tiles) {
      for (const inner of tiles.slice(tile.first, tile.first + tile.inner)) {
        expect(insideOf(inner, tile)).toBe(true);
        if (tile.head) expect(inner.y).toBeGreaterThanOrEqual(tile.y + 16);
      }
    }
  });

  it('finds what is at a point, outermost first', () => {
    const inner = tiles.findIndex(({ node }) => node === 5);
    const { x, y, width, height } = tiles[inner] as Tile;
    const at = tilesAt(tiles, x + width / 2, y + height / 2);
    expect(at.map((tile) => tiles[tile]?.node)).toEqual([0, 1, 5]);
    expect(tilesAt(tiles, -1, 5)).toEqual([]);
    expect(tilesAt([], 0, 0)).toEqual([]);
  });

  it('walks from sibling to sibling, and back', () => {
    const [root] = tiles;
    const [from, to] = [root?.first ?? 0, (root?.first ?? 0) + (root?.inner ?? 0)];
    const right = neighbour(tiles, from, to, from, 'right');
    expect(right).not.toBe(from);
    expect(neighbour(tiles, from, to, right, 'left')).toBe(from);
    expect(neighbour(tiles, from, to, from, 'left')).toBe(from);
  });

  it('has room for nothing and for nothing large', () => {
    expect(layOut(treeOf([-1], [0]), 0, 100, 100)).toHaveLength(1);
    expect(layOut(treeOf([-1, 0, 0], [0, 0, 0]), 0, 100, 100)).toHaveLength(1);
    expect(layOut(tree, 0, 2, 2)).toHaveLength(1);
  });

  it('takes what is too small to be told apart for one', () => {
    const sizes = [100_000, ...Array.from({ length: 5000 }, () => 1)];
    const crowd = treeOf([-1, ...sizes.map(() => 0)], [105_000, ...sizes]);
    const shown = layOut(crowd, 0, 300, 200);
    expect(shown.map(({ node }) => node)).toEqual([0, 1, small]);
  });

  it('of 300,000 files lays out what can be seen, and finds what is at a point', () => {
    const shown = layOut(wide(300, 1000), 0, 1200, 700);
    expect(shown.length).toBeLessThan(120_000);
    expect(tilesAt(shown, 700, 350).length).toBeGreaterThan(1);
  });
});

describe('ages', () => {
  it('are told in steps', () => {
    const now = Date.parse('2026-05-12T12:00:00Z');
    const daysAgo = (days: number): string => ages[ageStep(now - days * 86_400_000, now)]?.words ?? '';
    expect([0.5, 3, 20, 100, 300, 400].map(daysAgo)).toEqual(ages.slice(0, 6).map(({ words }) => words));
    expect(ageStep(now + 1000, now)).toBe(0);
    expect(ages[ageStep(Number.NaN, now)]?.words).toBe('not recorded');
  });
});
