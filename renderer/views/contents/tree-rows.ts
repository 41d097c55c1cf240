import type { NodeTree } from './tree.ts';

/** What a search said of a node: its own name matches, or that of something below. */
export const matchesItself = 1;
export const matchesBelow = 2;

/** For each node of a tree what a search said of it. */
export type Marks = Uint8Array;

/** Nodes that are looked at in one go: some ms of work. */
const stride = 40_000;

/**
 * Looks which names hold the words, case aside, in steps between which others may work; the last step answers. Each
 * node that matches, or leads to one, is marked.
 */
export function* search(tree: NodeTree, words: string): Generator<undefined, Marks> {
  const wanted = words.toLowerCase();
  const marks = new Uint8Array(tree.length);
  // Parents come before their children: backwards each node is whole before its parent hears of it.
  for (let node = tree.length - 1; node > 0; node -= 1) {
    let mark = marks[node] ?? 0;
    if (tree.name(node).toLowerCase().includes(wanted)) mark |= matchesItself;
    if (mark !== 0) {
      marks[node] = mark;
      const parent = tree.parent(node);
      marks[parent] = (marks[parent] ?? 0) | matchesBelow;
    }
    if (node % stride === 0) yield;
  }
  return marks;
}

/** Whether a node is unfolded: at first the cache itself, or what leads to a match; `toggled` are the other way. */
export const isOpen = (node: number, marks: Marks | null, toggled: ReadonlySet<number>): boolean =>
  (marks === null ? node === 0 : ((marks[node] ?? 0) & matchesBelow) !== 0) !== toggled.has(node);

/** Lines of a tree as they are shown, in order. */
export interface TreeRows {
  readonly nodes: Int32Array;
  /** The depth of each, from 1. */
  readonly levels: Uint16Array;
}

/** The lines that are to be seen. With marks: what matches and what leads there, and all that is in an opened match. */
export const rowsOf = (tree: NodeTree, marks: Marks | null, toggled: ReadonlySet<number>): TreeRows => {
  if (tree.length === 0 || (marks !== null && marks[0] === 0)) {
    return { nodes: new Int32Array(0), levels: new Uint16Array(0) };
  }
  const nodes: number[] = [];
  const levels: number[] = [];
  const todo: number[] = [0];
  const depths: number[] = [1];
  while (todo.length > 0) {
    const node = todo.pop() ?? 0;
    const depth = depths.pop() ?? 1;
    nodes.push(node);
    levels.push(depth);
    if (!isOpen(node, marks, toggled)) continue;
    const only = marks !== null && ((marks[node] ?? 0) & matchesBelow) !== 0 ? marks : null;
    const children = tree.children(node);
    for (let at = children.length - 1; at >= 0; at -= 1) {
      const child = children[at] ?? 0;
      if (only !== null && only[child] === 0) continue;
      todo.push(child);
      depths.push(depth + 1);
    }
  }
  return { nodes: Int32Array.from(nodes), levels: Uint16Array.from(levels) };
};
