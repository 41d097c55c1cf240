import { setTimeout as sleep } from 'node:timers/promises';
import type { Holder, Usage } from '../../../shared/model.ts';
import { answer, cannotTell } from './answer.ts';
import { clearingNow, lockHolders } from './lock-holders.ts';
import { lsofUsage } from './lsof-usage.ts';
import { type Pass, pass } from './pass.ts';
import { procIsOurs } from './processes.ts';
import { type Question, questionOf, type UsePlace } from './question.ts';
import { inSlices } from './slices.ts';
import { freshlyWritten } from './writing.ts';

export type { UsePlace } from './question.ts';

export interface UseOptions {
  /**
   * For a plan: of tools that hold nothing for long and lock nothing, one look that finds nobody is weak. Everybody
   * is looked at three times within a quarter of a second then (twice where that is slow), or until somebody is found.
   */
  readonly thorough?: boolean;
  /** This program's own folder: with it, commands that `hold` runs count as well. */
  readonly stateDir?: string;
}

const looks = 3;
const gapMs = 80;
/** On a machine that is busy, no third look begins after this. */
const patienceMs = 250;

const isShy = ({ tool }: UsePlace): boolean => tool?.works !== undefined && tool.locks === undefined;

const isFree = (seen: Pass, { path }: UsePlace): boolean => (seen.holders.get(path) ?? []).length === 0;

/** Looks, and once more while nobody is found. Each place is answered by the last look at it. */
const lookOften = async (questions: readonly Question[], thorough: boolean) => {
  const began = performance.now();
  const first = await inSlices(pass(questions));
  const shy = thorough ? questions.filter(isShy) : [];
  const last = new Map<string, Pass>(questions.map(({ path }) => [path, first]));
  let count = 1;
  const found = (): boolean => questions.some((question) => !isFree(last.get(question.path) ?? first, question));
  const late = (): boolean => count > 1 && performance.now() - began > patienceMs;
  while (shy.length > 0 && count < looks && !late() && !found()) {
    await sleep(gapMs);
    const again = await inSlices(pass(shy));
    for (const { path } of shy) last.set(path, again);
    count += 1;
  }
  return { last, first, count, shy: new Set(shy), overMs: performance.now() - began };
};

const ask = async (questions: readonly Question[], { thorough = false, stateDir }: UseOptions) => {
  const extraFor = ({ root }: Question): readonly Holder[] =>
    root === null || stateDir === undefined
      ? []
      : // Another clear holds it for a moment only: whoever wants the lock waits for that.
        lockHolders(root, stateDir).filter(({ evidence }) => evidence !== clearingNow);
  if (process.platform === 'darwin') return lsofUsage(questions, extraFor);
  if (!procIsOurs()) {
    const why =
      process.platform === 'win32'
        ? 'who has a folder open cannot be told on Windows: its Restart Manager answers for single files only, not for a folder and all in it'
        : 'this system does not show its processes under /proc, so nobody can be asked who has it open';
    return new Map(questions.map((question) => [question.path, cannotTell(why, extraFor(question))]));
  }
  const { last, first, count, shy, overMs } = await lookOften(questions, thorough);
  return new Map(
    questions.map((question) => {
      const { path } = question;
      const besides = { path, extra: extraFor(question), writing: freshlyWritten(question), overMs };
      return [path, answer(last.get(path) ?? first, { ...besides, looks: shy.has(question) ? count : 1 })];
    }),
  );
};

/**
 * Who uses these directories or files now. On Linux by one pass over all processes for all places, in slices of a few
 * ms (/proc: proc(5)): who has them or anything below them open, under whatever name (working directory, root,
 * program, open or mapped file; bind mounts, containers); who holds a lock on a lock file of the cache (/proc/locks);
 * whose command line says that it works with the cache, by its own settings; whose container has it mounted. A
 * temporary file of the tool that is younger than five seconds and nobody's makes an otherwise idle place
 * `cannot-tell`, and so does a process of the same user that may not be looked into; one of another user is told and
 * changes nothing. This process, all it descends from and all it started do not count.
 *
 * On macOS lsof and ps are asked (nobody has run that on a Mac yet); on Windows nobody can be asked, see the evidence.
 *
 * An answer is true for its moment only. The keys are the paths as given. Never rejects for what a process does.
 */
export const usageOf = async (places: readonly UsePlace[], options: UseOptions = {}): Promise<Map<string, Usage>> => {
  if (places.length === 0) return new Map();
  const unique = new Map(places.map((place) => [place.path, place]));
  return ask([...unique.values()].map(questionOf), options);
};
