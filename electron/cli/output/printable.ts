// Control characters, and those that change the direction of writing or stand for half a character.
const unprintable = /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/gu;

const escaped = (char: string): string => `\\u{${char.codePointAt(0)?.toString(16) ?? ''}}`;

/** A text that may come from a disk, so that it cannot drive the terminal: `\u{1b}` for an escape, `\u{a}` for a newline. */
export const printable = (text: string): string => text.replace(unprintable, escaped);

const unsafeInJson = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/g;

/** The same for a JSON document: JSON escapes some of these characters by itself and not the others. Same value. */
export const printableJson = (json: string): string =>
  json.replace(unsafeInJson, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
