import { parentPort } from 'node:worker_threads';
import { reader } from '../fs/reader.ts';
import { folder, tools } from './index.ts';
import { type Selected, type SelectUnit, type SelectWish, select } from './select.ts';
import { type Surveyed, survey } from './survey.ts';
import type { RawEntry, UnitDefinition } from './tool.ts';

/** One unit whose entries are wanted. */
export interface DecodeOrder {
  readonly id: number;
  readonly tool: string;
  readonly root: string;
  readonly unit: UnitDefinition;
}
/** What a choice of entries comes to. */
export interface SelectOrder {
  readonly id: number;
  readonly tool: string;
  readonly root: string;
  readonly units: readonly SelectUnit[];
  readonly wish: SelectWish;
}
/** What stands in a cache. */
export interface SurveyOrder {
  readonly id: number;
  readonly tool: string;
  readonly root: string;
}
export type FromDecoder =
  | { readonly id: number; readonly type: 'batch'; readonly entries: readonly RawEntry[] }
  | { readonly id: number; readonly type: 'selected'; readonly selected: Selected }
  | { readonly id: number; readonly type: 'surveyed'; readonly surveyed: Surveyed }
  | { readonly id: number; readonly type: 'end' }
  | { readonly id: number; readonly type: 'failed'; readonly message: string };

/** Enough for a screen, little enough that a first batch comes at once. */
const batchSize = 500;
/** What took this long (ms) to find is sent, however little it is: somebody is waiting to see it. */
const batchMs = 25;

type Send = (message: FromDecoder) => void;
const toolOf = (id: string) => tools.find((it) => it.id === id) ?? folder;

const decode = async ({ id, tool, root, unit }: DecodeOrder, send: Send): Promise<void> => {
  let batch: RawEntry[] = [];
  let sent = performance.now();
  for await (const entry of toolOf(tool).entries(root, unit, reader)) {
    batch.push(entry);
    if (batch.length < batchSize && performance.now() - sent < batchMs) continue;
    send({ id, type: 'batch', entries: batch });
    batch = [];
    sent = performance.now();
  }
  send({ id, type: 'batch', entries: batch });
  send({ id, type: 'end' });
};

const choose = async ({ id, tool, root, units, wish }: SelectOrder, send: Send): Promise<void> => {
  const selected = await select(toolOf(tool), root, units, wish, reader, Date.now());
  send({ id, type: 'selected', selected });
  send({ id, type: 'end' });
};

const look = async ({ id, tool, root }: SurveyOrder, send: Send): Promise<void> => {
  send({ id, type: 'surveyed', surveyed: survey(toolOf(tool), root, reader) });
  send({ id, type: 'end' });
};

const act = (order: DecodeOrder | SelectOrder | SurveyOrder, send: Send): Promise<void> => {
  if ('wish' in order) return choose(order, send);
  return 'unit' in order ? decode(order, send) : look(order, send);
};

const port = parentPort;
port?.on('message', (order: DecodeOrder | SelectOrder | SurveyOrder) => {
  const send: Send = (message) => port.postMessage(message);
  act(order, send).catch((thrown: unknown) => {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    send({ id: order.id, type: 'failed', message });
  });
});
