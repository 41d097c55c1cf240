import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const secret = (): string => randomBytes(32).toString('base64url');

const equal = (given: string, wanted: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
};

const cookieName = 'cache-inspector';

/**
 * Who may come in: a browser on this machine that was given the one-time token, and nobody else. A page of another
 * origin, another name for this address (DNS rebinding), another user's program: all are refused before anything is
 * looked at.
 */
export class Guard {
  readonly #session = secret();
  #token: string | null = secret();
  #port = 0;

  /** The address with the token in it, good for one visit. */
  open(port: number): string {
    this.#port = port;
    return `http://127.0.0.1:${port}/?token=${this.#token}`;
  }

  /** The request names this server and comes from no page of another origin. */
  isOurs({ headers }: IncomingMessage): boolean {
    const names = [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`];
    const { host, origin } = headers;
    if (host === undefined || !names.includes(host)) return false;
    return origin === undefined || origin === `http://${host}`;
  }

  /** Exchanges the token for the cookie that every later request needs; null when it is wrong or used. */
  redeem(token: string): string | null {
    if (this.#token === null || !equal(token, this.#token)) return null;
    this.#token = null;
    return `${cookieName}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  isKnown({ headers }: IncomingMessage): boolean {
    const cookies = (headers.cookie ?? '').split(/;\s*/).map((pair) => pair.split('=', 2));
    return cookies.some(([name, value]) => name === cookieName && value !== undefined && equal(value, this.#session));
  }
}
