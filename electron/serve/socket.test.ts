import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { answerTo, connectPeer, notingClient, openDoor } from './testing/door.ts';

const open = async (answer?: (args: unknown) => unknown, heartbeatMs?: number) => {
  const core = notingClient(answer);
  const door = await openDoor(core.client, heartbeatMs);
  const cookie = await door.enter();
  return { ...core, door, cookie };
};

const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
};

describe('who may have a WebSocket', () => {
  it.each([
    ['without the cookie', '/socket', { cookie: '' }],
    ['with a wrong cookie', '/socket', { cookie: 'cache-inspector-PORT=x' }],
    ['without an Origin', '/socket', { origin: '' }],
    ['of a page of another origin', '/socket', { origin: 'http://evil.example' }],
    ['of a page of another port', '/socket', { origin: 'http://127.0.0.1:1' }],
    ['of a page by the other name', '/socket', { origin: 'http://localhost:PORT' }],
    ['of a secure page', '/socket', { origin: 'https://127.0.0.1:PORT' }],
    ['of a sandboxed page', '/socket', { origin: 'null' }],
    ['with a forged Host', '/socket', { host: 'evil.example', origin: 'http://evil.example' }],
    ['by DNS rebinding', '/socket', { host: 'evil.example:PORT', origin: 'http://evil.example:PORT' }],
    ['without a Host', '/socket', { host: '' }],
    ['at another path', '/', {}],
    ['at a path that ends there', '/socket/../socket', {}],
    ['at the path with a query', '/socket?x', {}],
    ['for the token', 'ENTRANCE', { cookie: '' }],
    ['by absolute form', 'http://127.0.0.1:PORT/socket', {}],
    ['by POST', '/socket', { method: 'POST' }],
    ['by another protocol', '/secret.txt', { upgrade: 'h2c' }],
  ])('none %s: 403', async (_, path, changes) => {
    const { door, cookie, called, listeners } = await open();
    const here = (text: string) => text.replace('PORT', String(door.port)).replace('ENTRANCE', door.entrance);
    const { method = 'GET', ...headers } = Object.fromEntries(
      Object.entries({ ...upgrade, origin: door.origin, cookie, ...changes }).map(([name, value]) => [
        name,
        here(value),
      ]),
    );
    const reply = await door.get(here(path), headers, method);
    expect(reply.status).toBe(403);
    expect(reply.headers['upgrade']).toBe(undefined);
    expect(called).toEqual([]);
    // The door's own.
    expect(listeners('leftovers')).toBe(1);
  });

  it('the page that was let in', async () => {
    const { door, cookie, called } = await open(() => ({ some: 'answer' }));
    const peer = await connectPeer(door, cookie);
    peer.tell({ id: 7, call: 'doctor', args: {} });
    expect(await answerTo(peer, 7)).toEqual({ ok: true, value: { some: 'answer' } });
    expect(called).toEqual(['doctor']);
  });
});

