import { hash } from 'node:crypto';

/** Python's `quote`: all but letters, digits and `_.-~/` as UTF-8 in percent signs. */
const quote = (text: string): string =>
  encodeURIComponent(text)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const unquote = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** No server takes a longer one; a page may hold anything. */
const longestLink = 8192;

const plain = /^[\w.~/@-]*$/;

/** The path of a link as pip cleans it: unquoted and quoted again, but for `@` and `%2F` (pip/_internal/models/link.py). */
const cleanPath = (path: string): string =>
  plain.test(path)
    ? path
    : path
        .split(/(@|%2F)/i)
        .map((part, index) => (index % 2 === 1 ? part.toUpperCase() : quote(unquote(part))))
        .join('');

/**
 * A link of an index page as pip asks for it and as cachecontrol names it: absolute, cleaned, scheme and host in
 * lower case, without fragment (cachecontrol/controller.py, _urlnorm). Null when it is no web address, or one that is too long for any server.
 */
export const requestUrl = (link: string, base: string | null): string | null => {
  if (link.length > longestLink) return null;
  let absolute = link;
  if (!/^https?:\/\//i.test(link)) {
    if (base === null || !URL.canParse(link, base)) return null;
    absolute = new URL(link, base).href;
  }
  const parts = /^(https?):\/\/([^/?#]+)([^?#]*)(\?[^#]*)?/i.exec(absolute);
  if (parts?.[1] === undefined || parts[2] === undefined) return null;
  const path = cleanPath(parts[3] ?? '') || '/';
  return `${parts[1].toLowerCase()}://${parts[2].toLowerCase()}${path}${parts[4] ?? ''}`;
};

/** The last part of a URL's path, unquoted: the file's name where it is a file's URL. */
export const fileNameOf = (url: string): string =>
  unquote(
    url
      .replace(/[?#].*$/s, '')
      .split('/')
      .at(-1) ?? '',
  );

/** The name under which pip's cache keeps what came from a URL (cachecontrol/caches/file_cache.py). */
export const cacheName = (url: string): string => hash('sha224', url);
