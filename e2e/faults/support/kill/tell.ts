import type { Call, Trace } from './calls.ts';
import type { Phase } from './phases.ts';
import type { Point } from './sweep.ts';

/** One phase, and what came of it. */
export interface Swept {
  readonly phase: Phase;
  readonly trace: Trace;
  readonly chosen: readonly Call[];
  readonly points: readonly Point[];
  readonly ms: number;
}

const counted = (items: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts].map(([item, times]) => `${item} ${times}`).join(', ') || 'none';
};

const lines = ({ phase, trace, chosen, points, ms }: Swept): readonly string[] => {
  const { calls, unknown, elsewhere } = trace;
  const there = points.filter(({ hit }) => hit === 'there');
  const missed = points.filter(({ hit }) => hit !== 'there');
  const wrong = points.filter((point) => point.wrong.length > 0);
  const notTaken = calls.filter((call) => !chosen.includes(call));
  const why = notTaken.length === 0 ? 'every call was taken' : 'the short run takes no more';
  return [
    `${phase.name}: ${calls.length} calls change something, ${there.length} kill points, ` +
      `${wrong.length} violations, ${(ms / 1000).toFixed(0)} s; ended because ${why}`,
    `  points: ${counted(there.map(({ name }) => name))}`,
    `  ends: ${counted(there.map(({ ends }) => ends))}`,
    `  not swept: ${counted(notTaken.map(({ name }) => name))}`,
    ...missed.map(({ at, hit }) => `  missed: ${at}; it was killed ${hit}`),
    ...unknown.map((name) => `  UNKNOWN: ${name}`),
    ...elsewhere.map((what) => `  elsewhere, not swept: ${what}`),
    ...wrong.map((point) => `  VIOLATION at ${point.at} (${point.hit}): ${point.wrong.join('; ')}`),
  ];
};

/** The numbers of some phases, each with its own lines, and their sum when there are several. */
export const report = (swept: readonly Swept[]): string => {
  const points = swept.flatMap((one) => one.points);
  const there = points.filter(({ hit }) => hit === 'there');
  const calls = swept.flatMap(({ trace }) => trace.calls);
  const sum =
    `kill sweep: ${swept.length} phases, ${calls.length} calls that change something, ${there.length} kill points, ` +
    `${points.filter(({ wrong }) => wrong.length > 0).length} violations\n` +
    `  by call: ${counted(there.map(({ name }) => name))}\n  ends: ${counted(there.map(({ ends }) => ends))}`;
  return `${(swept.length === 1 ? swept.flatMap(lines) : [sum]).join('\n')}\n`;
};
