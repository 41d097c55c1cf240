const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
// East Asian wide letters and pictures take two columns.
const wide =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}])/u;
const plain = /^[\x20-\x7e]*$/;

const partsOf = (text: string): readonly string[] => Array.from(graphemes.segment(text), ({ segment }) => segment);
const widthOfPart = (part: string): number => (wide.test(part) ? 2 : 1);

/** How many columns a text takes. */
export const widthOf = (text: string): number =>
  plain.test(text) ? text.length : partsOf(text).reduce((sum, part) => sum + widthOfPart(part), 0);

/** As many parts from the front as fit. */
const fitting = (parts: readonly string[], width: number): number => {
  let used = 0;
  let count = 0;
  for (const part of parts) {
    used += widthOfPart(part);
    if (used > width) break;
    count += 1;
  }
  return count;
};

/** A text no wider than that, with `…` for its middle: both ends of a path tell more than its middle. */
export const shorten = (text: string, width: number): string => {
  if (widthOf(text) <= width) return text;
  if (width < 2) return width === 1 ? '…' : '';
  const parts = partsOf(text);
  const back = Math.ceil((width - 1) / 2);
  const front = fitting(parts, width - 1 - back);
  const tail = fitting(parts.toReversed(), back);
  return `${parts.slice(0, front).join('')}…${parts.slice(parts.length - tail).join('')}`;
};
