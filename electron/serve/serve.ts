import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Client } from '../../shared/api.ts';
import { CodedError, type Result } from '../../shared/errors.ts';
import { Guard } from './guard.ts';
import { page, style } from './page.ts';

const headers = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const;

const send = (response: ServerResponse, status: number, type: string, body: string, more: object = {}): void => {
  response.writeHead(status, { ...headers, 'Content-Type': `${type}; charset=utf-8`, ...more }).end(body);
};
const refuse = (response: ServerResponse): void => send(response, 403, 'text/plain', 'Not allowed.\n');

const need = <T>(result: Result<T>): T => {
  if (!result.ok) throw new CodedError(result.error);
  return result.value;
};

const render = async (client: Client): Promise<string> => {
  const { caches } = need(await client.call('list', { measure: false }));
  const { leftovers } = need(await client.call('leftovers', { measure: false }));
  const { operations } = need(await client.call('history', { limit: 100 }));
  return page(caches, leftovers, operations);
};

const answer = async (client: Client, guard: Guard, request: IncomingMessage, response: ServerResponse) => {
  if (request.method !== 'GET' || !guard.isOurs(request)) return refuse(response);
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const token = url.searchParams.get('token');
  if (url.pathname === '/' && token !== null) {
    const cookie = guard.redeem(token);
    return cookie === null
      ? refuse(response)
      : send(response, 303, 'text/plain', '', { Location: '/', 'Set-Cookie': cookie });
  }
  if (!guard.isKnown(request)) return refuse(response);
  if (url.pathname === '/style.css') return send(response, 200, 'text/css', style);
  if (url.pathname === '/') return send(response, 200, 'text/html', await render(client));
  return refuse(response);
};

export interface Served {
  /** With the one-time token in it. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the program to a browser on this machine: loopback only, one visitor who holds the token. `port` 0 takes any
 * that is free. A remote machine is reached through an SSH tunnel, never by listening elsewhere.
 * @throws CodedError `invalid-argument` when the port is taken or not allowed.
 */
export const serve = async (client: Client, port: number): Promise<Served> => {
  const guard = new Guard();
  const server = createServer((request, response) => {
    answer(client, guard, request, response).catch((thrown: unknown) => {
      send(response, 500, 'text/plain', `${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    });
  });
  // A door that stays open ends undo windows and goes on with what was interrupted: listening is what asks for that.
  const stop = client.on('leftovers', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new CodedError({
          code: 'invalid-argument',
          message: `Port ${port} cannot be used (${error.code}). Name another, or none.`,
        }),
      ),
    );
    server.listen({ host: '127.0.0.1', port }, resolve);
  });
  return {
    url: guard.open((server.address() as AddressInfo).port),
    close: async () => {
      stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
