/** Rows from `start` up to, not including, `end`. */
export type Range = readonly [start: number, end: number];

/** Chosen rows as ranges: sorted, disjoint, not touching. A million chosen rows are one range. */
export type Ranges = readonly Range[];

const joined = (ranges: readonly Range[]): Ranges => {
  const out: [number, number][] = [];
  for (const [start, end] of ranges.filter(([start, end]) => end > start).sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else out.push([start, end]);
  }
  return out;
};

export const has = (ranges: Ranges, index: number): boolean =>
  ranges.some(([start, end]) => index >= start && index < end);

export const add = (ranges: Ranges, range: Range): Ranges => joined([...ranges, range]);

export const remove = (ranges: Ranges, [from, to]: Range): Ranges =>
  joined(
    ranges.flatMap(([start, end]): Range[] => [
      [start, Math.min(end, from)],
      [Math.max(start, to), end],
    ]),
  );

export const toggle = (ranges: Ranges, index: number): Ranges =>
  has(ranges, index) ? remove(ranges, [index, index + 1]) : add(ranges, [index, index + 1]);

export const size = (ranges: Ranges): number => ranges.reduce((sum, [start, end]) => sum + end - start, 0);
