import { describe, expect, it } from 'vitest';
import { sandbox } from '../../e2e/support/sandbox.ts';
import { serve } from './serve.ts';
import { builtPage, notingClient, openDoor, say } from './testing/door.ts';

const open = async () => {
  const core = notingClient();
  return { ...core, door: await openDoor(core.client) };
};

const inside = async () => {
  const { door, called } = await open();
  return { door, called, cookie: await door.enter() };
};

describe('the browser door', () => {
  it('lets the holder of the token in, once, and keeps them by a strict cookie', async () => {
    const { door } = await open();
    const first = await door.get(door.entrance);
    expect(first).toMatchObject({ status: 303, headers: { location: '/', 'cache-control': 'no-store' } });
    expect(first.headers['set-cookie']).toMatch(
      new RegExp(`^cache-inspector-${door.port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
    );
    const second = await door.get(door.entrance);
    expect(second).toMatchObject({ status: 403, headers: { 'content-type': 'text/plain; charset=utf-8' } });
    expect(second.body).toContain('good for one visit');
    expect(second.body).toContain('start it again');
    expect(second.headers['set-cookie']).toBe(undefined);
  });

  it('shows the page again and again to who has been let in', async () => {
    const { door, cookie } = await inside();
    for (const host of ['127.0.0.1', 'localhost', '127.0.0.1']) {
      const page = await door.get('/', { cookie: `other=1; ${cookie}`, host: `${host}:${door.port}` });
      expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
      expect(page.headers['cache-control']).toBe('no-store');
      expect(page.body).toContain('<title>Cache Inspector</title>');
    }
  });

  it('keeps the token for the person when their browser only looks ahead, or another page sends them', async () => {
    const { door } = await open();
    expect(await door.get(door.entrance, { 'sec-purpose': 'prefetch' })).toMatchObject({ status: 403 });
    expect(await door.get(door.entrance, { 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403 });
    expect(await door.get(door.entrance, {}, 'HEAD')).toMatchObject({ status: 403 });
    expect(await door.get(door.entrance, { 'sec-fetch-site': 'none' })).toMatchObject({ status: 303 });
  });

  it('lets files with a hash in their name be kept, and asks for the others', async () => {
    const { door, cookie } = await inside();
    const script = await door.get('/assets/a-1.js', { cookie });
    expect(script).toMatchObject({ status: 200, body: 'export {};' });
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.headers['cache-control']).toContain('immutable');
    expect((await door.get('/assets/a-1.css', { cookie })).headers['content-type']).toBe('text/css; charset=utf-8');
    const icon = await door.get('/icon.svg', { cookie });
    expect(icon.headers).toMatchObject({ 'content-type': 'image/svg+xml', 'cache-control': 'no-cache' });
    const again = await door.get('/icon.svg', { cookie, 'if-none-match': icon.headers['etag'] ?? '' });
    expect(again).toMatchObject({ status: 304, body: '' });
  });

  it('puts every wall on every reply', async () => {
    const { door, cookie } = await inside();
    const replies = [
      await door.get('/', { cookie }),
      await door.get('/assets/a-1.js', { cookie }),
      await door.get('/'),
      await door.get('/socket', { connection: 'Upgrade', upgrade: 'websocket' }),
      await say(door.port, 'nonsense\r\n\r\n'),
    ];
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 403, 403, 403]);
    for (const { headers } of replies) {
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'permissions-policy': expect.stringContaining('camera=()'),
        'content-security-policy': [
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'",
          `connect-src 'self' ws://127.0.0.1:${door.port} ws://localhost:${door.port}`,
          "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ].join('; '),
      });
    }
  });

  it('says when a port is taken', async () => {
    const { door, client } = await open();
    await expect(serve(client, { port: door.port, pageDir: builtPage() })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });

  it('says how to build a page that is not there', async () => {
    const { client, listeners } = notingClient();
    await expect(serve(client, { port: 0, pageDir: `${sandbox()}/none` })).rejects.toMatchObject({
      code: 'not-available',
      message: expect.stringContaining('npm run build'),
    });
    expect(listeners('leftovers')).toBe(0);
  });

  it('stops at once, whoever holds a connection open', async () => {
    const { door, listeners } = await open();
    const held = say(door.port, `GET / HTTP/1.1\r\nhost: 127.0.0.1:${door.port}\r\n`);
    await door.get('/');
    const before = Date.now();
    await door.served.close();
    // Not after the 20 s that a request may take.
    expect(Date.now() - before).toBeLessThan(5000);
    await held.catch(() => undefined);
    expect(listeners('leftovers')).toBe(0);
  });
});

