import { sep } from 'node:path';

/**
 * Names are bytes. Three different names can decode to one string, so whatever is going to be renamed or
 * unlinked is carried as the bytes that `readdir` gave.
 */
export type Raw = Buffer;

export const raw = (text: string): Raw => Buffer.from(text, 'utf8');

const separator = raw(sep);

/** `dir/name`, byte for byte. */
export const joinRaw = (dir: Raw, name: Raw): Raw => Buffer.concat([dir, separator, name]);

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The text of a name, or null when its bytes are not UTF-8. */
export const rawText = (name: Raw): string | null => {
  try {
    return decoder.decode(name);
  } catch {
    return null;
  }
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const escapeChar = (char: string): string => `\\u{${char.codePointAt(0)?.toString(16)}}`;

/**
 * A name for people: bytes that are not UTF-8 as `\xE9`, control and direction characters as `\u{a}`. Different
 * names stay different to the eye. For showing only: nothing is ever opened by what this returns.
 */
export const showRaw = (name: Raw): string => {
  const text = rawText(name);
  if (text !== null) return text.replace(unprintable, escapeChar);
  let shown = '';
  for (let at = 0; at < name.length; ) {
    const width = sequenceWidth(name[at] as number);
    const part = rawText(name.subarray(at, at + width));
    if (part !== null && part.length > 0) {
      shown += part.replace(unprintable, escapeChar);
      at += width;
    } else {
      shown += `\\x${(name[at] as number).toString(16).toUpperCase().padStart(2, '0')}`;
      at += 1;
    }
  }
  return shown;
};

const sequenceWidth = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1);
