import { sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { isErrno } from '../fs/errno.ts';
import { fs } from '../fs/seam.ts';
import { type Batch, Gathering } from './batch.ts';
import type { Remembered } from './memory.ts';
import { childPath, placeOf } from './place.ts';
import { type DirectoryRecord, sameNumber } from './record.ts';
import type { Rules } from './rules.ts';
import { blockBytes } from './stats.ts';
import { makeTask } from './task.ts';

export interface Rescan {
  /** Totals of every directory that needs no listing; null when there is none. */
  readonly batch: Batch | null;
  readonly reused: readonly Remembered[];
  /** What has to be listed, each without those children that are in the record themselves. */
  readonly tasks: readonly Uint8Array[];
}

/** A directory of the record that is still there. */
interface Alive {
  readonly remembered: Remembered;
  readonly apparent: number;
  readonly allocated: number;
  again: boolean;
  readonly children: string[];
}

/** Between pauses, in which a cancel can arrive. */
const stride = 2000;

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf(sep)));
const nameOf = (path: string): string => path.slice(path.lastIndexOf(sep) + 1);
const rawPath = (rules: Rules, path: string): string | Buffer => placeOf(rules.root, Buffer.from(path, 'latin1')).path;

/**
 * Looks at every directory of the last scan, and at no file but those with several links. One whose identity and
 * times are the same holds what it held: making, renaming and removing an entry changes the times of its directory.
 * Not seen this way: a file written in place (hence the `rewritten` rule), and the first link made from outside to a
 * file that had one link (its `reclaimable` is seen when the directory is next listed).
 */
export const rescan = async (rules: Rules, last: readonly Remembered[], signal: AbortSignal): Promise<Rescan> => {
  const alive = new Map<string, Alive>();
  let looked = 0;
  for (const remembered of last) {
    if (++looked % stride === 0) await setImmediate();
    if (signal.aborted) break;
    const { path } = remembered.record;
    const parent = path === '' ? undefined : alive.get(parentOf(path));
    if (path !== '' && parent === undefined) continue;
    const found = lookAt(rules, remembered);
    if (found !== null) {
      alive.set(path, found);
      parent?.children.push(nameOf(path));
    } else if (parent !== undefined) {
      // Gone, replaced, unreadable or mounted over: its parent's listing finds out and says so.
      parent.again = true;
    }
  }
  return alive.has('') ? settle(rules, alive, signal) : everything;
};

/** What a scan without a record of the last one has to do: the root, and all below it. */
export const everything: Rescan = { batch: null, reused: [], tasks: [new Uint8Array()] };

const lookAt = (rules: Rules, remembered: Remembered): Alive | null => {
  const { record } = remembered;
  if (rules.mounts.get(parentOf(record.path))?.has(nameOf(record.path)) && record.path !== '') return null;
  try {
    const stats = fs.lstatSync(rawPath(rules, record.path), { bigint: true, throwIfNoEntry: false });
    if (stats === undefined || !stats.isDirectory() || stats.dev !== rules.dev) return null;
    const same =
      sameNumber(record.dev, stats.dev) &&
      sameNumber(record.ino, stats.ino) &&
      record.mtimeNs === stats.mtimeNs &&
      record.ctimeNs === stats.ctimeNs;
    return {
      remembered,
      apparent: Number(stats.size),
      allocated: Number(stats.blocks) * blockBytes,
      // A mount hides an entry, and shows it again, without a trace in the directory.
      again: record.again || !same || rules.mounts.has(record.path),
      children: [],
    };
  } catch {
    return null;
  }
};

const settle = async (rules: Rules, alive: ReadonlyMap<string, Alive>, signal: AbortSignal): Promise<Rescan> => {
  const found = new Gathering();
  const reused: Remembered[] = [];
  const tasks: Uint8Array[] = [];
  let looked = 0;
  for (const [path, one] of alive) {
    if (one.again) {
      tasks.push(makeTask(path, one.children));
      continue;
    }
    reused.push(one.remembered);
    found.directory(one.apparent, one.allocated);
    found.add(one.remembered.record);
    for (const name of one.remembered.record.linked) {
      if (++looked % stride === 0) await setImmediate();
      if (signal.aborted) break;
      addLinked(rules, found, one.remembered.record, name);
    }
  }
  return { batch: found.take(), reused, tasks };
};

const addLinked = (rules: Rules, found: Gathering, { path }: DirectoryRecord, name: string): void => {
  const raw = Buffer.from(name, 'latin1');
  const place = childPath(rawPath(rules, path), raw);
  try {
    const stats = fs.lstatSync(place, { throwIfNoEntry: false });
    if (stats === undefined) return;
    found.linked(place, stats, rules.atime);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) {
      const relative = path === '' ? name : path + sep + name;
      found.unreadable(Buffer.from(relative, 'latin1'), error);
    }
  }
};
