import { createServer, type IncomingMessage } from 'node:http';

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export interface LocalServer {
  /** `http://127.0.0.1:<port>`, without a slash behind. */
  readonly url: string;
  close(): Promise<void>;
}

/** An HTTP server on the loopback address, on a port of the system's choice. Null is answered with 404. */
export const startServer = (
  answer: (request: IncomingMessage, self: string) => Answer | null | Promise<Answer | null>,
): Promise<LocalServer> =>
  new Promise((resolve, reject) => {
    let url = '';
    const server = createServer((request, response) => {
      Promise.resolve(answer(request, url)).then(
        (found) => {
          const body = Buffer.from(found?.body ?? 'not found');
          response.writeHead(found === null ? 404 : (found.status ?? 200), {
            'content-length': String(body.length),
            ...found?.headers,
          });
          response.end(request.method === 'HEAD' ? undefined : body);
        },
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') return;
      url = `http://127.0.0.1:${address.port}`;
      resolve({
        url,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
