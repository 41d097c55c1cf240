import { expect } from 'vitest';
import { nodeKinds, type TreeNodes } from '../../../../shared/model.ts';

// For tests only.

/** A node as a test looks at it. */
export interface Node {
  readonly path: string;
  readonly kind: string;
  readonly bytes: number;
  readonly files: number;
  readonly newest: number | null;
}

/** Nodes by the names that lead to them, after checking what holds for every tree. */
export const unfold = ({ names, parents, kinds, bytes, files, newest }: TreeNodes): ReadonlyMap<string, Node> => {
  const nodes: Node[] = [];
  const below = { bytes: names.map(() => 0), files: names.map(() => 0) };
  names.forEach((name, at) => {
    const parent = parents[at] ?? -1;
    expect(parent).toBeLessThan(at);
    expect(parent === -1).toBe(at === 0);
    nodes.push({
      path: parent < 1 ? (at === 0 ? '' : name) : `${nodes[parent]?.path}/${name}`,
      kind: nodeKinds[kinds[at] ?? -1] ?? '',
      bytes: bytes[at] ?? -1,
      files: files[at] ?? -1,
      newest: newest[at] ?? null,
    });
    if (at === 0) return;
    below.bytes[parent] = (below.bytes[parent] ?? 0) + (bytes[at] ?? 0);
    below.files[parent] = (below.files[parent] ?? 0) + (files[at] ?? 0);
  });
  nodes.forEach(({ kind, bytes: size, files: count }, at) => {
    if (kind !== 'group') return;
    expect(count).toBe(below.files[at]);
    expect(size).toBeGreaterThanOrEqual(below.bytes[at] ?? 0);
  });
  return new Map(nodes.map((node) => [node.path, node]));
};
