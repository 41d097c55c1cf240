import http from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sandbox } from '../../e2e/support/sandbox.ts';
import { openInspector } from '../core/inspector.ts';
import { serve } from './serve.ts';

const start = async () => {
  const inspector = await openInspector({ door: 'browser', stateDir: sandbox() });
  const { url, close } = await serve(inspector, 0);
  onTestFinished(async () => {
    await close();
    await inspector.close();
  });
  const { port, origin, searchParams } = new URL(url);
  const get = (path: string, headers: http.OutgoingHttpHeaders = {}, method = 'GET') =>
    new Promise<{ status: number | undefined; headers: http.IncomingHttpHeaders; body: string }>((resolve, reject) => {
      const request = http.request({ host: '127.0.0.1', port, path, headers, method }, (response) => {
        let body = '';
        response.on('data', (part) => {
          body += part;
        });
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
      });
      request.on('error', reject);
      request.end();
    });
  return { get, origin, port, token: `/?token=${searchParams.get('token')}` };
};

const enter = async ({ get, token }: Awaited<ReturnType<typeof start>>): Promise<string> => {
  const { headers } = await get(token);
  return (headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
};

describe('the browser door', () => {
  it('lets the holder of the token in, once, and keeps them by a strict cookie', async () => {
    const server = await start();
    const first = await server.get(server.token);
    expect(first.status).toBe(303);
    expect(first.headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    expect((await server.get(server.token)).status).toBe(403);
  });

  it('shows the page under a policy that allows no script and no other origin', async () => {
    const server = await start();
    const page = await server.get('/', { cookie: await enter(server) });
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'/);
    expect(page.body).toContain('<h1>Cache Inspector</h1>');
    expect(page.body).not.toContain('<script');
  });

  it.each([
    ['no token', '/', {}],
    ['a wrong token', '/?token=x', {}],
    ['a wrong cookie', '/', { cookie: 'cache-inspector=x' }],
    ['a path outside the page', '/../package.json', 'known'],
    ['a page of another origin', '/', { origin: 'http://evil.example' }],
    ['another name for this address', '/', { host: 'evil.example' }],
  ] as const)('refuses %s with 403', async (_, path, headers) => {
    const server = await start();
    const cookie = await enter(server);
    const sent =
      headers === 'known'
        ? { cookie }
        : 'cookie' in headers
          ? headers
          : Object.keys(headers).length
            ? { cookie, ...headers }
            : {};
    expect((await server.get(path, sent)).status).toBe(403);
  });

  it('takes nothing but reading', async () => {
    const server = await start();
    const cookie = await enter(server);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await server.get('/', { cookie }, method)).status).toBe(403);
    }
  });

  it('says when a port is taken', async () => {
    const server = await start();
    const inspector = await openInspector({ door: 'browser', stateDir: sandbox() });
    await expect(serve(inspector, Number(server.port))).rejects.toMatchObject({ code: 'invalid-argument' });
    await inspector.close();
  });
});
