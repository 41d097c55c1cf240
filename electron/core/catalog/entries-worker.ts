import { parentPort } from 'node:worker_threads';
import { reader } from '../fs/reader.ts';
import { folder, tools } from './index.ts';
import type { RawEntry, UnitDefinition } from './tool.ts';

/** One unit whose entries are wanted. */
export interface DecodeOrder {
  readonly id: number;
  readonly tool: string;
  readonly root: string;
  readonly unit: UnitDefinition;
}
export type FromDecoder =
  | { readonly id: number; readonly type: 'batch'; readonly entries: readonly RawEntry[] }
  | { readonly id: number; readonly type: 'end' }
  | { readonly id: number; readonly type: 'failed'; readonly message: string };

/** Enough for a screen, little enough that a first batch comes at once. */
const batchSize = 500;
/** What took this long (ms) to find is sent, however little it is: somebody is waiting to see it. */
const batchMs = 25;

const decode = async ({ id, tool, root, unit }: DecodeOrder, send: (message: FromDecoder) => void): Promise<void> => {
  const { entries } = tools.find((it) => it.id === tool) ?? folder;
  let batch: RawEntry[] = [];
  let sent = performance.now();
  for await (const entry of entries(root, unit, reader)) {
    batch.push(entry);
    if (batch.length < batchSize && performance.now() - sent < batchMs) continue;
    send({ id, type: 'batch', entries: batch });
    batch = [];
    sent = performance.now();
  }
  send({ id, type: 'batch', entries: batch });
  send({ id, type: 'end' });
};

const port = parentPort;
port?.on('message', (order: DecodeOrder) => {
  decode(order, (message) => port.postMessage(message)).catch((thrown: unknown) => {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    port.postMessage({ id: order.id, type: 'failed', message } satisfies FromDecoder);
  });
});
