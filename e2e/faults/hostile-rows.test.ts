import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { ApiError } from '../../shared/errors.ts';
import { failureCodes, refusalCodes, usageCodes } from '../../shared/errors.ts';
import { FromPage, type ToPage } from '../../shared/wire.ts';
import { builtPage } from '../support/built.ts';
import { hostileMessages } from '../support/hostile.ts';
import type { Box } from './support/box.ts';
import { changingCalls, tracingChanges } from './support/changing-calls.ts';
import { strace } from './support/needs.ts';
import { row } from './support/row.ts';
import { until } from './support/until.ts';

/*
 * A page that has been taken over, and everybody who is no page. Of the two doors with a page this is the browser's, the
 * real one: `serve` in a process of its own, every system call of which that changes something is written down. The
 * desktop's, where the sender is a frame of Electron, is tried on a stand-in in e2e/desktop/messages.test.ts.
 */

interface Door {
  readonly port: number;
  readonly cookie: string;
  /** Every call that would have changed something outside of the history, so far. */
  changes(): readonly string[];
}

const serving = async (box: Box): Promise<Door> => {
  await builtPage();
  await box.begun();
  await box.settled();
  const log = path.join(box.scratch, 'calls');
  const { child, ended } = await box.start(['serve', '--no-open'], { through: tracingChanges(log) });
  let said = '';
  child.stdout?.on('data', (text: string) => {
    said += text;
  });
  await Promise.race([
    until(() => said.includes('\n'), 'the address'),
    ended.then(({ stderr }) => Promise.reject(stderr)),
  ]);
  const url = new URL(said.trim());
  const entered = await fetch(url, { redirect: 'manual' });
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
  expect(cookie).toMatch(/=/);
  onTestFinished(() => void child.kill('SIGKILL'));
  return { port: Number(url.port), cookie, changes: () => changingCalls(log, [box.state]) };
};

