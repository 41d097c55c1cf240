import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Client } from '../../shared/api.ts';
import { carry } from './line.ts';

const goingAway = 1001;

/**
 * The pages that are connected. A peer that answers no ping until the next one is taken for dead and dropped; while
 * nobody is connected no timer runs.
 */
export class Sockets {
  readonly #client: Client;
  readonly #heartbeatMs: number;
  readonly #silent = new Set<WebSocket>();
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: 1024 * 1024,
    perMessageDeflate: false,
  });
  #heartbeat: NodeJS.Timeout | null = null;

  constructor(client: Client, heartbeatMs: number) {
    this.#client = client;
    this.#heartbeatMs = heartbeatMs;
  }

  /** Makes a WebSocket of a request that the guard has let through. */
  accept(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, stream, head, (socket) => {
      const heard = (): void => void this.#silent.delete(socket);
      socket.on('pong', heard);
      socket.on('message', heard);
      socket.on('close', () => {
        heard();
        if (this.#server.clients.size === 0) this.#rest();
      });
      carry(this.#client, socket);
      this.#heartbeat ??= setInterval(() => this.#beat(), this.#heartbeatMs).unref();
    });
  }

  /** Lets every page know that the server goes away, and waits for none of them. */
  close(): void {
    this.#rest();
    for (const socket of this.#server.clients) {
      socket.close(goingAway);
      socket.terminate();
    }
    this.#server.close();
  }

  #beat(): void {
    for (const socket of this.#server.clients) {
      // From one that is paused no pong could be read.
      if (socket.isPaused) continue;
      if (this.#silent.has(socket)) {
        socket.terminate();
        continue;
      }
      this.#silent.add(socket);
      socket.ping();
    }
  }

  #rest(): void {
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat);
    this.#heartbeat = null;
  }
}
