import { constants, setPriority } from 'node:os';
import type { LeftItem, Progress } from '../../../shared/model.ts';
import type { DeleteCursor } from '../fs/cursor.ts';
import { TreeMoved } from '../fs/cursor.ts';
import { type DeleteSink, emptyTree, type LeftError } from '../fs/delete-tree.ts';
import { systemError } from '../fs/errno.ts';
import type { Facts } from '../fs/identity.ts';
import { WalkPool } from '../fs/pool.ts';
import { joinRaw, type Raw, raw, showRaw } from '../fs/raw.ts';
import { sibling } from '../fs/sibling.ts';
import { TreeTop } from '../fs/tree-top.ts';
import { type DeleteJob, type DeleteReport, type FromHelper, SharedNames, type ToHelper } from './delete-job.ts';
import type { DeleteMessage, DeleteSetup } from './delete-worker.ts';
import { helperPort } from './helper-process.ts';

/**
 * The process that deletes. Its own, because it blocks, because a crash in it must not take a door along, and because
 * one of its two ways moves the working directory. It knows no journal and no cache: one tree, by identity.
 */
const port = helperPort();
// Where there are few cores, whoever serves people comes first. Threads that it starts inherit this.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
const abort = new AbortController();
const say = (message: FromHelper): void => port.send(message);

/** How many of those that are left are told one by one. */
const mostTold = 1000;

class Tally {
  readonly shared = new SharedNames();
  readonly left: LeftItem[] = [];
  entries = 0;
  bytes = 0;
  leftCount = 0;

  note(path: string, { errno, message }: LeftError): void {
    this.leftCount += 1;
    if (this.left.length < mostTold) this.left.push({ path, errno, message });
  }

  /** What is left is looked at once more. */
  forgetLeft(): void {
    this.left.length = 0;
    this.leftCount = 0;
  }

  report(gone: boolean): DeleteReport {
    return {
      entries: this.entries,
      freed: this.bytes + this.shared.freed,
      left: this.left,
      leftCount: this.leftCount,
      gone,
      cancelled: abort.signal.aborted,
    };
  }
}

const tellProgress = (tally: Tally, more: Progress = { entries: 0, bytes: 0 }): void =>
  say({ type: 'progress', entries: tally.entries + more.entries, bytes: tally.bytes + more.bytes });

/** After so many entries the thread that goes through a tree alone says how far it is. */
const toldEvery = 1000;

type DeletePool = WalkPool<DeleteSetup, DeleteMessage>;

const parallelPass = async (pool: DeletePool, job: DeleteJob, parentFd: number, tally: Tally): Promise<void> => {
  const { entries, bytes } = await pool.run({
    setup: { parentFd, name: job.name, identity: job.identity },
    tasks: [new Uint8Array()],
    signal: abort.signal,
    onMessage: (names) => {
      for (const name of names) tally.shared.add(name);
    },
    onProgress: (more) => tellProgress(tally, more),
  });
  tally.entries += entries;
  tally.bytes += bytes;
};

/** A tree of so few entries is gone before threads would have started. */
const fewEntries = 1000;
/** So many more are deleted while the threads start, which is about as long as that takes. */
const meanwhile = 1000;

/**
 * One thread goes through what there is and tells what stays: everything, or what the parallel pass left. Stops early
 * when it is cancelled, or has deleted `most` entries. True when something is still there.
 */
const pass = (cursor: DeleteCursor, shownRoot: Raw, tally: Tally, most = Number.POSITIVE_INFINITY): boolean => {
  const hoisted: Raw[] = [];
  const until = tally.entries + most;
  const sink: DeleteSink = {
    removed: ({ allocated, links, inode }) => {
      tally.entries += 1;
      if (tally.entries % toldEvery === 0) tellProgress(tally);
      if (links > 1) tally.shared.add({ inode, links, allocated });
      else tally.bytes += allocated;
    },
    removedDirectory: (allocated) => {
      tally.entries += 1;
      tally.bytes += allocated;
    },
    left: (path, error) => tally.note(showRaw(path.length === 0 ? shownRoot : joinRaw(shownRoot, path)), error),
    cancelled: () => abort.signal.aborted || tally.entries >= until,
    handOff: () => false,
    hoisted: (name) => hoisted.push(name),
  };
  let { keeps } = emptyTree(cursor, raw(''), sink);
  for (let name = hoisted.pop(); name !== undefined; name = hoisted.pop()) {
    cursor.enter(name);
    const inner = emptyTree(cursor, name, sink);
    cursor.leave();
    if (inner.keeps) keeps = true;
    else keeps = !removeEmptied(cursor, name, sink) || keeps;
  }
  return keeps;
};

/** False when it has been filled again, or cannot go. */
const removeEmptied = (cursor: DeleteCursor, name: Raw, sink: DeleteSink): boolean => {
  try {
    sink.removedDirectory(cursor.removeDirectory(name));
    return true;
  } catch (thrown) {
    const error = systemError(thrown);
    if (error === null) throw thrown;
    if (error.code !== 'ENOENT') sink.left(name, error);
    return error.code === 'ENOENT';
  }
};

const removeTop = (top: TreeTop, facts: Facts, shown: Raw, tally: Tally): DeleteReport => {
  try {
    if (facts.kind === 'directory') top.removeDirectory();
    else top.removeFile();
    tally.entries += 1;
    if (facts.kind === 'directory' || facts.links === 1) tally.bytes += facts.allocated;
  } catch (thrown) {
    const error = systemError(thrown);
    if (error === null) throw thrown;
    if (error.code !== 'ENOENT') {
      tally.note(showRaw(shown), error);
      return tally.report(false);
    }
  }
  return tally.report(true);
};

const deleteTree = async (job: DeleteJob): Promise<DeleteReport> => {
  const tally = new Tally();
  const parent = Buffer.from(job.parent);
  const name = Buffer.from(job.name);
  const shown = joinRaw(parent, name);
  const top = new TreeTop(parent, name, job.identity, job.way);
  const facts = top.look();
  if (facts === null) return tally.report(true);
  if (facts.kind === 'directory') {
    const parallel = top.parentFd >= 0 && job.threads > 0;
    const cursor = top.cursor();
    let keeps = pass(cursor, shown, tally, parallel ? fewEntries : Number.POSITIVE_INFINITY);
    if (keeps && parallel && !abort.signal.aborted) {
      const pool: DeletePool = new WalkPool({ script: sibling(import.meta.url, 'delete-worker'), size: job.threads });
      pool.start();
      tally.forgetLeft();
      keeps = pass(cursor, shown, tally, meanwhile);
      if (keeps && !abort.signal.aborted) {
        tally.forgetLeft();
        await parallelPass(pool, job, top.parentFd, tally);
        keeps = pass(cursor, shown, tally);
      }
      await pool.close();
    }
    cursor.close();
    if (keeps) return tally.report(false);
  }
  // A directory shrinks only when it goes: what it occupies now is what comes back.
  return removeTop(top, top.look() ?? facts, shown, tally);
};

port.onMessage((message) => {
  const order = message as ToHelper;
  if (order.type === 'cancel') {
    abort.abort();
    return;
  }
  deleteTree(order.job).then(
    (report) => say({ type: 'done', report }),
    (thrown: unknown) => {
      const error = systemError(thrown);
      const message = error?.message ?? (thrown instanceof Error ? thrown.message : String(thrown));
      const code = error?.code ?? (thrown instanceof TreeMoved ? 'changed' : 'internal');
      say({ type: 'failed', errno: error?.errno ?? null, code, message });
    },
  );
});