describe('what a page may say', () => {
  it.each([
    ['no JSON', 'hello'],
    ['half of it', '{"id":1,"call":"list"'],
    ['nothing', ''],
    ['no object', '17'],
    ['null', 'null'],
    ['nothing of the contract', '{"id":1}'],
    ['more than the contract', '{"id":1,"call":"list","args":{},"door":"terminal"}'],
    ['a call without a number', '{"id":"1","call":"list","args":{}}'],
    ['a name that is endless', JSON.stringify({ id: 1, call: 'x'.repeat(101), args: {} })],
    ['an event that does not exist', '{"hear":["everything"]}'],
    ['a prototype', '{"__proto__":{"call":"list"},"id":1}'],
    ['depth', `{"id":1,"call":${'['.repeat(100_000)}${']'.repeat(100_000)},"args":{}}`],
  ])('%s ends its connection with 1008, and does nothing', async (_, text) => {
    const { door, cookie, called, listeners } = await open();
    const peer = await connectPeer(door, cookie);
    peer.tell({ hear: ['leftovers'] });
    peer.socket.send(text);
    // What comes after it is not looked at.
    peer.tell({ id: 2, call: 'doctor', args: {} });
    expect(await peer.closed).toBe(1008);
    expect(called).toEqual([]);
    expect(listeners('leftovers')).toBe(1);
    expect((await door.get('/', { cookie })).status).toBe(200);
  });

  it('bytes end it too', async () => {
    const { door, cookie } = await open();
    const peer = await connectPeer(door, cookie);
    peer.socket.send(Buffer.from('{"ack":0}'));
    expect(await peer.closed).toBe(1008);
  });

  it.each([
    ['more than a message may hold', '"'.padEnd(1024 * 1024 + 1, 'x'), 1009],
    ['text that is no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 1007],
  ])('%s ends it before it is looked at', async (_, data, code) => {
    const { door, cookie, called } = await open();
    const peer = await connectPeer(door, cookie);
    peer.socket.send(data, { binary: false });
    expect(await peer.closed).toBe(code);
    expect(called).toEqual([]);
    expect((await door.get('/', { cookie })).status).toBe(200);
  });

  it('frames against the protocol end it', async () => {
    const { door, cookie } = await open();
    const lines = Object.entries({ ...upgrade, host: `127.0.0.1:${door.port}`, origin: door.origin, cookie });
    const socket = connect(door.port, '127.0.0.1');
    socket.write(`GET /socket HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
    await new Promise((resolve) => socket.once('data', resolve));
    // Not masked, with all reserved bits.
    socket.write(Buffer.from([0xff, 0x05, 1, 2, 3, 4, 5]));
    await new Promise((resolve) => socket.resume().once('close', resolve));
    expect((await door.get('/', { cookie })).status).toBe(200);
  });
});

describe('pages that come and go', () => {
  it('two at once hear the same and answer for themselves', async () => {
    const { door, cookie, emit } = await open((args) => args);
    const [one, two] = [await connectPeer(door, cookie), await connectPeer(door, cookie)];
    for (const peer of [one, two]) peer.tell({ hear: ['notice'] });
    one.tell({ id: 1, call: 'doctor', args: { from: 'one' } });
    two.tell({ id: 1, call: 'doctor', args: { from: 'two' } });
    expect(await answerTo(one, 1)).toEqual({ ok: true, value: { from: 'one' } });
    expect(await answerTo(two, 1)).toEqual({ ok: true, value: { from: 'two' } });
    emit('notice', { level: 'info', message: 'both' });
    for (const peer of [one, two]) {
      const news = await peer.until((heard) => heard.find((message) => 'batch' in message));
      expect(news).toEqual({ batch: 1, news: [['notice', { level: 'info', message: 'both' }]] });
    }
  });

  it('one that left costs nothing, and may come again', async () => {
    const { door, cookie, listeners } = await open();
    const first = await connectPeer(door, cookie);
    first.tell({ hear: ['usage'] });
    await expect.poll(() => listeners('usage')).toBe(1);
    first.socket.terminate();
    await expect.poll(() => listeners('usage')).toBe(0);
    const second = await connectPeer(door, cookie);
    second.tell({ id: 1, call: 'doctor', args: {} });
    expect(await answerTo(second, 1)).toMatchObject({ ok: true });
  });

  it('one that does not listen is current as soon as it does', async () => {
    const { door, cookie, emit } = await open();
    const peer = await connectPeer(door, cookie);
    peer.tell({ hear: ['disk'] });
    peer.tell({ id: 1, call: 'doctor', args: {} });
    await answerTo(peer, 1);
    for (let free = 0; free < 5000; free += 1) emit('disk', { total: 5000, free });
    const first = await peer.until((heard) => heard.find((message) => 'batch' in message && message.batch === 1));
    expect(first).toEqual({ batch: 1, news: [['disk', { total: 5000, free: 4999 }]] });
    for (let free = 0; free < 5000; free += 1) emit('disk', { total: 6000, free });
    await sleep(120);
    // Nothing more was sent without an acknowledgement.
    expect(peer.heard.filter((message) => 'batch' in message)).toHaveLength(1);
    peer.tell({ ack: 1 });
    const second = await peer.until((heard) => heard.find((message) => 'batch' in message && message.batch === 2));
    expect(second).toEqual({ batch: 2, news: [['disk', { total: 6000, free: 4999 }]] });
  });

  it('one that answers no ping is dropped, one that does stays', async () => {
    const { door, cookie, listeners } = await open(undefined, 60);
    const [alive, dead] = [await connectPeer(door, cookie), await connectPeer(door, cookie)];
    for (const peer of [alive, dead]) peer.tell({ hear: ['usage'] });
    await expect.poll(() => listeners('usage')).toBe(2);
    dead.socket.pause();
    await expect.poll(() => listeners('usage'), { timeout: 5000 }).toBe(1);
    await sleep(200);
    alive.tell({ id: 1, call: 'doctor', args: {} });
    expect(await answerTo(alive, 1)).toMatchObject({ ok: true });
  });

  it('all are let go at once when the door closes, calls under way or not', async () => {
    const { door, cookie, called } = await open(() => new Promise(() => undefined));
    const peer = await connectPeer(door, cookie);
    peer.tell({ id: 1, call: 'doctor', args: {} });
    await expect.poll(() => called).toEqual(['doctor']);
    const before = Date.now();
    await door.served.close();
    expect(await peer.closed).toBe(1001);
    // Not after the 20 s that a request may take.
    expect(Date.now() - before).toBeLessThan(5000);
  });
});

describe('a page that asks without end', () => {
  it('has 64 calls under way; the others wait and are all answered, in order', async () => {
    const under = { way: 0, most: 0 };
    const gate = Promise.withResolvers<void>();
    const { door, cookie, called } = await open(async () => {
      under.way += 1;
      under.most = Math.max(under.most, under.way);
      await gate.promise;
      under.way -= 1;
      return {};
    });
    const peer = await connectPeer(door, cookie);
    const all = 20_000;
    // More than the system's own buffers hold.
    const pad = ' '.repeat(1000);
    for (let id = 0; id < all; id += 1) peer.tell({ id, call: 'doctor', args: { id, pad } });
    await sleep(300);
    expect(called).toHaveLength(64);
    // It waits where it came from: in the sender's socket.
    expect(peer.socket.bufferedAmount).toBeGreaterThan(0);
    gate.resolve();
    await answerTo(peer, all - 1);
    expect(under.most).toBe(64);
    expect(peer.heard.map((message) => 'id' in message && message.id)).toEqual([...Array(all).keys()]);
  });

  it('and does not read is given no more than it left room for', async () => {
    const { door, cookie, called } = await open(() => 'x'.repeat(500_000));
    const peer = await connectPeer(door, cookie);
    peer.socket.pause();
    for (let id = 0; id < 2000; id += 1) peer.tell({ id, call: 'doctor', args: {} });
    await sleep(500);
    const stuck = called.length;
    expect(stuck).toBeLessThan(200);
    await sleep(200);
    expect(called).toHaveLength(stuck);
    const other = await connectPeer(door, cookie);
    other.tell({ id: 1, call: 'doctor', args: {} });
    expect(await answerTo(other, 1)).toMatchObject({ ok: true });
  });
});
