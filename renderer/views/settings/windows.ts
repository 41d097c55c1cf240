import { formatDuration } from '../../../shared/format.ts';

const usual = [0, 10_000, 20_000, 60_000, 300_000, 3_600_000];

/** How long Undo may be possible, in ms: the usual choices, and the one that is set when it is another. */
export const windowChoices = (set: number): readonly number[] =>
  usual.includes(set) ? usual : [...usual, set].sort((one, other) => one - other);

/** `20 s`, `5 min`, `1 hour`: without parts that are nothing. */
export const windowLabel = (ms: number): string => {
  if (ms === 0) return '0 s';
  const text = formatDuration(ms)
    .replace('.0 s', ' s')
    .replace(/ 0 (?:s|min)$/, '');
  if (text === '1 h') return '1 hour';
  return text.replace(/ h$/, ' hours');
};

/** What a choice means. */
export const windowWords = (ms: number): string =>
  ms === 0
    ? 'No Undo: what is cleared is deleted at once, and its room comes back as fast as the disk allows.'
    : `What is cleared is kept whole for ${windowLabel(ms)}: Undo puts everything back. Its room comes back after that.`;
