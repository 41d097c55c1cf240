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

// A byte order mark is a part of the name like any other character: without it, it would be another file's name.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a name, or null when its bytes are not UTF-8. */
export const rawText = (name: Raw): string | null => {
  try {
    return decoder.decode(name);
  } catch {
    return null;
  }
};

/** Control characters, what changes the direction of writing, and what cannot be seen at all. */
const unprintable =
  /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
/** A name that spells out an escape is not the name that is shown by it. On Windows no name holds a backslash. */
const likeEscape = sep === '/' ? /\\(?=u\{|x[0-9A-F]{2})/gu : /(?!)/gu;
const escapeChar = (char: string): string => `\\u{${char.codePointAt(0)?.toString(16)}}`;

const escapeText = (text: string): string => text.replace(likeEscape, escapeChar).replace(unprintable, escapeChar);

/**
 * A name for people: bytes that are not UTF-8 as `\xE9`, control and direction characters as `\u{a}`. Different
 * names stay different to the eye. For showing only: nothing is ever opened by what this returns.
 */
export const showRaw = (name: Raw): string => {
  const text = rawText(name);
  if (text !== null) return escapeText(text);
  let shown = '';
  let run = '';
  for (let at = 0; at < name.length; ) {
    const width = sequenceWidth(name[at] as number);
    const part = rawText(name.subarray(at, at + width));
    if (part !== null && part.length > 0) {
      run += part;
      at += width;
    } else {
      shown += `${escapeText(run)}\\x${(name[at] as number).toString(16).toUpperCase().padStart(2, '0')}`;
      run = '';
      at += 1;
    }
  }
  return shown + escapeText(run);
};

const sequenceWidth = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1);
