import { type HierarchyRectangularNode, treemapSquarify } from 'd3-hierarchy';
import type { NodeTree } from './tree.ts';

/** A rectangle smaller than this (CSS pixels) on a side shows nothing inside. */
const smallest = 3;
/** Rectangles of at least this size have a line with their name above what is in them. */
const headed = { width: 56, height: 44 };
export const headHeight = 17;
const gap = 1;
/** Below one rectangle at most so many: more cannot be told apart, whatever its size. */
const mostSiblings = 20_000;

/** No node of the tree: all that is too small to be told apart, in one. */
export const small = -1;

/** One rectangle of the map, in CSS pixels. Those in it stand together, `inner` of them from `first` on. */
export interface Tile {
  readonly node: number;
  readonly depth: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** It has a line with its name above what is in it. */
  readonly head: boolean;
  first: number;
  inner: number;
}

interface Box {
  readonly value: number;
  readonly node: number;
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

/** Squarified within a box. d3 reads `children` and `value` of a node and writes the corners of its children. */
const squarify = (boxes: readonly Box[], value: number, x0: number, y0: number, x1: number, y1: number): void => {
  const parent = { children: boxes, value } as unknown as HierarchyRectangularNode<unknown>;
  treemapSquarify(parent, x0, y0, x1, y1);
};

/** The children that are large enough to be told apart in that many square pixels, and the others as one. */
const boxesFor = (tree: NodeTree, node: number, area: number): readonly Box[] => {
  const total = tree.size(node);
  const children = tree.children(node);
  const least = (total / area) * smallest * smallest;
  const boxes: Box[] = [];
  let rest = 0;
  for (const child of children) {
    const value = tree.size(child);
    if (value <= 0) break;
    if (boxes.length < mostSiblings && value >= least) boxes.push({ value, node: child, x0: 0, y0: 0, x1: 0, y1: 0 });
    else rest += value;
  }
  if (rest > 0) boxes.push({ value: rest, node: small, x0: 0, y0: 0, x1: 0, y1: 0 });
  return boxes;
};

/**
 * Lays a node and what is below it out in a rectangle, level by level, and goes no further down than can be seen. The
 * first tile is the node itself; each stands after the one that it is in.
 */
export const layOut = (tree: NodeTree, node: number, width: number, height: number): readonly Tile[] => {
  const tiles: Tile[] = [{ node, depth: 0, x: 0, y: 0, width, height, head: false, first: 0, inner: 0 }];
  for (let at = 0; at < tiles.length; at += 1) {
    const tile = tiles[at];
    if (tile && tile.node !== small && tree.hasChildren(tile.node)) layInside(tree, tiles, tile);
  }
  return tiles;
};

const layInside = (tree: NodeTree, tiles: Tile[], tile: Tile): void => {
  const edge = tile.depth === 0 ? 0 : gap;
  const x0 = tile.x + edge;
  const y0 = tile.y + (tile.head ? headHeight : edge);
  const x1 = tile.x + tile.width - edge;
  const y1 = tile.y + tile.height - edge;
  if (x1 - x0 < 2 * smallest || y1 - y0 < 2 * smallest) return;
  const boxes = boxesFor(tree, tile.node, (x1 - x0) * (y1 - y0));
  // All too small to be told apart: the rectangle itself says as much.
  if (boxes.length === 0 || boxes[0]?.node === small) return;
  // What a folder itself occupies is not in its children: they fill the rectangle nevertheless.
  const value = boxes.reduce((sum, box) => sum + box.value, 0);
  squarify(boxes, value, x0, y0, x1, y1);
  tile.first = tiles.length;
  for (const box of boxes) {
    const width = box.x1 - box.x0;
    const height = box.y1 - box.y0;
    if (!(width > 0 && height > 0)) continue;
    const head = box.node !== small && tree.hasChildren(box.node) && width >= headed.width && height >= headed.height;
    tiles.push({
      node: box.node,
      depth: tile.depth + 1,
      x: box.x0,
      y: box.y0,
      width,
      height,
      head,
      first: 0,
      inner: 0,
    });
    tile.inner += 1;
  }
};

const holds = ({ x, y, width, height }: Tile, atX: number, atY: number): boolean =>
  atX >= x && atX < x + width && atY >= y && atY < y + height;

/** The innermost tile at a point, as the numbers of all that hold it, outermost first. Empty outside of the map. */
export const tilesAt = (tiles: readonly Tile[], x: number, y: number): readonly number[] => {
  const found: number[] = [];
  let from = 0;
  let to = Math.min(1, tiles.length);
  while (from < to) {
    let hit = -1;
    for (let at = from; at < to && hit < 0; at += 1) {
      const tile = tiles[at];
      if (tile && holds(tile, x, y)) hit = at;
    }
    const tile = tiles[hit];
    if (!tile) break;
    found.push(hit);
    from = tile.first;
    to = tile.first + tile.inner;
  }
  return found;
};

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The sibling that a step in that direction leads to: the nearest one there, seen from the middle; itself if none. */
export const neighbour = (tiles: readonly Tile[], from: number, to: number, at: number, step: Direction): number => {
  const own = tiles[at];
  if (!own) return from;
  const across = step === 'left' || step === 'right';
  const sign = step === 'right' || step === 'down' ? 1 : -1;
  const middle = (tile: Tile): readonly [number, number] => [tile.x + tile.width / 2, tile.y + tile.height / 2];
  const [ownX, ownY] = middle(own);
  let best = at;
  let bestFar = Number.POSITIVE_INFINITY;
  for (let other = from; other < to; other += 1) {
    const tile = tiles[other];
    if (!tile || other === at) continue;
    const [x, y] = middle(tile);
    const ahead = (across ? x - ownX : y - ownY) * sign;
    // Beyond the own edge in that direction: not merely a little to that side.
    const edge = across
      ? sign > 0
        ? tile.x >= own.x + own.width - 1
        : tile.x + tile.width <= own.x + 1
      : sign > 0
        ? tile.y >= own.y + own.height - 1
        : tile.y + tile.height <= own.y + 1;
    if (!edge) continue;
    const aside = Math.abs(across ? y - ownY : x - ownX);
    const far = ahead + 2 * aside;
    if (far < bestFar) [best, bestFar] = [other, far];
  }
  return best;
};