describe('what is refused with 403, and nothing done', () => {
  const requests: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['a page of another origin', { origin: 'http://evil.example' }],
    ['a page of another port', { origin: 'http://127.0.0.1:1' }],
    ['a page without an origin', { origin: 'null' }],
    ['an image on another page', { 'sec-fetch-site': 'cross-site' }],
    ['an image on a page of another port', { 'sec-fetch-site': 'same-site' }],
    ['a forged Host', { host: 'evil.example' }],
    ['a name that was bound to this address anew', { host: 'rebound.example:PORT' }],
    ['a name that only looks like ours', { host: '127.0.0.1.evil.example:PORT' }],
    ['another port in the Host', { host: '127.0.0.1:1' }],
    ['another address of this machine', { host: '[::1]:PORT' }],
    ['no Host', { host: '' }],
    ['no cookie', { cookie: '' }],
    ['a wrong cookie', { cookie: 'cache-inspector-PORT=x' }],
    ['an empty cookie', { cookie: 'cache-inspector-PORT=' }],
  ];
  it.each(requests)('%s', async (_, headers) => {
    const { door, cookie, called } = await inside();
    const forPort = Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', String(door.port))]);
    for (const path of ['/', '/assets/a-1.js', '/socket', '/secret.txt']) {
      const reply = await door.get(path, { cookie, ...Object.fromEntries(forPort) });
      expect(reply.status).toBe(403);
      expect(reply.headers['content-type']).toBe('text/plain; charset=utf-8');
      expect(reply.body).not.toContain('<');
    }
    expect(called).toEqual([]);
  });

  it.each(['/', '/?token=', '/?token=x', '/?token=%00', `/?token=${'A'.repeat(43)}`, '/?Token=x'])(
    'a visit to %s without the token, which stays good',
    async (path) => {
      const { door, called } = await open();
      expect((await door.get(path)).status).toBe(403);
      expect((await door.get(door.entrance)).status).toBe(303);
      expect(called).toEqual([]);
    },
  );

  it('the token at another place than the start', async () => {
    const { door } = await open();
    expect((await door.get(door.entrance.replace('/', '/index.html'))).status).toBe(403);
    expect((await door.get(door.entrance.replace('/', '/socket'))).status).toBe(403);
  });

  const outside = [
    '/secret.txt',
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/assets/../index.html',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/%252e%252e/secret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '\\..\\secret.txt',
    '/assets\\a-1.js',
    '/index.html%00.js',
    '/index.html\0',
    '/%00',
    '/%',
    '/%c0%ae%c0%ae/secret.txt',
    '//secret.txt',
    '//127.0.0.1/index.html',
    '///index.html',
    '/./index.html',
    '/index.html/',
    '/INDEX.HTML',
    '/assets',
    '/assets/',
    '/assets/%61-1.js',
    '/index.html;x',
    '/index.html#x',
    'index.html',
    '*',
    'http://127.0.0.1:PORT/',
    'http://127.0.0.1:PORT/index.html',
    'http://evil.example/',
    'file:///etc/passwd',
    '/constructor',
    '/__proto__',
    '/etc/passwd',
  ];
  it.each(outside)('a path outside the page: %j', async (path) => {
    const { door, cookie, called } = await inside();
    const reply = await door.get(path.replace('PORT', String(door.port)), { cookie });
    expect(reply.status).toBe(403);
    expect(reply.text).not.toContain('secret');
    expect(called).toEqual([]);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'HEAD', 'CONNECT', 'PROPFIND', 'BREW'])(
    'the method %s',
    async (method) => {
      const { door, cookie, called } = await inside();
      for (const path of ['/', '/socket', door.entrance, '127.0.0.1:80']) {
        const reply = await door.get(path, { cookie, 'content-length': '0' }, method);
        expect(reply.status).toBe(403);
        expect(reply.headers['access-control-allow-origin']).toBe(undefined);
        expect(reply.headers['set-cookie']).toBe(undefined);
      }
      expect(called).toEqual([]);
    },
  );

  it('what is no HTTP, or too much of it', async () => {
    const { door, cookie } = await inside();
    const host = `host: 127.0.0.1:${door.port}`;
    for (const bytes of [
      '\0\x01\x02\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      `GET / HTTP/1.1\r\n${host}\r\ncookie: ${cookie}\r\nexpect: 200-maybe\r\nconnection: close\r\n\r\n`,
      `GET / HTTP/1.1\r\n${host}\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
      `POST / HTTP/1.1\r\n${host}\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\nabc`,
    ]) {
      expect((await say(door.port, bytes)).status).toBe(403);
    }
    expect((await door.get('/', { cookie })).status).toBe(200);
  });
});
