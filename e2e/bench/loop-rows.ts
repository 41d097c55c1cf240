import type { GoalRow } from './goals.ts';
import type { Block, LoopReport } from './loop-watch.ts';

/** A person sees a frame that comes late: the loop answers in between. */
const goalMs = 16;

const between = (from: number, to: number) => (one: { readonly at: number }) => one.at > from && one.at <= to;
const most = (blocks: readonly Block[], of: 'ms' | 'cpuMs' | 'lateMs'): number =>
  Math.max(0, ...blocks.map((block) => block[of]));

export interface Span {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** The longest block of a stretch of time by the clock, and the longest computing, which no busy machine lengthens. */
const row = ({ name, from, to }: Span, { blocks, collections }: LoopReport): GoalRow => {
  const here = blocks.filter(between(from, to));
  const collecting = Math.max(0, ...collections.filter(between(from, to)).map(({ ms }) => ms));
  const note = `computing ${most(here, 'cpuMs').toFixed(1)}, collecting garbage ${collecting.toFixed(1)}; in ${((to - from) / 1000).toFixed(1)} s`;
  return { name: `  ${name}`, value: most(here, 'ms'), unit: 'ms', goal: null, note };
};

/** Timers of an idle process are this late (ms) only where the machine has no core for it. */
const machineLateMs = 4;

/** Without those that fall into a time in which even a process that does nothing had to wait. */
const whileOnTime = (blocks: readonly Block[], beside: readonly Block[]): readonly Block[] => {
  const waits = beside.filter(({ lateMs }) => lateMs > machineLateMs);
  return blocks.filter(({ at, lateMs }) => !waits.some((wait) => wait.at > at - lateMs && wait.at - wait.lateMs < at));
};

/** Each stretch of work and of rest as a row, then the promise: for all of the work, in three ways to look at it. */
export const loopRows = (
  spans: readonly Span[],
  rest: Span,
  report: LoopReport,
  beside: LoopReport,
): readonly GoalRow[] => {
  const [from, to] = [spans[0]?.from ?? 0, spans.at(-1)?.to ?? 0];
  const working = report.blocks.filter(between(from, to));
  const late = most(beside.blocks.filter(between(from, to)), 'lateMs');
  return [
    ...[...spans, rest].map((span) => row(span, report)),
    {
      name: 'longest block of the event loop',
      value: most(working, 'ms'),
      unit: 'ms',
      goal: goalMs,
      note: `by the clock; the timers of a process beside it that does nothing were ${late.toFixed(1)} late`,
    },
    {
      name: 'while that one was on time',
      value: most(whileOnTime(working, beside.blocks), 'ms'),
      unit: 'ms',
      goal: goalMs,
    },
    { name: 'longest computing in one', value: most(working, 'cpuMs'), unit: 'ms', goal: goalMs },
  ];
};
