import { createHash } from 'node:crypto';
import { extname } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};

const start = '/index.html';

/** A file of the page as it goes over the wire. */
export interface Part {
  readonly body: Buffer;
  readonly type: string;
  /** How long a browser may keep it. */
  readonly cacheControl: string;
  readonly etag: string | null;
}

const partOf = (path: string, body: Buffer): Part => ({
  body,
  type: types[extname(path)] ?? 'application/octet-stream',
  // What stands in assets/ has its hash in its name; the page that names it must always be the newest.
  cacheControl:
    path === start ? 'no-store' : path.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-cache',
  etag: path === start ? null : `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
});

/**
 * The page's files by the path of a request, letter for letter: nothing is decoded or put together, so no spelling
 * leads anywhere else.
 */
export class Site {
  readonly #parts: ReadonlyMap<string, Part>;

  constructor(files: ReadonlyMap<string, Buffer>) {
    const parts = new Map([...files].map(([path, body]) => [path, partOf(path, body)]));
    const first = parts.get(start);
    if (first !== undefined) parts.set('/', first);
    this.#parts = parts;
  }

  /** Whether there is a page at all. */
  get built(): boolean {
    return this.#parts.has('/');
  }

  part(path: string): Part | null {
    return this.#parts.get(path) ?? null;
  }
}
