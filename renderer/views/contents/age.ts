const day = 86_400_000;

/** What a colour of the map stands for, from used just now to long ago; the last is for what nobody recorded. */
export const ages = [
  { words: 'today', withinMs: day },
  { words: 'this week', withinMs: 7 * day },
  { words: 'this month', withinMs: 31 * day },
  { words: '6 months', withinMs: 183 * day },
  { words: '1 year', withinMs: 365 * day },
  { words: 'over a year ago', withinMs: Number.POSITIVE_INFINITY },
  { words: 'not recorded', withinMs: Number.NaN },
] as const;

/** The place in {@link ages} of something used then. Both in ms since 1970; NaN: not recorded. */
export const ageStep = (newest: number, now: number): number =>
  Number.isNaN(newest) ? ages.length - 1 : ages.findIndex(({ withinMs }) => now - newest < withinMs);
