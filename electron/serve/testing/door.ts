import { connect } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { sandbox, write } from '../../../e2e/support/sandbox.ts';
import type { Client, EventName, Events } from '../../../shared/api.ts';
import { ok } from '../../../shared/errors.ts';
import type { FromPage, ToPage } from '../../../shared/wire.ts';
import { type Served, serve } from '../serve.ts';

// For tests only: the door with a page of its own, and peers that say exactly what the test wants said.

/** The page's files, with one beside them that is none of them. */
export const builtPage = (): string => {
  const top = sandbox();
  write(top, {
    'secret.txt': 'secret',
    'page/index.html':
      '<!doctype html><title>Cache Inspector</title><script type="module" src="/assets/a-1.js"></script>',
    'page/assets/a-1.js': 'export {};',
    'page/assets/a-1.css': ':root {}',
    'page/icon.svg': '<svg/>',
  });
  return `${top}/page`;
};

/** A core that does nothing but note what reached it. `answer`: what it says. */
export const notingClient = (answer: (args: unknown) => unknown = () => ({})) => {
  const called: string[] = [];
  const listeners = new Map<EventName, Set<(news: never) => void>>();
  const client = {
    call: async (name: string, args: unknown) => {
      called.push(name);
      return ok(await answer(args));
    },
    on: (event: EventName, listener: (news: never) => void) => {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set.add(listener));
      return () => set.delete(listener);
    },
  } as unknown as Client;
  const emit = <Name extends EventName>(event: Name, news: Events[Name]): void => {
    for (const listener of listeners.get(event) ?? []) (listener as (news: unknown) => void)(news);
  };
  return { client, called, emit, listeners: (event: EventName) => listeners.get(event)?.size ?? 0 };
};

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly text: string;
}

const parseReply = (text: string): Reply => {
  const [head = '', body = ''] = text.split(/\r\n\r\n(.*)/s);
  const [first = '', ...lines] = head.split('\r\n');
  const headers = lines
    .map((line) => line.split(/: (.*)/s))
    .map(([name = '', value = '']) => [name.toLowerCase(), value]);
  return { status: Number(first.split(' ')[1]), headers: Object.fromEntries(headers), body, text };
};

/** Sends these very bytes and reads until the server ends the connection. */
export const say = (port: number, bytes: string): Promise<Reply> =>
  new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    socket.on('close', () => resolve(parseReply(text)));
    socket.on('error', (error: NodeJS.ErrnoException) => (text === '' ? reject(error) : undefined));
  });

export interface Door {
  readonly port: number;
  readonly origin: string;
  /** `/?token=…`. */
  readonly entrance: string;
  readonly served: Served;
  /** A request as a browser would send it, unless `headers` says otherwise; an empty one is left out. */
  get(path: string, headers?: Readonly<Record<string, string>>, method?: string): Promise<Reply>;
  /** Uses the token, and gives the cookie. */
  enter(): Promise<string>;
}

/** Opens the door on a free port until the test ends. */
export const openDoor = async (client: Client, heartbeatMs?: number): Promise<Door> => {
  const pageDir = builtPage();
  const served = await serve(client, { port: 0, pageDir, ...(heartbeatMs !== undefined && { heartbeatMs }) });
  onTestFinished(() => served.close());
  const { port: text, origin, pathname, search } = new URL(served.url);
  const port = Number(text);
  const entrance = pathname + search;
  const get: Door['get'] = (path, headers = {}, method = 'GET') => {
    const all = Object.entries({ host: `127.0.0.1:${port}`, connection: 'close', ...headers });
    const lines = all.filter(([, value]) => value !== '').map(([name, value]) => `${name}: ${value}\r\n`);
    return say(port, `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  };
  const enter = async () => (await get(entrance)).headers['set-cookie']?.split(';')[0] ?? '';
  return { port, origin, entrance, served, get, enter };
};

/** A page that is connected: what it was sent, and its way to speak. */
export interface Peer {
  readonly socket: WebSocket;
  readonly heard: ToPage[];
  tell(message: FromPage | { readonly call: string; readonly id: number; readonly args: unknown }): void;
  /** Waits until something that was heard fits. */
  until<Wanted>(find: (heard: readonly ToPage[]) => Wanted | undefined): Promise<Wanted>;
  readonly closed: Promise<number>;
}

export const connectPeer = async ({ port, origin }: Door, cookie: string): Promise<Peer> => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`, { origin, headers: { cookie } });
  const heard: ToPage[] = [];
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  const hearing = new Set<() => void>();
  socket.on('message', (data) => {
    heard.push(JSON.parse(String(data)) as ToPage);
    for (const look of [...hearing]) look();
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.on('error', () => undefined);
  onTestFinished(() => socket.terminate());
  return {
    socket,
    heard,
    closed,
    tell: (message) => socket.send(JSON.stringify(message)),
    until: (find) =>
      new Promise((resolve) => {
        const look = () => {
          const found = find(heard);
          if (found === undefined) return;
          hearing.delete(look);
          resolve(found);
        };
        hearing.add(look);
        look();
      }),
  };
};

/** The answer to a call, once it is there. */
export const answerTo = (peer: Peer, id: number) =>
  peer.until((heard) => {
    for (const message of heard) if ('id' in message && message.id === id) return message.result;
    return undefined;
  });
