import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { CodedError } from '../../../shared/errors.ts';
import type { Progress } from '../../../shared/model.ts';
import { Decoder } from '../catalog/decoder.ts';
import { WalkPool } from '../fs/pool.ts';
import { raw, showRaw } from '../fs/raw.ts';
import { sibling } from '../fs/sibling.ts';
import type { Rules } from '../scan/rules.ts';
import { type DecodeWish, decodeUnits } from './decode-units.ts';
import { EntryTree } from './entry-tree.ts';
import { type FolderTree, type FolderWish, walkFolders } from './folder-tree.ts';
import type { Found } from './found.ts';
import { type FinishedTree, NodeTree } from './nodes.ts';
import { moved, serveThread } from './serve-thread.ts';
import type { NodeSlice } from './slices.ts';

/* The thread that makes one tree, by folders or by entries, and holds it. */

/** News is told this often (ms) at most. */
const newsMs = 100;

let tree: FinishedTree = new NodeTree().finished();
let pathOf: FolderTree['pathOf'] | null = null;
let tell: (progress: Progress) => void = () => undefined;
let told = Number.NEGATIVE_INFINITY;

const tellSometimes = (progress: Progress): void => {
  if (performance.now() - told < newsMs) return;
  told = performance.now();
  tell(progress);
};

const methods = {
  openFolders: async (wish: FolderWish): Promise<number> => {
    const pool = new WalkPool<Rules, readonly Found[]>({
      script: sibling(import.meta.url, 'tree-walk-worker'),
      size: Math.min(4, availableParallelism()) - 1,
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    const walked = await walkFolders(pool, wish, tellSometimes);
    await pool.close();
    ({ tree, pathOf } = walked);
    return tree.length;
  },
  openEntries: async (wish: DecodeWish): Promise<number> => {
    const decoder = new Decoder();
    const grown = new EntryTree(showRaw(raw(basename(wish.root) || wish.root)));
    const progress = { entries: 0, bytes: 0 };
    const problems = await decodeUnits(decoder, wish, (_, entries) => {
      for (const entry of entries) {
        grown.add(entry);
        progress.entries += 1;
        progress.bytes += entry.bytes ?? 0;
      }
      tellSometimes({ ...progress });
    });
    await decoder.close();
    for (const { unit } of problems) grown.unreadable(unit);
    tree = grown.tree.finished();
    return tree.length;
  },
  nodes: ({ from, count }: { readonly from: number; readonly count: number }): NodeSlice => {
    const slice = tree.slice(from, count);
    const { parents, kinds, bytes, files, newest } = slice;
    return moved(slice, [parents.buffer, kinds.buffer, bytes.buffer, files.buffer, newest.buffer]);
  },
  pathOf: (node: number): string => {
    if (pathOf !== null) return pathOf(node);
    throw new CodedError({
      code: 'invalid-argument',
      message: 'This tree groups entries: its nodes are no places on the disk. Take the folders instead.',
    });
  },
};

export type TreeApi = typeof methods;
serveThread<Progress>((it) => {
  tell = it;
  return methods;
});
