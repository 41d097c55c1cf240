import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { Reader } from '../../fs/reader.ts';
import { asTable, asText, jsonObject } from './entry.ts';
import type { Response } from './pip-response.ts';
import { readSpan, type Span } from './span.ts';

/** Page of a package with ten thousand files: some 10 MB. Bounds what one page may take, packed or not. */
const largestPage = 16 * 1024 * 1024;

/** One file that an index page offers. */
export interface PageLink {
  /** As the page has it; may be relative. */
  readonly href: string;
  /** PEP 658: its metadata can be had at the same address with `.metadata` behind. */
  readonly hasMetadata: boolean;
}

/** One page of a simple index (PEP 503, PEP 691). */
export interface Page {
  readonly project: string | null;
  readonly base: string | null;
  readonly links: readonly PageLink[];
}

const contentType = ({ headers }: Response): string => headers.get('content-type') ?? '';

/** Says of itself that it is a page of a simple index (PEP 691). Older indexes say `text/html`, as anything may. */
export const isIndexPage = (response: Response): boolean =>
  /^application\/vnd\.pypi\.simple\.v\d+\+(?:json|html)\b/i.test(contentType(response));

const unpacked = (body: Buffer, encoding: string): Buffer | null => {
  const bound = { maxOutputLength: largestPage };
  try {
    switch (encoding.trim().toLowerCase()) {
      case '':
      case 'identity':
        return body;
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(body, bound);
      case 'deflate':
        return inflateSync(body, bound);
      case 'br':
        return brotliDecompressSync(body, bound);
      default:
        return null;
    }
  } catch {
    return null;
  }
};

function* jsonLinks(files: readonly unknown[]): Generator<PageLink> {
  for (const file of files) {
    const table = asTable(file);
    const href = asText(table?.['url']);
    // PEP 714: `core-metadata` is the name, `dist-info-metadata` the old one.
    if (href !== null) yield { href, hasMetadata: Boolean(table?.['core-metadata'] ?? table?.['dist-info-metadata']) };
  }
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const unescaped = (text: string): string =>
  text.replace(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]{2,4}));/g,
    (whole, dec?: string, hex?: string, name?: string) => {
      if (name !== undefined) return entities[name] ?? whole;
      const code = dec === undefined ? Number.parseInt(hex ?? '', 16) : Number(dec);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );

// No attribute is longer than the bound, so a page of nothing but `<a ` takes no more than its length in time.
const anchor = /<a\s([^<>]{0,8192})>/gi;
const attribute = (name: string): RegExp =>
  new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i');
const href = attribute('href');
const value = (found: RegExpExecArray | null): string | null => found?.[1] ?? found?.[2] ?? found?.[3] ?? null;

function* htmlLinks(html: string): Generator<PageLink> {
  for (const [, attributes = ''] of html.matchAll(anchor)) {
    const link = value(href.exec(attributes));
    if (link !== null)
      yield { href: unescaped(link), hasMetadata: /\sdata-(?:core|dist-info)-metadata\s*=/i.test(` ${attributes}`) };
  }
}

const fromHtml = (html: string): Page | null => {
  const title = /<title>([^<]{0,1024})<\/title>/i.exec(html)?.[1] ?? /<h1>([^<]{0,1024})<\/h1>/i.exec(html)?.[1] ?? '';
  const project = /^\s*Links for (\S+)\s*$/i.exec(unescaped(title))?.[1] ?? null;
  if (project === null && !/pypi:repository-version|simple/i.test(html.slice(0, 2048))) return null;
  const base = value(attribute('href').exec(/<base\s([^<>]{0,8192})>/i.exec(html)?.[1] ?? ''));
  return { project, base: base === null ? null : unescaped(base), links: [...htmlLinks(html)] };
};

const fromJson = (text: string): Page | null => {
  const table = jsonObject(text);
  if (table === null) return null;
  const files = table['files'];
  return { project: asText(table['name']), base: null, links: [...jsonLinks(Array.isArray(files) ? files : [])] };
};

/** A cached index page; null when the body is none, or is damaged. Time and memory are bounded. Never throws. */
export const readPage = (read: Reader, response: Response, span: Span): Page | null => {
  if (!isIndexPage(response) && !/^text\/html\b/i.test(contentType(response))) return null;
  const body = span.length > largestPage ? null : readSpan(read, span, largestPage);
  const plain = body === null ? null : unpacked(body, response.headers.get('content-encoding') ?? '');
  if (plain === null) return null;
  const text = plain.toString('utf8');
  return /json/i.test(contentType(response)) ? fromJson(text) : fromHtml(text);
};
