import type { Reader } from '../../fs/reader.ts';
import { type Page, readPage } from './pip-page.ts';
import type { Response } from './pip-response.ts';
import { cacheName, requestUrl } from './pip-url.ts';
import type { Span } from './span.ts';

/** pip normalises names so before it asks for a page (PEP 503). */
const projectName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

const pypi = 'https://pypi.org';

/** How many links are looked at to learn on which hosts an index keeps its files. */
const firstLinks = 4;

/**
 * pip keeps the hash of a URL and not the URL. But index pages are in the cache as well, and they list URLs: those
 * whose hash is the name of an entry are told here. Memory: what is in the cache, not what the pages offer.
 */
export class UrlsOfEntries {
  readonly #names: ReadonlySet<string>;
  readonly #urls = new Map<string, string>();

  /** @param names the names (56 hex digits) of all entries. */
  constructor(names: ReadonlySet<string>) {
    this.#names = names;
  }

  get(name: string): string | null {
    return this.#urls.get(name) ?? null;
  }

  #offer(url: string): void {
    const name = cacheName(url);
    if (this.#names.has(name)) this.#urls.set(name, url);
  }

  /** The page's own URL, guessed from where such pages are; its hash tells whether the guess is right. */
  #ownUrl({ project, links }: Page): string | null {
    if (project === null) return null;
    const hosts = new Set([pypi]);
    for (const { href } of links.slice(0, firstLinks)) {
      const host = /^https?:\/\/[^/?#]+/i.exec(href)?.[0];
      if (host !== undefined) hosts.add(host.toLowerCase());
    }
    for (const host of hosts) {
      const url = `${host}/simple/${encodeURIComponent(projectName(project))}/`;
      if (!this.#names.has(cacheName(url))) continue;
      this.#offer(url);
      return url;
    }
    return null;
  }

  /** Learns from one cached response, if it is an index page. Never throws. */
  learn(read: Reader, response: Response, span: Span): void {
    const page = readPage(read, response, span);
    if (page === null) return;
    const base = page.base ?? this.#ownUrl(page);
    for (const link of page.links) {
      const url = requestUrl(link.href, base);
      if (url === null) continue;
      this.#offer(url);
      if (link.hasMetadata) this.#offer(`${url}.metadata`);
    }
  }
}
