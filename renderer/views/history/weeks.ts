import type { ByteUnits } from '../../../shared/format.ts';
import type { Operation } from '../../../shared/model.ts';
import { dayAfter, dayKey } from './days.ts';

/** What came back in one week, by tool. The week begins on a Monday. */
export interface Week {
  readonly start: Date;
  readonly freed: ReadonlyMap<string, number>;
  readonly total: number;
}

/** For what no tool is known of. */
export const noTool = 'other';

const monday = (at: Date): Date => dayAfter(at, -((at.getDay() + 6) % 7));

/** The last `count` weeks, oldest first, this one included. Counted where the room came back: at an operation's end. */
export const weeksOf = (operations: readonly Operation[], now: Date, count: number): readonly Week[] => {
  const starts = Array.from({ length: count }, (_, at) => dayAfter(monday(now), (at - count + 1) * 7));
  const sums = new Map(starts.map((start) => [dayKey(start), new Map<string, number>()]));
  for (const { tool, bytes, endedAt, startedAt } of operations) {
    const week = sums.get(dayKey(monday(new Date(endedAt ?? startedAt))));
    const name = tool ?? noTool;
    if (week !== undefined && bytes.freed > 0) week.set(name, (week.get(name) ?? 0) + bytes.freed);
  }
  return starts.map((start) => {
    const freed = sums.get(dayKey(start)) ?? new Map<string, number>();
    return { start, freed, total: [...freed.values()].reduce((sum, value) => sum + value, 0) };
  });
};

/** The tools in these weeks, by how much came back. */
export const toolsOf = (weeks: readonly Week[]): readonly string[] => {
  const totals = new Map<string, number>();
  for (const { freed } of weeks) for (const [tool, value] of freed) totals.set(tool, (totals.get(tool) ?? 0) + value);
  return [...totals].sort((one, other) => other[1] - one[1] || one[0].localeCompare(other[0])).map(([tool]) => tool);
};

/** The top of an axis that holds `most`: 1, 2 or 5 times a power of ten of its unit, so that labels are short. */
export const axisTop = (most: number, units: ByteUnits): number => {
  const step = units === 'decimal' ? 1000 : 1024;
  let unit = 1;
  while (most >= unit * step) unit *= step;
  for (let power = unit; ; power *= 10)
    for (const factor of [1, 2, 5]) if (power * factor >= most) return power * factor;
};