const connect = async ({ port, cookie }: Door, headers: Readonly<Record<string, string>> = {}): Promise<WebSocket> => {
  const origin = `http://127.0.0.1:${port}`;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`, { headers: { cookie, origin, ...headers } });
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  socket.on('error', () => undefined);
  return socket;
};

/** Asks, and resolves with the answer: an error's code, or `ok`. */
const asking = (socket: WebSocket) => {
  // Several may have one number.
  const waiting = new Map<number, ((code: string) => void)[]>();
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as ToPage;
    if (!('id' in message)) return socket.send(JSON.stringify({ ack: message.batch }));
    waiting.get(message.id)?.shift()?.(message.result.ok ? 'ok' : message.result.error.code);
  });
  return (text: string): Promise<string> => {
    const { id } = JSON.parse(text) as { id: number };
    return new Promise((resolve) => {
      waiting.set(id, [...(waiting.get(id) ?? []), resolve]);
      socket.send(text);
    });
  };
};

const codes: readonly string[] = [...refusalCodes, ...usageCodes, ...failureCodes] satisfies ApiError['code'][];

/** As a page has to write it. Null: it cannot be written. */
const asJson = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part)) ?? 'undefined';

/** The self-test makes and breaks things in a place of its own: that is what it is for, and no harm. */
const isHarmless = (text: string): boolean => text.includes('"selfTest"');

const isOfTheContract = (text: string): boolean => {
  try {
    return FromPage.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
};

const forged = (box: Box): readonly (readonly [string, unknown])[] => [
  // Paths where ids belong.
  ...[box.unit, '/', box.home, '../pkgs', '~', 'pip-tools/pkgs'].flatMap((at): (readonly [string, unknown])[] => [
    ['clear', { plan: at, evenIfInUse: true }],
    ['plan', { targets: [{ unit: at }], measure: false }],
    ['plan', { targets: [{ cache: at }], measure: false }],
    ['plan', { targets: [{ path: at }], measure: false }],
    ['undo', { operation: at }],
    ['clean', { which: [at] }],
    ['reveal', { what: { unit: at } }],
  ]),
  // Ids that look right, and that nobody gave.
  ['clear', { plan: 'p_0123456789abcdef', evenIfInUse: true, undoWindowMs: 0 }],
  ['plan', { targets: [{ unit: 'u_0123456789ab' }, { cache: 'c_0123456789ab' }], measure: false }],
  ['undo', { operation: 'o_0123456789abcdef', ifRecreated: 'swap' }],
  ['resume', { operation: 'o_0123456789abcdef' }],
  ['clean', { which: ['l_0123456789ab'] }],
  // What is no call of the contract, and what would reach into objects.
  ...['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'rm', 'hold'].map((name) => [name, {}] as const),
];

row(71, 'ten thousand hostile calls through the WebSocket', { needs: [strace], timeoutMs: 600_000 }, async (box) => {
  const door = await serving(box);
  let socket = await connect(door);
  let ask = asking(socket);
  const heard = new Map<string, number>();
  const note = (code: string): void => void heard.set(code, (heard.get(code) ?? 0) + 1);

  const texts = forged(box).map(([call, args], at) => asJson({ id: 100_000 + at, call, args }));
  const polluting = ['__proto__', 'constructor', 'prototype'].flatMap((key) =>
    ['clear', 'settings', 'plan', 'protect'].map(
      (call) => `{"id":200000,"call":"${call}","args":{"${key}":{"isAdmin":true,"path":"/"},"evenIfInUse":true}}`,
    ),
  );
  for (const text of [...texts, ...polluting]) {
    const code = await ask(text);
    expect(codes, text).toContain(code);
    expect(code, text).not.toBe('internal');
    note(code);
  }

  const all = [...hostileMessages(15_000, 20_261_123)].map(asJson).filter((text) => !isHarmless(text));
  const fitting = all.filter(isOfTheContract);
  const strange = all.filter((text) => !isOfTheContract(text)).slice(0, 500);
  const calls = fitting.filter((text) => text.startsWith('{"id"'));
  expect(texts.length + polluting.length + calls.length).toBeGreaterThan(10_000);
  for (let from = 0; from < calls.length; from += 50) {
    for (const code of await Promise.all(calls.slice(from, from + 50).map((text) => ask(text)))) {
      expect([...codes, 'ok']).toContain(code);
      expect(code).not.toBe('internal');
      note(code);
    }
  }
  for (const text of fitting.filter((it) => !it.startsWith('{"id"'))) socket.send(text);

  // What is none of the contract ends the connection, and nothing else.
  let ended = 0;
  for (const text of strange) {
    if (socket.readyState !== WebSocket.OPEN) socket = await connect(door);
    const closed = once(socket, 'close');
    socket.send(text);
    const [code] = (await closed) as [number];
    expect({ text: text.slice(0, 200), code }).toEqual({ text: text.slice(0, 200), code: 1008 });
    ended += 1;
  }
  socket = await connect(door);
  ask = asking(socket);
  expect(await ask('{"id":1,"call":"settings","args":{}}')).toBe('ok');
  const changes = door.changes();
  process.stdout.write(
    `row 71: ${texts.length + polluting.length + calls.length} calls, ${ended} connections ended, ` +
      `${changes.length} changing system calls outside of the history; ${JSON.stringify(Object.fromEntries(heard))}\n`,
  );
  expect(changes).toEqual([]);
  expect(heard.get('invalid-argument')).toBeGreaterThan(1000);
  // The count is worth something: a clear, which is what the door is for, shows in it.
  await clears(ask, socket, box);
  expect(door.changes().some((call) => call.includes('.stale-'))).toBe(true);
  return { unit: 'absent', history: ['done'] };
});

const clears = async (ask: (text: string) => Promise<string>, socket: WebSocket, box: Box): Promise<void> => {
  const answers: Record<number, unknown> = {};
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as ToPage;
    if ('id' in message && message.result.ok) answers[message.id] = message.result.value;
  });
  const call = async (id: number, name: string, args: unknown): Promise<Record<string, never>> => {
    expect(await ask(JSON.stringify({ id, call: name, args })), name).toBe('ok');
    return answers[id] as Record<string, never>;
  };
  // One of ten thousand may have fitted, and protected a folder: that is no harm done.
  const { protectedFolders } = (await call(2, 'settings', {})) as { protectedFolders?: readonly string[] };
  for (const [at, folder] of (protectedFolders ?? []).entries()) await call(100 + at, 'unprotect', { path: folder });
  const { targets } = await call(3, 'resolve', { text: box.target });
  const plan = await call(4, 'plan', { targets, measure: false });
  await call(5, 'clear', { plan: plan['id'], evenIfInUse: true, undoWindowMs: 0 });
};

row(71, 'whoever is no page of ours gets no connection', { needs: [strace] }, async (box) => {
  const door = await serving(box);
  const own = `http://127.0.0.1:${door.port}`;
  const strangers: readonly Readonly<Record<string, string>>[] = [
    { cookie: '' },
    { cookie: `${door.cookie}0` },
    { cookie: door.cookie.replace(/=.*/, '=forged') },
    { origin: 'https://example.com' },
    { origin: 'null' },
    { origin: '' },
    { origin: own.replace('127.0.0.1', 'localhost') },
    { host: 'example.com' },
    { host: `example.com:${door.port}` },
  ];
  for (const headers of strangers) {
    const failed = await connect(door, headers).then(
      () => 'connected',
      (error: Error) => error.message,
    );
    expect({ headers, failed }).toEqual({ headers, failed: expect.stringMatching(/403|400/) });
  }
  for (const at of ['/', '/../state', '/socket', '/%2e%2e/%2e%2e/etc/passwd', '/?token=0']) {
    const reply = await fetch(`${own}${at}`, { redirect: 'manual' });
    expect({ at, status: reply.status }).toEqual({ at, status: 403 });
  }
  // The token was good for one visit.
  (await connect(door)).close();
  expect(door.changes()).toEqual([]);
  expect(fs.existsSync(box.unit)).toBe(true);
  return { unit: 'whole', history: [] };
});
