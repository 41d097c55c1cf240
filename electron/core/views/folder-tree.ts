import { join } from 'node:path';
import { CodedError } from '../../../shared/errors.ts';
import type { Progress } from '../../../shared/model.ts';
import { isErrno } from '../fs/errno.ts';
import { mounts } from '../fs/mounts.ts';
import type { WalkPool } from '../fs/pool.ts';
import { fs } from '../fs/seam.ts';
import { keepsAtime, mountNames, type Rules } from '../scan/rules.ts';
import { blockBytes, type ExactStats, usedMs } from '../scan/stats.ts';
import { FolderNodes } from './assemble.ts';
import type { Found } from './found.ts';
import { type FinishedTree, NodeTree } from './nodes.ts';
import { TreeWalker } from './tree-walker.ts';

/** A cache whose folders are wanted. */
export interface FolderWish {
  readonly root: string;
  readonly units: readonly { readonly name: string; readonly path: string }[];
}

export interface FolderTree {
  readonly tree: FinishedTree;
  /**
   * The absolute path of a node; of `rest`, that of the folder which it stands for a part of.
   * @throws CodedError `unusable-path` when no text can name it, `invalid-argument` when there is no such node.
   */
  readonly pathOf: (node: number) => string;
}

/** As the scan has them: most units are walked by one thread within this time. */
const patienceMs = 10;
const stepMs = 5;

const statsOf = (
  path: string,
): (ExactStats & { isDirectory(): boolean; isSymbolicLink(): boolean }) | null | 'closed' => {
  try {
    return fs.lstatSync(path, { bigint: true });
  } catch (error) {
    return isErrno(error, 'ENOENT', 'ENOTDIR') ? null : 'closed';
  }
};

const rulesFor = (path: string, dev: bigint): Rules => {
  const all = mounts();
  const root = fs.realpathSync.native(path);
  return {
    root,
    dev,
    atime: keepsAtime(root, all),
    startedMs: Date.now(),
    keep: false,
    rewritten: [],
    mounts: mountNames(root, all),
  };
};

/**
 * Walks the units of a cache that are there and makes one tree of them, sizes as the scan counts them: directories
 * too, hard-linked files once, nothing through a link or on another mount.
 */
export const walkFolders = async (
  pool: WalkPool<Rules, readonly Found[]>,
  { root, units }: FolderWish,
  onProgress: (progress: Progress) => void,
): Promise<FolderTree> => {
  const tree = new NodeTree();
  const nodes = new FolderNodes(tree, root);
  let before = { entries: 0, bytes: 0 };
  for (const { name, path } of units) {
    const stats = statsOf(path);
    if (stats === null) continue;
    if (stats === 'closed' || stats.isSymbolicLink()) {
      nodes.unit(name, path, 'unreadable');
    } else if (!stats.isDirectory()) {
      const quick = fs.lstatSync(path);
      const node = nodes.unit(name, path, 'leaf');
      tree.grow(node, quick.blocks * blockBytes, 1, usedMs(quick, keepsAtime(path, mounts())));
    } else {
      const from = before;
      const all: Found[] = [];
      const told = ({ entries, bytes }: Progress): void => {
        before = { entries: from.entries + entries, bytes: from.bytes + bytes };
        onProgress(before);
      };
      await walkUnit(pool, rulesFor(path, stats.dev), all, told);
      const listed = all.every((found) => found.path !== '' || found.listed);
      nodes.add(nodes.unit(name, path, listed ? 'group' : 'unreadable'), String(stats.dev), all);
    }
  }
  const finished = tree.finished();
  return { tree: finished, pathOf: (node) => pathIn(finished, nodes, node) };
};

const walkUnit = async (
  pool: WalkPool<Rules, readonly Found[]>,
  rules: Rules,
  all: Found[],
  onProgress: (progress: Progress) => void,
): Promise<void> => {
  await pool.run({
    setup: rules,
    tasks: [new Uint8Array()],
    onMessage: (found) => {
      for (const one of found) all.push(one);
    },
    onProgress,
    here: (walk) => {
      const walker = new TreeWalker(rules, walk);
      return { begin: (task) => walker.begin(task), step: () => walker.step(stepMs) };
    },
    patienceMs,
  });
};

const pathIn = (tree: FinishedTree, { paths, names }: FolderNodes, node: number): string => {
  if (node >= tree.length) throw new CodedError({ code: 'invalid-argument', message: 'This tree has no such node.' });
  const below: string[] = [];
  for (let at = node; at >= 0; at = tree.parent(at)) {
    const number = tree.order[at] ?? 0;
    const start = paths.get(number);
    if (start !== undefined) return join(start, ...below);
    const name = names.has(number) ? names.get(number) : tree.name(at);
    if (name == null) {
      throw new CodedError({
        code: 'unusable-path',
        message: `The name ${tree.name(at)} is not text that the system could be asked with. Take the folder above it.`,
      });
    }
    if (tree.kind(at) !== 'rest') below.unshift(name);
  }
  throw new Error('a node that leads to no root');
};
