import { type NodeKind, nodeKinds, type TreeNodes } from '../../../shared/model.ts';

/** Nothing on the way to it can be named by text: where the nearest folder above stands instead. */
export interface NodePlace {
  readonly path: string;
  /** False: this is the nearest folder above that text can name. */
  readonly exact: boolean;
}

/** A name that core had to escape for people: its bytes are no text that could be copied. */
const escaped = /\\(?:u\{[0-9a-f]+\}|x[0-9A-F]{2})/;

/**
 * The tree of a cache in columns, as core sent it: a number names a node, 0 is the cache itself. Made for hundreds of
 * thousands of nodes: nothing here allocates for each of them but their names.
 */
export class NodeTree {
  readonly names: string[] = [];
  readonly parents: Int32Array;
  readonly bytes: Float64Array;
  readonly files: Float64Array;
  /** Last use of anything below, ms since 1970; NaN where nobody knows. */
  readonly newest: Float64Array;
  readonly #kinds: Uint8Array;
  /** Where the children of each node begin in `#children`; they end where those of the next begin. */
  #first = new Int32Array(0);
  #children = new Int32Array(0);

  /** Room for that many nodes, none of them there yet. */
  constructor(nodes: number) {
    this.parents = new Int32Array(nodes);
    this.bytes = new Float64Array(nodes);
    this.files = new Float64Array(nodes);
    this.newest = new Float64Array(nodes);
    this.#kinds = new Uint8Array(nodes);
  }

  get length(): number {
    return this.names.length;
  }

  /** Appends the next slice. What is more than there is room for is left out. */
  append({ names, parents, kinds, bytes, files, newest }: TreeNodes): void {
    const start = this.length;
    const count = Math.min(names.length, this.parents.length - start);
    for (let at = 0; at < count; at += 1) {
      this.names.push(names[at] ?? '');
      this.parents[start + at] = parents[at] ?? 0;
      this.#kinds[start + at] = kinds[at] ?? 0;
      this.bytes[start + at] = bytes[at] ?? 0;
      this.files[start + at] = files[at] ?? 0;
      this.newest[start + at] = newest[at] ?? Number.NaN;
    }
  }

  /** To be called when all nodes are there: finds the children of each, largest first. */
  finish(): this {
    const length = this.length;
    const first = new Int32Array(length + 1);
    for (let node = 1; node < length; node += 1) {
      const slot = this.parent(node) + 1;
      first[slot] = (first[slot] ?? 0) + 1;
    }
    for (let node = 1; node <= length; node += 1) first[node] = (first[node] ?? 0) + (first[node - 1] ?? 0);
    const next = first.slice();
    const children = new Int32Array(Math.max(0, length - 1));
    for (let node = 1; node < length; node += 1) {
      const parent = this.parent(node);
      const slot = next[parent] ?? 0;
      children[slot] = node;
      next[parent] = slot + 1;
    }
    this.#first = first;
    this.#children = children;
    for (let node = 0; node < length; node += 1) {
      // Most nodes hold nothing: they are not worth a window on the numbers.
      if ((first[node + 1] ?? 0) - (first[node] ?? 0) > 1) this.#sort(this.children(node));
    }
    return this;
  }

  #sort(siblings: Int32Array): void {
    for (let at = 1; at < siblings.length; at += 1) {
      // They usually come in order.
      if (this.size(siblings[at] ?? 0) > this.size(siblings[at - 1] ?? 0)) {
        siblings.sort((a, b) => this.size(b) - this.size(a) || a - b);
        return;
      }
    }
  }

  name(node: number): string {
    return this.names[node] ?? '';
  }

  parent(node: number): number {
    return this.parents[node] ?? 0;
  }

  kind(node: number): NodeKind {
    return nodeKinds[this.#kinds[node] ?? 0] ?? 'leaf';
  }

  size(node: number): number {
    return this.bytes[node] ?? 0;
  }

  /** What stands directly below a node, largest first. A window on the tree's own numbers: not to be changed. */
  children(node: number): Int32Array {
    return this.#children.subarray(this.#first[node] ?? 0, this.#first[node + 1] ?? 0);
  }

  hasChildren(node: number): boolean {
    return (this.#first[node + 1] ?? 0) > (this.#first[node] ?? 0);
  }

  /** From the cache down to the node. */
  lineage(node: number): readonly number[] {
    const up: number[] = [];
    for (let at = node; at > 0; at = this.parent(at)) up.push(at);
    up.push(0);
    return up.reverse();
  }

  /** Where a node of a tree of folders stands below `root`; the rest of a folder stands in that folder. */
  place(node: number, root: string, separator: string): NodePlace {
    let path = root;
    for (const at of this.lineage(node).slice(1)) {
      if (this.kind(at) === 'rest') return { path, exact: true };
      const name = this.name(at);
      if (escaped.test(name)) return { path, exact: false };
      path = `${path}${path.endsWith(separator) ? '' : separator}${name}`;
    }
    return { path, exact: true };
  }
}
