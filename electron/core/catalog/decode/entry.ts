import type { Timestamp } from '../../../../shared/model.ts';
import { raw, showRaw } from '../../fs/raw.ts';
import type { RawEntry } from '../tool.ts';

/** Longer than any real name or URL; a cache can be written by anybody and a page has to show it. */
const longestShown = 2048;

/** What nothing has to be done about, which is nearly all. */
const plain = /^[\x20-\x5b\x5d-\x7e]*$/;

/** Text out of a cache, for people: control and direction characters escaped, cut to a bearable length. */
export const shown = (text: string): string => {
  if (text.length < longestShown && plain.test(text)) return text;
  const escaped = showRaw(raw(text.slice(0, longestShown)));
  return escaped.length < longestShown ? escaped : `${escaped.slice(0, longestShown - 1)}…`;
};

/** A URL for people, without the user name and password that some have before their host. */
export const shownUrl = (url: string): string =>
  shown(url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#@]*@/i, (_, scheme: string) => scheme));

/** Milliseconds since 1970 as ISO 8601 in UTC; null when that is no time a Date can hold. */
export const timestamp = (ms: number | null | undefined): Timestamp | null => {
  const date = new Date(ms ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
};

/** An entry: what is not said is null. Texts out of the cache are made showable; `key` stays as it is. */
export const entry = (key: string, kind: string, fields: Partial<Omit<RawEntry, 'key' | 'kind'>> = {}): RawEntry => ({
  key,
  kind,
  name: fields.name == null ? null : shown(fields.name),
  version: fields.version == null ? null : shown(fields.version),
  url: fields.url == null ? null : shownUrl(fields.url),
  bytes: fields.bytes ?? null,
  created: fields.created ?? null,
  lastUsed: fields.lastUsed ?? null,
  usedBy: fields.usedBy?.map(shown) ?? null,
  damaged: fields.damaged == null ? null : shown(fields.damaged),
});

/** No tool nests deeper; each level costs the parser memory, so depth is what JSON can blow up with. */
const deepest = 200;

/** Without so many brackets there is no need to count how they nest. */
const mayBeDeep = (text: string): boolean => {
  let found = 0;
  for (const bracket of ['{', '['])
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      found += 1;
      if (found > deepest) return true;
    }
  return false;
};

const tooDeep = (text: string): boolean => {
  if (!mayBeDeep(text)) return false;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (quoted) {
      if (char === 0x5c) at += 1;
      else if (char === 0x22) quoted = false;
    } else if (char === 0x22) quoted = true;
    else if (char === 0x5b || char === 0x7b) {
      depth += 1;
      if (depth > deepest) return true;
    } else if (char === 0x5d || char === 0x7d) depth -= 1;
  }
  return false;
};

/** Parsed JSON that is an object, or null for anything else: unparsable text, other values, text nested too deep. */
export const jsonObject = (text: string): Readonly<Record<string, unknown>> | null => {
  if (tooDeep(text)) return null;
  try {
    return asTable(JSON.parse(text));
  } catch {
    return null;
  }
};

export const asTable = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;

export const asText = (value: unknown): string | null => (typeof value === 'string' ? value : null);
