import { dirname } from 'node:path';
import type { CodedError } from '../../../shared/errors.ts';
import type { Holder, StepError, Usage } from '../../../shared/model.ts';
import { isErrno } from '../fs/errno.ts';
import { renameToFree } from '../fs/exchange.ts';
import type { DirectoryHandle } from '../fs/handle.ts';
import type { Facts } from '../fs/identity.ts';
import { glancing, reader } from '../fs/reader.ts';
import type { Record } from '../store/schema.ts';
import { usageOf } from '../usage/holders.ts';
import { lockHolders } from '../usage/lock.ts';
import type { Engine } from './engine.ts';
import { stillIs } from './same.ts';
import { explainedError } from './step-error.ts';
import { emptyInUse, mountedOn, placeOf, recreated } from './undo-words.ts';

/** What the journal is told when the copy is back. */
export interface Back {
  readonly errors: readonly StepError[];
  /** Its new name, when it is not the old one. */
  readonly restored: Buffer | null;
  readonly note?: string;
}

/** Put back, with what is to be said of it; or why what stands there now is in the way. */
export type PutBack =
  | { readonly state: 'back'; readonly note: string | null }
  | { readonly state: 'taken'; readonly because: CodedError };

const taken = (because: CodedError): PutBack => ({ state: 'taken', because });

/** Answers of rename(2) onto something that it does not replace: a directory with content, a file, a link. */
const inTheWay = ['ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EISDIR'];

/**
 * An empty folder that takes its place again would be taken from under whoever stands in it or has it open, and whoever
 * holds the cache wants nothing of it moved. Null when it is not empty, or nobody's. An empty place needs no such look:
 * nothing is taken from anybody there, and a copy that may not go back to it would only be nearer to its end.
 */
const usersOfEmpty = async (engine: Engine, path: string): Promise<Usage | null> => {
  if (glancing(reader, 1).list(path).length > 0) return null;
  const usage = (await usageOf([{ path, root: null, tool: null }])).get(path);
  const holds = heldAround(path, engine.stateDir);
  if (holds.length > 0) return { verdict: 'in-use', holders: [...(usage?.holders ?? []), ...holds], evidence: [] };
  return usage === undefined || usage.verdict === 'idle' ? null : usage;
};

/** A hold names a cache by its root, which is this place or somewhere above it. */
const heldAround = (path: string, stateDir: string): readonly Holder[] => {
  const above = dirname(path);
  const here = lockHolders(path, stateDir);
  return here.length > 0 || above === path ? here : heldAround(above, stateDir);
};

/**
 * Renames a copy back to its own name, and never replaces anything but an empty directory that nobody uses. A directory:
 * rename(2) takes an empty one's place in the same step and refuses everything else by itself. A single file would be
 * replaced by it without a word, so a file goes by `renameToFree`: in one step where a program of the system can, else
 * after a look.
 * @throws what the system says; the copy has stayed where it was then.
 */
export const putBack = async (
  engine: Engine,
  parent: DirectoryHandle,
  record: Record,
  copy: Facts,
): Promise<PutBack> => {
  const now = await parent.look(record.name);
  if (now !== null && (now.kind !== 'directory' || copy.kind !== 'directory'))
    return taken(recreated(record, now.kind));
  if (now !== null) {
    const usage = await usersOfEmpty(engine, placeOf(record));
    if (usage !== null) return taken(emptyInUse(record, usage));
  }
  try {
    if (copy.kind === 'directory') await parent.rename(record.stale, record.name);
    else await renameToFree(parent, record.stale, record.name);
  } catch (thrown) {
    const there = await parent.look(record.name);
    // A network file system can lose the reply of a rename that happened: only the inode tells.
    if (stillIs(record, there, engine.self.bootId) === null) {
      if (there !== null && isErrno(thrown, ...inTheWay)) return taken(recreated(record, there.kind));
      if (there !== null && isErrno(thrown, 'EBUSY')) return taken(mountedOn(record));
      throw thrown;
    }
  }
  const note = now === null ? null : 'took the place of an empty folder that had been made meanwhile, in one step';
  return { state: 'back', note };
};

/**
 * Makes renames durable. An error of that is told and changes nothing: the rename has happened, and a recovery after a
 * power cut finds by inode what became of it.
 */
export const durable = async (parent: DirectoryHandle, path: string): Promise<readonly StepError[]> => {
  try {
    await parent.sync();
    return [];
  } catch (thrown) {
    return [await explainedError('undo', thrown, path)];
  }
};
