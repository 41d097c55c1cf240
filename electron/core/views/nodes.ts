import { type NodeKind, nodeKinds } from '../../../shared/model.ts';
import { Column } from './columns.ts';
import type { NodeSlice } from './slices.ts';

export interface NodeFacts {
  readonly kind: NodeKind;
  readonly name: string;
  readonly bytes?: number;
  readonly files?: number;
  /** Ms since 1970; NaN when unknown. */
  readonly newest?: number;
}

/** A tree that grows: parents are added before their children, in any order otherwise. */
export class NodeTree {
  readonly #names: string[] = [];
  readonly #parents = new Column(Int32Array);
  readonly #kinds = new Column(Uint8Array);
  readonly #bytes = new Column(Float64Array);
  readonly #files = new Column(Float64Array);
  readonly #newest = new Column(Float64Array);

  get length(): number {
    return this.#names.length;
  }

  /** Adds a node below `parent`, -1 for the root; its number. */
  add(parent: number, { kind, name, bytes = 0, files = 0, newest = Number.NaN }: NodeFacts): number {
    this.#parents.push(parent);
    this.#kinds.push(nodeKinds.indexOf(kind));
    this.#bytes.push(bytes);
    this.#files.push(files);
    this.#newest.push(newest);
    return this.#names.push(name) - 1;
  }

  /** Adds to what a node holds by itself. */
  grow(node: number, bytes: number, files: number, newest: number): void {
    this.#bytes.set(node, this.#bytes.at(node) + bytes);
    this.#files.set(node, this.#files.at(node) + files);
    this.#newest.set(node, latest(this.#newest.at(node), newest));
  }

  /** The same tree with totals in each node, level by level, largest first among siblings. */
  finished(): FinishedTree {
    for (let node = this.length - 1; node > 0; node -= 1)
      this.grow(this.#parents.at(node), this.#bytes.at(node), this.#files.at(node), this.#newest.at(node));
    const order = this.#levels();
    const place = new Int32Array(order.length);
    order.forEach((node, at) => {
      place[node] = at;
    });
    const bytes = this.#bytes.values;
    const files = this.#files.values;
    const newest = this.#newest.values;
    const kinds = this.#kinds.values;
    return new FinishedTree(order, {
      names: Array.from(order, (node) => this.#names[node] ?? ''),
      parents: Int32Array.from(order, (node) => (node === 0 ? -1 : (place[this.#parents.at(node)] ?? 0))),
      kinds: Uint8Array.from(order, (node) => kinds[node] ?? 0),
      bytes: Float64Array.from(order, (node) => bytes[node] ?? 0),
      files: Float64Array.from(order, (node) => files[node] ?? 0),
      newest: Float64Array.from(order, (node) => newest[node] ?? Number.NaN),
    });
  }

  #levels(): Uint32Array {
    // Where the children of each node begin in one list of all children.
    const begin = new Uint32Array(this.length + 2);
    const parents = this.#parents.values;
    for (const parent of parents) begin[parent + 2] = (begin[parent + 2] ?? 0) + 1;
    for (let at = 1; at < begin.length; at += 1) begin[at] = (begin[at] ?? 0) + (begin[at - 1] ?? 0);
    const children = new Uint32Array(this.length);
    parents.forEach((parent, node) => {
      const at = begin[parent + 1] ?? 0;
      children[at] = node;
      begin[parent + 1] = at + 1;
    });
    const bytes = this.#bytes.values;
    const bySize = (a: number, b: number): number => {
      const smaller = (bytes[b] ?? 0) - (bytes[a] ?? 0);
      if (smaller !== 0) return smaller;
      return (this.#names[a] ?? '') < (this.#names[b] ?? '') ? -1 : 1;
    };
    const order = new Uint32Array(this.length);
    let end = this.length === 0 ? 0 : 1;
    for (let at = 0; at < end; at += 1) {
      const node = order[at] ?? 0;
      // Filling moved each beginning to the end of its children, which is where the next one's begin.
      const below = children.subarray(begin[node] ?? 0, begin[node + 1] ?? 0);
      order.set(below.sort(bySize), end);
      end += below.length;
    }
    return order;
  }
}

const latest = (a: number, b: number): number => (Number.isNaN(a) || b > a ? b : a);

/** A tree that is done: columns, parents before children. */
export class FinishedTree {
  /** The number that each node had while the tree grew. */
  readonly order: Uint32Array;
  readonly #columns: Omit<NodeSlice, 'names'> & { readonly names: readonly string[] };

  constructor(order: Uint32Array, columns: Omit<NodeSlice, 'names'> & { readonly names: readonly string[] }) {
    this.order = order;
    this.#columns = columns;
  }

  get length(): number {
    return this.#columns.names.length;
  }

  parent(node: number): number {
    return this.#columns.parents[node] ?? -1;
  }

  name(node: number): string {
    return this.#columns.names[node] ?? '';
  }

  kind(node: number): NodeKind {
    return nodeKinds[this.#columns.kinds[node] ?? 0] ?? 'leaf';
  }

  /** Nodes from that one on, at most `count`; fewer at the end. */
  slice(from: number, count: number): NodeSlice {
    const to = from + count;
    const { names, parents, kinds, bytes, files, newest } = this.#columns;
    return {
      names: names.slice(from, to).join('\0'),
      parents: parents.slice(from, to),
      kinds: kinds.slice(from, to),
      bytes: bytes.slice(from, to),
      files: files.slice(from, to),
      newest: newest.slice(from, to),
    };
  }
}
