import { parentPort, workerData } from 'node:worker_threads';
import { reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { npmContents, npmRecords } from './npm-cacache.ts';

/** A part of a large cache of npm's. */
export interface HalfOrder {
  readonly cacache: string;
  readonly shards: readonly string[];
}
export type FromHalf =
  | { readonly type: 'entries'; readonly entries: readonly RawEntry[] }
  /** All of its part was told; `named`: content that it leads to, `contents`: every content file there is. */
  | { readonly type: 'end'; readonly named: readonly string[]; readonly contents: readonly string[] };

const batchSize = 2000;

const { cacache, shards } = workerData as HalfOrder;
const tell = (message: FromHalf): void => parentPort?.postMessage(message);
const contents = [...npmContents(cacache, reader)];
const named = new Set<string>();
let batch: RawEntry[] = [];
for (const entry of npmRecords(cacache, shards, named, reader)) {
  batch.push(entry);
  if (batch.length < batchSize) continue;
  tell({ type: 'entries', entries: batch });
  batch = [];
}
tell({ type: 'entries', entries: batch });
tell({ type: 'end', named: [...named], contents });
