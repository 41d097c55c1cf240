import { constants } from 'node:os';
import type { Progress } from '../../../shared/model.ts';
import { isErrno, systemError } from '../fs/errno.ts';
import { mounts } from '../fs/mounts.ts';
import type { WalkPool } from '../fs/pool.ts';
import type { StepWalker } from '../fs/pool-here.ts';
import type { Walk } from '../fs/pool-worker.ts';
import { fs } from '../fs/seam.ts';
import type { Batch } from './batch.ts';
import type { Measurement, MeasureRequest } from './measurement.ts';
import { forgetMemory, loadMemory, type MemoryKey, maxMemoryBytes, saveMemory } from './memory.ts';
import { everything, rescan } from './rescan.ts';
import { keepsAtime, mountNames, type Rules, rewrittenKeys } from './rules.ts';
import { blockBytes, type ExactStats } from './stats.ts';
import { Tally } from './tally.ts';
import { Walker } from './walk.ts';

const nothing: Measurement = {
  absent: true,
  files: 0,
  directories: 0,
  bytes: { apparent: 0, allocated: 0, reclaimable: 0 },
  newestMs: null,
  oldestMs: null,
  unreadable: [],
  unreadableCount: 0,
  skipped: [],
  reused: 0,
};

/** Most trees are done within this by one thread alone. */
const usualPatienceMs = 10;
/** How long the coordinating thread walks before it listens to the others again. */
const stepMs = 5;

/**
 * Measures one root. A root that cannot be looked at is `unreadable`, not an error; a link is not followed. Rejects
 * with the signal's reason when it is cancelled, and when a walker dies.
 */
export const measure = async (
  pool: WalkPool<Rules, Batch>,
  request: MeasureRequest,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
  patienceMs = usualPatienceMs,
): Promise<Measurement> => {
  signal.throwIfAborted();
  try {
    const stats = fs.lstatSync(request.root, { bigint: true });
    if (stats.isSymbolicLink()) return unreadableRoot(request.root, linkError, true);
    if (!stats.isDirectory()) return oneFile(request.root, stats);
    const root = fs.realpathSync.native(request.root);
    return await measureDirectory(pool, { ...request, root }, stats, signal, onProgress, patienceMs);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return nothing;
    const known = systemError(error);
    if (known === null) throw error;
    return unreadableRoot(request.root, known, false);
  }
};

const linkError = {
  errno: constants.errno.ELOOP,
  message: 'it is a symbolic link, and links are not followed',
};

const unreadableRoot = (
  path: string,
  { errno, message }: { readonly errno: number; readonly message: string },
  absent: boolean,
): Measurement => ({ ...nothing, absent, unreadable: [{ path, errno, message }], unreadableCount: 1 });

const oneFile = (root: string, stats: ExactStats): Measurement => {
  const all = mounts();
  const allocated = Number(stats.blocks) * blockBytes;
  const usedMs = Number(keepsAtime(root, all) && stats.atimeMs > stats.mtimeMs ? stats.atimeMs : stats.mtimeMs);
  return {
    ...nothing,
    absent: false,
    files: 1,
    bytes: { apparent: Number(stats.size), allocated, reclaimable: stats.nlink > 1n ? 0 : allocated },
    newestMs: usedMs,
    oldestMs: usedMs,
  };
};

const measureDirectory = async (
  pool: WalkPool<Rules, Batch>,
  { root, rewritten, memory }: MeasureRequest,
  { dev, ino }: ExactStats,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
  patienceMs: number,
): Promise<Measurement> => {
  const all = mounts();
  const remember = rewritten === 'anything' ? null : memory;
  const rules: Rules = {
    root,
    dev,
    atime: keepsAtime(root, all),
    startedMs: Date.now(),
    keep: remember !== null,
    rewritten: rewrittenKeys(rewritten),
    mounts: mountNames(root, all),
  };
  const key: MemoryKey = { root, dev, ino, rewritten };
  const last = remember === null ? null : loadMemory(remember, key);
  const old = last === null ? everything : await rescan(rules, last, signal);
  signal.throwIfAborted();

  const tally = new Tally(root);
  const counted = { entries: 0, bytes: 0 };
  if (old.batch !== null) {
    tally.add(old.batch);
    counted.entries = old.batch.files + old.batch.directories;
    counted.bytes = old.batch.allocated;
  }
  const add = ({ entries, bytes }: Progress): void =>
    onProgress({ entries: counted.entries + entries, bytes: counted.bytes + bytes });
  const fresh = await walk(pool, rules, old.tasks, tally, signal, add, patienceMs);
  signal.throwIfAborted();
  if (remember !== null && old.tasks.length > 0) {
    if (fresh === null) forgetMemory(remember);
    else saveMemory(remember, key, old.reused, fresh);
  }
  return tally.result(old.reused.length);
};

/** The records of what was walked, or null when they are too many to be kept. */
const walk = async (
  pool: WalkPool<Rules, Batch>,
  rules: Rules,
  tasks: readonly Uint8Array[],
  tally: Tally,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
  patienceMs: number,
): Promise<readonly Uint8Array[] | null> => {
  let fresh: Uint8Array[] = [];
  let size = 0;
  const onMessage = (batch: Batch): void => {
    tally.add(batch);
    for (const records of batch.records) {
      size += records.length;
      if (size <= maxMemoryBytes) fresh.push(records);
      else fresh = [];
    }
  };
  const here = (walk: Walk<Batch>): StepWalker => {
    const walker = new Walker(rules, walk);
    return { begin: (task) => walker.begin(task), step: () => walker.step(stepMs) };
  };
  await pool.run({ setup: rules, tasks, signal, onMessage, onProgress, here, patienceMs });
  return size <= maxMemoryBytes ? fresh : null;
};
