import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { hostsOf } from './headers.ts';

const secret = (): string => randomBytes(32).toString('base64url');

const equal = (given: string, wanted: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/** Fetch metadata of a browser; absent in an old one and in every other program. */
const ownSites: readonly unknown[] = [undefined, 'none', 'same-origin'];

const noOtherPage = 'Cache Inspector answers no other page. Paste its address into the address bar instead.';

/**
 * Who may come in: a browser on this machine that was given the one-time token, and nobody else. A page of another
 * origin, another name for this address (DNS rebinding), another user's program: all are refused before anything is
 * looked at. What is refused is told in a sentence for the person in front of the browser.
 */
export class Guard {
  readonly #port: number;
  readonly #hosts: readonly string[];
  readonly #session = secret();
  #token: string | null = secret();

  constructor(port: number) {
    this.#port = port;
    this.#hosts = hostsOf(port);
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The address with the token in it, good for one visit. */
  get url(): string {
    return `${this.origin}/?token=${this.#token}`;
  }

  /** Why a request comes from elsewhere, or null: it names this server, and no page of another origin sent it. */
  foreign({ headers }: IncomingMessage): string | null {
    // A page of another port is of the same site, so that its requests for images carry our cookie.
    return this.#misaddressed(headers) ?? (ownSites.includes(headers['sec-fetch-site']) ? null : noOtherPage);
  }

  /** Why a request may not become a WebSocket, or null. Every browser sends an Origin with one. */
  foreignSocket(request: IncomingMessage): string | null {
    if (request.headers.origin === undefined) return noOtherPage;
    return this.#misaddressed(request.headers) ?? this.stranger(request);
  }

  /** Exchanges the token for the cookie that every later request needs; null when it is wrong or used. */
  redeem(token: string): string | null {
    if (this.#token === null || !equal(token, this.#token)) return null;
    this.#token = null;
    return `${this.#cookieName}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** What to tell who comes with a token that is wrong or used. */
  get usedToken(): string {
    return [
      'This address was good for one visit, and that has been made.',
      `If Cache Inspector is open in this browser already, go to ${this.origin}/.`,
      'For a new address, stop the server with Ctrl-C and start it again.',
    ].join(' ');
  }

  /** Why a request without our cookie is refused, or null when it has it. */
  stranger({ headers }: IncomingMessage): string | null {
    const cookies = (headers.cookie ?? '').split(/;\s*/).map((pair) => pair.split('=', 2));
    const known = cookies.some(
      ([name, value]) => name === this.#cookieName && value !== undefined && equal(value, this.#session),
    );
    if (known) return null;
    return [
      'This browser has not been let in.',
      'Open the whole address that Cache Inspector printed when it started; it is good for one visit.',
      'For a new one, stop the server with Ctrl-C and start it again.',
    ].join(' ');
  }

  #misaddressed({ host, origin }: IncomingHttpHeaders): string | null {
    if (host === undefined || !this.#hosts.includes(host)) return `Cache Inspector answers only at ${this.origin}/.`;
    return origin === undefined || origin === `http://${host}` ? null : noOtherPage;
  }

  /** Cookies know no ports: without it, servers on this machine would overwrite each other's. */
  get #cookieName(): string {
    return `cache-inspector-${this.#port}`;
  }
}
