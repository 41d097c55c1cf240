import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generationIn, identityOf, names, report, told } from './world.ts';

// A reader of the crowd: it looks at the unit's place again and again, and judges every look.

/**
 * What the looks were. A look opens the unit's folder (which only keeps its inode number from being given again), reads
 * all names and all files by their paths, and at last asks by path whether that folder still stands there.
 *
 * `none`: nothing stood there. `whole`: it still stood there at the end, and all that was read was one whole generation.
 * `torn`: it still stood there at the end, and a name or content was missing, foreign, or of another generation.
 * `moved`: something else or nothing stood there at the end, so that the look began with one tree and went on in nothing
 * or in the next one. Nothing can be said of the tree as a whole then, and the reader starts over; but a file that it
 * could read must be a whole file of some generation, and a folder that stands at the place must have all its folders in
 * every single moment, which one lstat sees (the link count, where the file system keeps one). Else it is `torn`, too.
 */
export interface ReaderReport {
  readonly none: number;
  readonly whole: number;
  readonly moved: number;
  readonly torn: readonly string[];
}

const { world, order } = told();
const counts = { none: 0, whole: 0, moved: 0 };
const torn: string[] = [];

/** Names below a folder and in its folders, read by path. Null: something was not there any more. */
const namesNow = (): readonly string[] | null => {
  try {
    return fs
      .readdirSync(world.unit)
      .flatMap((name) => [name, ...fs.readdirSync(path.join(world.unit, name)).map((inner) => `${name}/${inner}`)]);
  } catch {
    return null;
  }
};

interface Seen {
  readonly names: readonly string[] | null;
  /** One for each file: its generation, null when it was not there, `torn` when it was not whole. */
  readonly generations: readonly (number | null | 'torn')[];
}

const read = (): Seen => ({
  names: namesNow(),
  generations: names
    .filter((name) => name.includes('/'))
    .map((name) => {
      try {
        return generationIn(name, fs.readFileSync(path.join(world.unit, name), 'utf8')) ?? 'torn';
      } catch {
        return null;
      }
    }),
});

const isWhole = ({ names: found, generations }: Seen): boolean =>
  found !== null && found.toSorted().join() === names.toSorted().join() && new Set(generations).size === 1;

/** Links of a folder with three folders; btrfs and others count none, and say 1. */
const hasItsFolders = ({ nlink }: fs.BigIntStats): boolean => nlink === 1n || nlink === 5n;

/** A look. Gives the open folder, when there was one. */
const look = (): number | null => {
  let handle: number;
  try {
    handle = fs.openSync(world.unit, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY);
  } catch {
    counts.none += 1;
    return null;
  }
  const opened = identityOf(fs.fstatSync(handle, { bigint: true }));
  const seen = read();
  const now = fs.lstatSync(world.unit, { bigint: true, throwIfNoEntry: false });
  const isThere = identityOf(now) === opened;
  const isTorn =
    seen.generations.includes('torn') ||
    (now !== undefined && !hasItsFolders(now)) ||
    (isThere && (seen.generations.includes(null) || !isWhole(seen)));
  if (isTorn) torn.push(JSON.stringify({ isThere, links: String(now?.nlink), ...seen }));
  else counts[isThere ? 'whole' : 'moved'] += 1;
  return handle;
};

world.sayReady();
while (!world.isOver()) {
  const handle = look();
  // It is still inside while it thinks: whoever clears meets a holder nearly always.
  if (order.evenIfInUse) await sleep(5);
  if (handle !== null) fs.closeSync(handle);
  // Where holders are respected, it is outside most of the time.
  if (!order.evenIfInUse) await sleep(30);
}
report({ ...counts, torn } satisfies ReaderReport);
