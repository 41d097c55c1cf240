import { counted } from '../../../shared/words.ts';
import { small, type Tile } from './layout.ts';
import type { NodeTree } from './tree.ts';

/** What is said about a rectangle of the map. */
export interface Said {
  readonly name: string;
  readonly bytes: number;
  /** Ms since 1970, NaN where nobody knows; null for what is no one thing. */
  readonly newest: number | null;
  readonly canEnter: boolean;
}

/** The way from one node down to another by names: `react › 18.2.0`. */
export const wayTo = (tree: NodeTree, from: number, node: number): string => {
  const names: string[] = [];
  for (let at = node; at !== from && at > 0; at = tree.parent(at)) names.push(tree.name(at));
  return names.length === 0 ? tree.name(node) : names.reverse().join(' › ');
};

/** What to say of a tile; `outer` is the one that it is in. */
export const saidOf = (tree: NodeTree, focus: number, tile: Tile, outer: Tile, tiles: readonly Tile[]): Said => {
  if (tile.node !== small) {
    return {
      name: wayTo(tree, focus, tile.node),
      bytes: tree.size(tile.node),
      newest: tree.newest[tile.node] ?? Number.NaN,
      canEnter: tree.hasChildren(tile.node),
    };
  }
  const told = tiles.slice(outer.first, outer.first + outer.inner).filter(({ node }) => node !== small);
  const children = tree.children(outer.node);
  const bytes = told.reduce((left, { node }) => left - tree.size(node), sum(tree, children));
  return {
    name: `${counted(children.length - told.length, 'smaller one')} in ${tree.name(outer.node)}`,
    bytes,
    newest: null,
    canEnter: false,
  };
};

const sum = (tree: NodeTree, nodes: Int32Array): number => nodes.reduce((total, node) => total + tree.size(node), 0);

/** Where going into a node leads: past folders that hold but one thing. */
export const into = (tree: NodeTree, node: number): number => {
  let at = node;
  for (;;) {
    const children = tree.children(at);
    const only = children[0];
    if (children.length !== 1 || only === undefined || !tree.hasChildren(only)) return at;
    at = only;
  }
};

/** The map as a sentence: the largest of what is to be seen. */
export const inWords = (tree: NodeTree, focus: number, sizeText: (bytes: number) => string): string => {
  const children = tree.children(focus);
  const largest = Array.from(children.subarray(0, 5), (node) => `${tree.name(node)} ${sizeText(tree.size(node))}`);
  const others = children.length - largest.length;
  const more = others > 0 ? `, and ${counted(others, 'smaller one')}` : '';
  return `${tree.name(focus)} holds ${sizeText(tree.size(focus))}. Largest: ${largest.join(', ')}${more}.`;
};
