import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '../../shared/api.ts';
import { CodedError } from '../../shared/errors.ts';
import { readPageFiles } from '../core/inspector.ts';
import { Guard } from './guard.ts';
import { Replies } from './replies.ts';
import { Site } from './site.ts';
import { Sockets } from './sockets.ts';

export interface ServeOptions {
  /** 0 takes any that is free. */
  readonly port: number;
  /** Where the built page stands; the program's own without it. */
  readonly pageDir?: string;
  /** How often a connected page is asked whether it is still there. */
  readonly heartbeatMs?: number;
}

export interface Served {
  /** With the one-time token in it. */
  readonly url: string;
  /** Ends every connection at once. What pages began goes on in core. */
  close(): Promise<void>;
}

/** electron/serve in a checkout, where the page is compiled to out/; out/electron/serve in a package. */
const pageOfThisProgram = (): string => {
  const top = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
  return import.meta.url.endsWith('.ts') ? join(top, 'out', 'page') : join(top, 'page');
};

const readSite = async (pageDir: string): Promise<Site> => {
  const site = new Site(await readPageFiles(pageDir));
  if (site.built) return site;
  throw new CodedError({
    code: 'not-available',
    message: `The page has not been built: there is none in ${pageDir}. Build it with: npm run build`,
    path: pageDir,
  });
};

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new CodedError({
          code: 'invalid-argument',
          message: `Port ${port} cannot be used (${error.code}). Name another, or none.`,
        }),
      ),
    );
    server.listen({ host: '127.0.0.1', port }, () => resolve((server.address() as AddressInfo).port));
  });

/** Refuses or answers; everything it does not know is refused. */
const answerWith =
  (site: Site, guard: Guard, replies: Replies) => (request: IncomingMessage, response: ServerResponse) => {
    if (request.method !== 'GET') return replies.refuse(response);
    const foreign = guard.foreign(request);
    if (foreign !== null) return replies.refuse(response, foreign);
    const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s);
    const token = path === '/' ? new URLSearchParams(query).get('token') : null;
    if (token !== null) {
      // Looked at in advance by the browser itself: the one visit is the person's.
      if ('sec-purpose' in request.headers) return replies.refuse(response);
      const cookie = guard.redeem(token);
      return cookie === null ? replies.refuse(response, guard.usedToken) : replies.enter(response, cookie);
    }
    const stranger = guard.stranger(request);
    if (stranger !== null) return replies.refuse(response, stranger);
    const part = site.part(path);
    return part === null ? replies.refuse(response) : replies.part(response, part, request.headers['if-none-match']);
  };

/**
 * Serves the program to a browser on this machine: loopback only, one visitor who holds the token. A remote machine is
 * reached through an SSH tunnel, never by listening elsewhere.
 * @throws CodedError `invalid-argument` when the port is taken or not allowed, `not-available` without a built page.
 */
export const serve = async (client: Client, options: ServeOptions): Promise<Served> => {
  const { port: wanted, pageDir = pageOfThisProgram(), heartbeatMs = 30_000 } = options;
  const site = await readSite(pageDir);
  const sockets = new Sockets(client, heartbeatMs);
  // A request without a Host is the guard's to refuse, as any other.
  const server = createServer({ requireHostHeader: false, headersTimeout: 10_000, requestTimeout: 20_000 });
  server.maxConnections = 256;
  const port = await listen(server, wanted);
  const guard = new Guard(port);
  const replies = new Replies(port);

  server.on('request', answerWith(site, guard, replies));
  server.on('checkExpectation', (_request, response) => replies.refuse(response));
  server.on('connect', (_request, stream) => replies.refuseStream(stream));
  server.on('clientError', (_error, stream) => replies.refuseStream(stream));
  server.on('upgrade', (request, stream, head) => {
    const asked = request.method === 'GET' && request.url === '/socket';
    const why = asked ? guard.foreignSocket(request) : undefined;
    if (why === null) sockets.accept(request, stream, head);
    else replies.refuseStream(stream, why);
  });
  // A door that stays open ends undo windows and goes on with what was interrupted: listening is what asks for that.
  const stop = client.on('leftovers', () => undefined);

  return {
    url: guard.url,
    close: async () => {
      stop();
      sockets.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
};
