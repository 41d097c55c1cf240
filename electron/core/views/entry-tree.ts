import type { RawEntry } from '../catalog/tool.ts';
import { NodeTree } from './nodes.ts';

const momentOf = (text: string | null): number => (text === null ? Number.NaN : Date.parse(text));

/** Entries grouped as their tool does: by name, then version. What has no name or version stands under its kind. */
export class EntryTree {
  readonly tree = new NodeTree();
  readonly #groups = new Map<string, { readonly node: number; readonly leaves: Map<string, number> }>();

  constructor(name: string) {
    this.tree.add(-1, { kind: 'group', name });
  }

  add({ name, version, kind, bytes, created, lastUsed }: RawEntry): void {
    const group = this.#group(name ?? kind);
    const label = version ?? kind;
    let leaf = group.leaves.get(label);
    if (leaf === undefined) {
      leaf = this.tree.add(group.node, { kind: 'leaf', name: label });
      group.leaves.set(label, leaf);
    }
    this.tree.grow(leaf, bytes ?? 0, 1, momentOf(lastUsed ?? created));
  }

  /** A unit that could not be read to its end: never taken for one that holds no more. */
  unreadable(unit: string): void {
    this.tree.add(0, { kind: 'unreadable', name: unit });
  }

  #group(name: string): { readonly node: number; readonly leaves: Map<string, number> } {
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const group = { node: this.tree.add(0, { kind: 'group', name }), leaves: new Map<string, number>() };
    this.#groups.set(name, group);
    return group;
  }
}
