import type { RawData, WebSocket } from 'ws';
import type { Client } from '../../shared/api.ts';
import { PageSession } from '../core/inspector.ts';

/** Calls of one page that may be under way at once. A page has a handful; more of them wait in the sender's socket. */
const mostCalls = 64;
/** Bytes of answers that may wait for a page that does not read. */
const mostUnsent = 1024 * 1024;

const notOfTheContract = 1008;

const parse = (data: RawData, isBinary: boolean): unknown => {
  if (isBinary) return undefined;
  try {
    return JSON.parse(String(data)) as unknown;
  } catch {
    return undefined;
  }
};

/**
 * Carries one page's messages. A message that is no JSON, or none of the contract, ends the connection. A page that
 * asks for more than is answered is not read from until it is: what it costs has a bound, however fast it asks.
 */
export const carry = (client: Client, socket: WebSocket): void => {
  /** What the socket had already handed out when it was paused: one read's worth at most. */
  const waiting: unknown[] = [];
  let calls = 0;
  let ended = false;

  const session = new PageSession(client, (message) => {
    socket.send(JSON.stringify(message), () => {
      if ('id' in message) calls -= 1;
      drain();
    });
  });
  const end = (): void => {
    ended = true;
    session.close();
    waiting.length = 0;
  };
  const take = (message: unknown): void => {
    if (typeof message === 'object' && message !== null && 'call' in message) calls += 1;
    if (session.receive(message)) return;
    end();
    socket.close(notOfTheContract, 'That is no message of the contract.');
  };
  const drain = (): void => {
    while (!ended && waiting.length > 0 && calls < mostCalls && socket.bufferedAmount < mostUnsent) {
      take(waiting.shift());
    }
    if (waiting.length > 0) socket.pause();
    else if (socket.isPaused) socket.resume();
  };

  socket.on('message', (data, isBinary) => {
    if (ended) return;
    waiting.push(parse(data, isBinary));
    drain();
  });
  socket.on('close', end);
  // Told by 'close' too; without a listener it would end the process.
  socket.on('error', () => undefined);
};
