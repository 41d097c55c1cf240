import type { Identity } from '../../../shared/identity.ts';
import { MountBoundary, TreeMoved } from '../fs/cursor.ts';
import { LinuxCursor } from '../fs/cursor-linux.ts';
import { type DeleteSink, emptyTree } from '../fs/delete-tree.ts';
import { systemError } from '../fs/errno.ts';
import { serveWalks, type Walk } from '../fs/pool-worker.ts';
import type { Raw } from '../fs/raw.ts';
import type { SharedName } from './delete-job.ts';

/** `parentFd` is open in this process: descriptors belong to all of its threads. */
export interface DeleteSetup {
  readonly parentFd: number;
  readonly name: Uint8Array;
  readonly identity: Identity;
}
export type DeleteMessage = readonly SharedName[];

const slash = 0x2f;

/** Handles are limited, and all threads of a process share them. */
const deepestOffer = 20;

/** The names of a path relative to the tree's top. */
const namesOf = (path: Raw): readonly Raw[] => {
  const names: Raw[] = [];
  let from = 0;
  for (let at = 0; at <= path.length; at += 1) {
    if (at < path.length && path[at] !== slash) continue;
    if (at > from) names.push(path.subarray(from, at));
    from = at + 1;
  }
  return names;
};

/**
 * The first, parallel pass. Errors are not reported from here: whatever is left is met again by the second pass, which
 * makes that pass the retry as well.
 */
const begin = ({ parentFd, name, identity }: DeleteSetup, walk: Walk<DeleteMessage>) => {
  const cursor = new LinuxCursor(parentFd, Buffer.from(name), identity);
  const hoisted: Raw[] = [];
  let shared: SharedName[] = [];
  let entries = 0;
  let bytes = 0;
  const flush = (): void => {
    walk.count(entries, bytes);
    if (shared.length > 0) walk.post(shared);
    shared = [];
    entries = 0;
    bytes = 0;
  };
  const sink: DeleteSink = {
    removed: ({ links, allocated, inode }) => {
      entries += 1;
      if (links > 1) shared.push({ inode, links, allocated });
      else bytes += allocated;
      if (entries >= 256) flush();
    },
    removedDirectory: (allocated) => {
      entries += 1;
      bytes += allocated;
    },
    left: () => undefined,
    cancelled: walk.cancelled,
    // Whoever takes it opens every directory on the way: deep ones are not handed over.
    handOff: (path) => namesOf(path).length <= deepestOffer && walk.offer(() => new Uint8Array(path)),
    hoisted: (name) => hoisted.push(name),
  };

  const empty = (path: Raw): void => {
    const names = namesOf(path);
    let entered = 0;
    try {
      for (const part of names) {
        cursor.enter(part);
        entered += 1;
      }
      const { keeps } = emptyTree(cursor, path, sink);
      const last = names.at(-1);
      if (last === undefined) return;
      cursor.leave();
      entered -= 1;
      if (!keeps) sink.removedDirectory(cursor.removeDirectory(last));
    } catch (thrown) {
      // Gone, not to be entered, or too many files open: the second pass, which is alone, meets it again.
      if (systemError(thrown) === null && !(thrown instanceof MountBoundary) && !(thrown instanceof TreeMoved))
        throw thrown;
    } finally {
      for (; entered > 0; entered -= 1) cursor.leave();
    }
  };

  return (task: Uint8Array): void => {
    empty(Buffer.from(task));
    for (let name = hoisted.pop(); name !== undefined; name = hoisted.pop()) empty(name);
    flush();
  };
};

serveWalks(begin);
