import type { Check, SelfTest } from '../../../shared/model.ts';
import type { ForkHelper } from '../clear/helper-process.ts';
import { durability } from './durability.ts';
import { fullDisk } from './full-disk.ts';
import { type Finding, fails, type Trial } from './ground.ts';
import { inUse } from './in-use.ts';
import { killed } from './killed.ts';
import { mountInside } from './mount-inside.ts';
import { namesAreBytes } from './names.ts';
import { oneLock } from './one-lock.ts';
import { newPlace, type Place, removeDeserted } from './place.ts';
import { swappedLinks } from './swapped-links.ts';

const trials: readonly Trial[] = [
  swappedLinks,
  mountInside,
  killed,
  fullDisk,
  oneLock,
  namesAreBytes,
  inUse,
  durability,
];

/** A few seconds are usual, a machine that is busy takes longer: what hangs is ended. */
const patienceMs = 60_000;

const outcomeOf = async (trial: Trial, place: Place, index: number, parts: SelfTestParts): Promise<Finding> => {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(
      () => resolve(fails(`it took longer than ${patienceMs / 1000} s, and was given up`)),
      patienceMs,
    );
  });
  try {
    const folder = place.folderFor(String(index));
    return await Promise.race([trial.attempt({ ...parts, folder, signal: over.signal }), late]);
  } catch (thrown) {
    return fails(`it could not be tried to its end: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  } finally {
    clearTimeout(timer);
    over.abort();
  }
};

export interface SelfTestParts {
  /** Where the history lives: looked at, never written to. */
  readonly stateDir: string;
  readonly fork: ForkHelper;
}

const timed = async (name: string, work: () => Promise<Finding>): Promise<Check> => {
  const start = performance.now();
  const finding = await work();
  return { name, ...finding, ms: Math.round(performance.now() - start) };
};

/**
 * Tries on this machine what a clear relies on, with the very parts that clear, in a folder of its own below the
 * system's temporary one. Touches nothing else, and removes that folder; one that a killed self-test left goes with the next.
 * Takes about ten seconds. Never rejects for what a trial finds.
 */
export const selfTest = async (parts: SelfTestParts): Promise<SelfTest> => {
  await removeDeserted(parts.fork);
  const place = newPlace(parts.fork);
  const checks: Check[] = [];
  let stays: string | null;
  try {
    for (const [index, trial] of trials.entries()) {
      checks.push(await timed(trial.name, () => outcomeOf(trial, place, index, parts)));
    }
  } finally {
    stays = await place.remove();
  }
  if (stays !== null) checks.push({ name: 'nothing stays behind', ...fails(stays), ms: 0 });
  return { place: place.path, checks };
};

/** What was found out so short a time ago (ms) is true still. */
const freshMs = 60_000;

/**
 * The self-test of one door: who asks while it runs, or shortly after, gets that answer. However often a page asks, the
 * machine has other things to do.
 */
export const selfTester = (
  parts: SelfTestParts,
  run: (parts: SelfTestParts) => Promise<SelfTest> = selfTest,
): (() => Promise<SelfTest>) => {
  let last: Promise<SelfTest> | null = null;
  let until = Number.POSITIVE_INFINITY;
  return () => {
    if (last !== null && performance.now() < until) return last;
    until = Number.POSITIVE_INFINITY;
    const current = run(parts);
    last = current;
    current.then(
      () => {
        until = performance.now() + freshMs;
      },
      () => {
        last = null;
      },
    );
    return current;
  };
};
