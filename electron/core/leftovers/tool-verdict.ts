import type { Usage } from '../../../shared/model.ts';
import type { Facts } from '../fs/identity.ts';
import { moment, span } from './age.ts';
import type { Opinion, ToolGrammar } from './grammars/tool-grammar.ts';
import type { Insider } from './insiders.ts';
import type { Maker } from './maker.ts';
import { compareSamples, type Sample } from './sample.ts';
import type { LockState } from './tool-locks.ts';
import type { Working } from './tool-workers.ts';
import type { Verdict } from './verdict.ts';

/** Everything that is known of what stands around a tool's leftover. Pure data. */
export interface Around {
  readonly facts: Facts;
  readonly nowMs: number;
  /** The device of the folder that it stands in. */
  readonly device: number | string;
  readonly mine: boolean;
  /** A file system is mounted on it or in it. */
  readonly mountInside: boolean;
  /** The type of a file system that other machines write to as well, or null. */
  readonly sharedType: string | null;
  /** What it was called before, shown; null when nothing can be said, undefined when it never had another name. */
  readonly original: { readonly shown: string; readonly present: boolean } | null | undefined;
  /** Of the process whose number the name carries; null when it carries none. */
  readonly maker: Maker | null;
  readonly insider: Insider | null;
  /** False when nothing tells which processes a number here could mean. */
  readonly pidsMean: boolean;
  /** Null when it is no directory. */
  readonly samples: readonly [Sample, Sample] | null;
  readonly usage: Usage | null;
  readonly locks: readonly LockState[];
  readonly working: Working;
}

const newest = ({ facts, samples }: Around): number =>
  Math.max(facts.ctimeMs, facts.mtimeMs, ...(samples ?? []).map(({ newestCtimeMs }) => newestCtimeMs));

/** Who is at work there now, as sentences; none: nobody was seen. */
const atWork = (around: Around): readonly string[] => {
  const { maker, samples, usage, locks, working } = around;
  return [
    ...locks.filter(({ state }) => state === 'held').map(({ told }) => told),
    ...(usage?.verdict === 'in-use'
      ? usage.holders.map(({ pid, command, evidence }) => `process ${pid} (${command}): ${evidence}`)
      : []),
    ...(maker?.state === 'working' ? [maker.evidence] : []),
    ...(working.state === 'here' && working.told !== null ? [working.told] : []),
    ...(samples !== null && compareSamples(...samples) === 'changed' ? ['something in it changes right now'] : []),
  ];
};

/** What stands in the way of certainty, as sentences; none: it is certain. */
const doubts = (grammar: ToolGrammar, opinion: Opinion, around: Around): readonly string[] => {
  const { maker, samples, usage, locks, working, original, insider, nowMs, facts } = around;
  const age = nowMs - newest(around);
  const told: (string | false | null)[] = [
    original === null && 'what it was called before cannot be told, so this may be the only copy',
    original?.present === false && `${original.shown} is not there any more, so this may be the only copy`,
    around.sharedType !== null &&
      `it stands on a file system that other machines may use as well (${around.sharedType})`,
    maker !== null && !around.pidsMean && 'which process made it cannot be told on this system',
    maker?.state === 'unknown' && maker.evidence,
    insider !== null && `process ${insider.pid} (${insider.command}) has that number inside its container`,
    ...locks.filter(({ state }) => state === 'unknown').map(({ told }) => told),
    usage === null && 'whether somebody has it open cannot be told',
    usage?.verdict === 'cannot-tell' && ['whether somebody has it open cannot be told', ...usage.evidence].join(': '),
    working.state === 'maybe' && working.told,
    samples !== null &&
      compareSamples(...samples) === 'unclear' &&
      'it could not be read fast enough to tell whether it changes',
    samples === null && facts.kind === 'directory' && opinion.cleaning === 'safe' && 'it was not looked into',
    age < 0 && 'it was changed at a time that has not come yet: the clocks do not agree',
    age >= 0 && age < grammar.quietMs && `it was changed ${span(age)} ago, and ${span(grammar.quietMs)} are waited for`,
  ];
  return told.filter((it): it is string => typeof it === 'string');
};

/**
 * The verdict on a leftover of a tool: what its grammar says, held back by what is known of processes, locks, mounts
 * and time. `safe` only when the grammar says so and nothing is in doubt; what is missing is asked about. Pure.
 */
export const judgeTool = (grammar: ToolGrammar, opinion: Opinion, around: Around): Verdict => {
  const { facts, nowMs, original } = around;
  const told = [
    ...opinion.why,
    ...(original?.present === true ? [`${original.shown} is there`] : []),
    `last changed ${moment(facts.ctimeMs)}, ${span(nowMs - facts.ctimeMs)} ago`,
  ];
  const verdict = (kind: Verdict['verdict'], cleaning: Verdict['cleaning'], why: readonly string[]): Verdict => ({
    verdict: kind,
    cleaning,
    evidence: [...new Set([...why, ...told])],
  });
  if (around.mountInside || String(facts.identity.dev) !== String(around.device)) {
    return verdict('odd', 'never', ['another file system is mounted on it or in it: left alone']);
  }
  if (!around.mine) return verdict('cannot-tell', 'never', ['it belongs to another user: left alone']);
  if (opinion.cleaning === 'never') return verdict(opinion.verdict ?? 'cannot-tell', 'never', []);
  const busy = atWork(around);
  if (busy.length > 0) return verdict('in-progress', 'never', busy);
  const unsure = doubts(grammar, opinion, around);
  if (opinion.cleaning === 'ask' || unsure.length > 0) return verdict('cannot-tell', 'ask', unsure);
  const alone = [
    ...around.locks.map((lock) => lock.told),
    ...(around.maker === null ? [] : [around.maker.evidence]),
    'nobody has it open, and nothing in it changes',
  ];
  return verdict('abandoned', 'safe', alone);
};
