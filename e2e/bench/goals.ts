/** One thing that was measured against a promise that holds on any machine. */
export interface GoalRow {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 'MiB' | '/s';
  /** The most that is promised, or with `/s` the least; null where nothing is. */
  readonly goal: number | null;
  readonly note?: string;
}

const kept = ({ value, unit, goal }: GoalRow): boolean =>
  goal === null || (unit === '/s' ? value >= goal : value <= goal);

export const printGoals = (rows: readonly GoalRow[]): string =>
  rows
    .map((row) => {
      const { name, value, unit, goal, note } = row;
      const limit = unit === '/s' ? 'at least' : 'at most';
      return [
        name.padEnd(38),
        `${value.toFixed(unit === 'ms' && value < 100 ? 1 : 0).padStart(7)} ${unit.padEnd(3)}`,
        goal === null ? '' : `goal ${limit} ${goal}: ${kept(row) ? 'kept' : 'MISSED'}`,
        note === undefined ? '' : `(${note})`,
      ]
        .filter((part) => part !== '')
        .join('  ')
        .trimEnd();
    })
    .join('\n');

/** The value that so much of the values (0 to 1) does not exceed. */
export const quantile = (values: readonly number[], part: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
};
