import { basename, sep } from 'node:path';
import { raw, rawText, showRaw } from '../fs/raw.ts';
import { type Found, leafWidth } from './found.ts';
import type { NodeTree } from './nodes.ts';

/** Bytes of a name as latin1, or its text. */
type Name = { readonly latin1: string } | { readonly text: string };

const plain = /^[\x20-\x5b\x5d-\x7e]*$/;
const shownName = (name: Name): string => {
  const text = 'text' in name ? name.text : name.latin1;
  if (plain.test(text)) return text;
  return showRaw('text' in name ? raw(name.text) : Buffer.from(name.latin1, 'latin1'));
};

const many = new Intl.NumberFormat('en-US');

/** A tree of folders while it grows, with what leads from its nodes back to the disk. */
export class FolderNodes {
  readonly #tree: NodeTree;
  /** Inodes with several links that were counted already, by device. */
  readonly #counted = new Map<string, Set<number>>();
  /** Whole paths of the root and the units. */
  readonly paths = new Map<number, string>();
  /** Names that are shown otherwise than they are: their text, or null when they are not UTF-8. */
  readonly names = new Map<number, string | null>();

  constructor(tree: NodeTree, root: string) {
    this.#tree = tree;
    this.paths.set(this.#add(-1, 'group', { text: basename(root) || root }), root);
  }

  /** The node of a unit below the root; the root itself where that is the unit and can be looked into. */
  unit(name: string, path: string, kind: 'group' | 'leaf' | 'unreadable'): number {
    if (name === '.' && kind === 'group') return 0;
    const node = this.#add(0, kind, { text: name });
    this.paths.set(node, path);
    return node;
  }

  /** All directories of one unit, whose node is `top`. */
  add(top: number, device: string, directories: readonly Found[]): void {
    const counted = this.#counted.get(device) ?? new Set();
    this.#counted.set(device, counted);
    const nodes = new Map<string, number>();
    // By path: so parents come before what is in them, and of several links always the same one is counted.
    for (const found of directories.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
      const cut = found.path.lastIndexOf(sep);
      const parent = found.path === '' ? top : nodes.get(found.path.slice(0, Math.max(0, cut)));
      if (parent === undefined) continue;
      const name = { latin1: found.path.slice(cut + 1) };
      const node = found.path === '' ? top : this.#add(parent, found.listed ? 'group' : 'unreadable', name);
      nodes.set(found.path, node);
      this.#tree.grow(node, found.own, 0, Number.NaN);
      this.#leaves(node, found, counted);
    }
  }

  #leaves(node: number, found: Found, counted: Set<number>): void {
    const once = (numbers: Float64Array, at: number): number => {
      const inode = numbers[at + 2] ?? 0;
      if (inode !== 0 && counted.has(inode)) return 0;
      if (inode !== 0) counted.add(inode);
      return numbers[at] ?? 0;
    };
    const { leaves, rest } = found;
    const names = leaves.length === 0 ? [] : found.names.split('\0');
    for (const [leaf, name] of names.entries()) {
      const at = leaf * leafWidth;
      const facts = { bytes: once(leaves, at), files: 1, newest: leaves[at + 1] ?? Number.NaN };
      this.#add(node, 'leaf', found.asBytes ? { latin1: name } : { text: name }, facts);
    }
    if (rest.length > 0) {
      const files = rest.length / leafWidth;
      const other = this.#add(node, 'rest', { text: `${many.format(files)} smaller files` });
      for (let at = 0; at < rest.length; at += leafWidth)
        this.#tree.grow(other, once(rest, at), 1, rest[at + 1] ?? Number.NaN);
    }
    for (const name of found.closed) this.#add(node, 'unreadable', { latin1: name });
  }

  #add(
    parent: number,
    kind: 'group' | 'leaf' | 'rest' | 'unreadable',
    name: Name,
    facts: { readonly bytes?: number; readonly files?: number; readonly newest?: number } = {},
  ): number {
    const shown = shownName(name);
    const node = this.#tree.add(parent, { kind, name: shown, ...facts });
    const text = 'text' in name ? name.text : rawText(Buffer.from(name.latin1, 'latin1'));
    if (text !== shown) this.names.set(node, text);
    return node;
  }
}
