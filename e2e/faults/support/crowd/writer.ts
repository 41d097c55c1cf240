import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf, makeTree, report, told } from './world.ts';

// A writer of the crowd. It builds a generation beside the unit, under a name that is none, and renames it into place as
// soon as nothing stands there: what is at the unit's place is a whole tree of one generation, or nothing.

export interface WriterReport {
  /** The identity of each tree, as it was when it came to its place. */
  readonly made: readonly string[];
}

const { world, order, me } = told();
const until = Date.now() + order.seconds * 1000;
const made: string[] = [];

/** The next number, which the other writer does not get; null when there are no more. */
const nextGeneration = (from: number): number | null => {
  for (let number = from; number <= order.rounds && Date.now() < until; number += 1) {
    try {
      fs.closeSync(fs.openSync(path.join(world.numbers, String(number)), 'wx'));
      return number;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    }
  }
  return null;
};

const isInPlace = (built: string): boolean => {
  try {
    fs.renameSync(built, world.unit);
    return true;
  } catch (thrown) {
    if (['ENOTEMPTY', 'EEXIST'].includes((thrown as NodeJS.ErrnoException).code ?? '')) return false;
    throw thrown;
  }
};

const built = path.join(world.cache, `building-${me}`);
for (let number = nextGeneration(1); number !== null; number = nextGeneration(number)) {
  makeTree(built, number);
  const identity = identityOf(fs.lstatSync(built, { bigint: true })) ?? '';
  while (!isInPlace(built)) await sleep(1);
  made.push(identity);
}
report({ made } satisfies WriterReport);
