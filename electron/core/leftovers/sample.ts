import { setTimeout as pause } from 'node:timers/promises';
import { isErrno } from '../fs/errno.ts';
import { DirectoryHandle } from '../fs/handle.ts';
import { type Raw, raw } from '../fs/raw.ts';
import { fs } from '../fs/seam.ts';

/** What a bounded walk through a tree counted. Two of them tell whether somebody is at work in it. */
export interface Sample {
  /** Everything below the top, as far as the walk came. */
  readonly entries: number;
  /** The newest ctime of all directories seen, in ms: it moves when anything in them is made, renamed or removed. */
  readonly newestCtimeMs: number;
  /** False when a limit ended the walk, or a part could not be read. */
  readonly complete: boolean;
  /** The walk met a directory of another file system, and left it alone. */
  readonly crossed: boolean;
  /** The time limit ended it: where, is chance. */
  readonly outOfTime: boolean;
}

export interface SampleLimits {
  readonly entries: number;
  readonly ms: number;
}

export const sampleLimits: SampleLimits = { entries: 5000, ms: 200 };
/** How long two samples stand apart at least, in ms. */
export const defaultGapMs = 300;

/** Every open directory on the way down costs a descriptor. */
const deepest = 64;
const here = raw('.');

interface Walk {
  entries: number;
  newestCtimeMs: number;
  complete: boolean;
  crossed: boolean;
  outOfTime: boolean;
  readonly device: string;
  readonly limits: SampleLimits;
  readonly until: number;
}

const mayGoOn = (walk: Walk): boolean => {
  if (walk.entries < walk.limits.entries && performance.now() < walk.until) return true;
  walk.complete = false;
  if (walk.entries < walk.limits.entries) walk.outOfTime = true;
  return false;
};

const enter = async (walk: Walk, path: Raw, depth: number): Promise<void> => {
  let directory: DirectoryHandle;
  try {
    directory = await DirectoryHandle.open(path);
  } catch (error) {
    // Gone, or not a directory any more, is what a sample is there to notice; the counts tell.
    if (!isErrno(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) walk.complete = false;
    return;
  }
  try {
    if (String(directory.facts.identity.dev) !== walk.device) {
      walk.crossed = true;
      return;
    }
    walk.newestCtimeMs = Math.max(walk.newestCtimeMs, directory.facts.ctimeMs);
    await children(walk, directory, depth);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) walk.complete = false;
  } finally {
    await directory.close();
  }
};

const children = async (walk: Walk, directory: DirectoryHandle, depth: number): Promise<void> => {
  // A stream, because one directory alone may hold more names than a sample has room for. Node types its names as
  // text although they are the bytes that were asked for.
  const options = { encoding: 'buffer' as BufferEncoding, bufferSize: 256 };
  for await (const entry of await fs.promises.opendir(directory.at(here), options)) {
    if (!mayGoOn(walk)) return;
    walk.entries += 1;
    const { name } = entry as unknown as { readonly name: Raw };
    if (!entry.isDirectory()) continue;
    if (depth >= deepest) walk.complete = false;
    else await enter(walk, directory.at(name), depth + 1);
  }
};

/**
 * Counts what is in the directory `path`, at most as far as the limits allow. Follows no link and enters no other
 * file system. Reads only. A tree that vanishes meanwhile gives a smaller sample, never an error.
 */
export const sample = async (path: Raw, limits: SampleLimits = sampleLimits): Promise<Sample> => {
  const facts = await fs.promises.lstat(path, { bigint: true }).catch(() => null);
  const walk: Walk = {
    entries: 0,
    newestCtimeMs: 0,
    complete: facts !== null,
    crossed: false,
    outOfTime: false,
    device: String(facts?.dev),
    limits,
    until: performance.now() + limits.ms,
  };
  await enter(walk, path, 0);
  const { entries, newestCtimeMs, complete, crossed, outOfTime } = walk;
  return { entries, newestCtimeMs, complete, crossed, outOfTime };
};

/** The limits for a second sample that can be compared with `first`: as many entries, and time enough for them. */
export const limitsAfter = (first: Sample): SampleLimits =>
  first.outOfTime ? { entries: first.entries, ms: 10 * sampleLimits.ms } : sampleLimits;

/** Did anything change between two samples? `unclear`: one was cut off where the other was not. */
export const compareSamples = (first: Sample, second: Sample): 'same' | 'changed' | 'unclear' => {
  if (second.outOfTime) return 'unclear';
  return first.entries === second.entries && first.newestCtimeMs === second.newestCtimeMs ? 'same' : 'changed';
};

const lanes = 4;

/** Runs `work` for every item, a few at a time; results in the order of the items. */
const each = async <Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> => {
  const results: Result[] = [];
  const queue = items.entries();
  const lane = async (): Promise<void> => {
    for (const [at, item] of queue) results[at] = await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
};

/** Two samples of every tree, with one pause of `gapMs` for all of them. */
export const sampleTwice = async (
  paths: readonly Raw[],
  gapMs: number = defaultGapMs,
): Promise<readonly (readonly [Sample, Sample])[]> => {
  if (paths.length === 0) return [];
  const first = await each(paths, (path) => sample(path));
  await pause(gapMs);
  return each([...paths.entries()], async ([at, path]) => {
    const before = first[at] as Sample;
    return [before, await sample(path, limitsAfter(before))] as const;
  });
};
