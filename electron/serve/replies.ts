import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { securityHeaders } from './headers.ts';
import type { Part } from './site.ts';

const plain = 'text/plain; charset=utf-8';
const notAllowed = 'Not allowed.';

/** The replies of the server on one port: each with all headers, a refusal always a sentence in plain text. */
export class Replies {
  readonly #headers: Readonly<Record<string, string>>;

  constructor(port: number) {
    this.#headers = securityHeaders(port);
  }

  /** A file of the page, or word that the browser's copy is still right. */
  part(response: ServerResponse, part: Part, known: string | undefined): void {
    const headers = {
      ...this.#headers,
      'Cache-Control': part.cacheControl,
      ...(part.etag !== null && { ETag: part.etag }),
    };
    if (part.etag !== null && known === part.etag) response.writeHead(304, headers).end();
    else {
      const sent = { ...headers, 'Content-Type': part.type, 'Content-Length': part.body.length };
      response.writeHead(200, sent).end(part.body);
    }
  }

  /** Lets the browser in, and takes the token out of its address bar. */
  enter(response: ServerResponse, cookie: string): void {
    const headers = { ...this.#headers, 'Cache-Control': 'no-store', Location: '/', 'Set-Cookie': cookie };
    response.writeHead(303, headers).end();
  }

  /** 403, and the connection with it: what else is in the request is not read. */
  refuse(response: ServerResponse, why: string = notAllowed): void {
    response.writeHead(403, this.#refusal(why)).end(`${why}\n`);
  }

  /** The same on a connection that HTTP no longer handles: an upgrade, or what is no HTTP at all. */
  refuseStream(stream: Duplex, why: string = notAllowed): void {
    stream.on('error', () => undefined);
    if (!stream.writable) {
      stream.destroy();
      return;
    }
    const lines = Object.entries(this.#refusal(why)).map(([name, value]) => `${name}: ${value}`);
    stream.once('finish', () => stream.destroy());
    stream.end(['HTTP/1.1 403 Forbidden', ...lines, '', `${why}\n`].join('\r\n'));
  }

  #refusal(why: string): Readonly<Record<string, string>> {
    return {
      ...this.#headers,
      'Cache-Control': 'no-store',
      'Content-Type': plain,
      'Content-Length': String(Buffer.byteLength(why) + 1),
      Connection: 'close',
    };
  }
}
