import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Reader, reader } from '../../fs/reader.ts';
import { sibling } from '../../fs/sibling.ts';
import type { RawEntry } from '../tool.ts';
import { indexShards, npmCacache, npmContents, npmRecords, npmRest } from './npm-cacache.ts';
import type { FromHalf, HalfOrder } from './npm-half.ts';

/** A cache with so many shards, each with so many folders, has some 15,000 requests: there a second thread is worth its start. */
const manyShards = 250;
const manyFolders = 55;

const isLarge = (cacache: string, shards: readonly string[], read: Reader): boolean =>
  shards.length >= manyShards && read.names(join(cacache, 'index-v5', shards[0] ?? '')).length >= manyFolders;

/** The thread lists the content too, so it gets a smaller part of the index. */
const ownPart = 0.58;

interface Half {
  readonly entries: readonly RawEntry[];
  readonly named: readonly string[];
  readonly contents: readonly string[];
}

/** Null when the thread could not do it. */
const readHalf = (order: HalfOrder): Promise<Half | null> =>
  new Promise((resolve) => {
    const worker = new Worker(sibling(import.meta.url, 'npm-half'), { workerData: order });
    const entries: RawEntry[] = [];
    worker.on('message', (message: FromHalf) => {
      if (message.type === 'entries') for (const entry of message.entries) entries.push(entry);
      else resolve({ ...message, entries });
    });
    worker.once('error', () => resolve(null));
    worker.once('exit', () => resolve(null));
  });

/** As `npmCacache`, in two threads where the cache is large. */
export async function* npmShared(cacache: string, read: Reader): AsyncGenerator<RawEntry> {
  const shards = indexShards(cacache, read);
  // Any other reader cannot be had in the thread.
  if (read !== reader || !isLarge(cacache, shards, read)) {
    yield* npmCacache(cacache, read);
    return;
  }
  const cut = Math.round(shards.length * ownPart);
  const others = shards.slice(cut);
  const half = readHalf({ cacache, shards: others });
  const named = new Set<string>();
  yield* npmRecords(cacache, shards.slice(0, cut), named, read);
  const found = await half;
  if (found === null) {
    yield* npmRecords(cacache, others, named, read);
    yield* npmRest(cacache, npmContents(cacache, read), named, read);
    return;
  }
  yield* found.entries;
  for (const digest of found.named) named.add(digest);
  yield* npmRest(cacache, found.contents, named, read);
}
