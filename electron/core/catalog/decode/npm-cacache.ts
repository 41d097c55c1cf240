import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { entry, timestamp } from './entry.ts';
import { type IndexRecord, largestBucket, readBucket } from './npm-bucket.ts';
import { contentPath, shortDigest, strongest } from './npm-integrity.ts';
import { readNpmUrl } from './npm-url.ts';
import { childrenOf, keyBelow, leavesBelow, sizeOf } from './walk.ts';

const content = (cacache: string, record: IndexRecord, read: Reader): Partial<RawEntry> => {
  const digest = strongest(record.integrity ?? '');
  if (digest === null) return { damaged: 'its integrity names no content that npm could have stored' };
  const path = contentPath(cacache, digest);
  const facts = read.glance(path);
  if (facts === null) return { damaged: 'its content is missing' };
  if (facts.kind !== 'file') return { damaged: 'something else stands where its content should be' };
  const wrong = record.size !== null && record.size !== facts.size;
  return {
    bytes: facts.size,
    lastUsed: timestamp(Math.max(record.time ?? 0, facts.usedMs)),
    damaged: wrong ? `its content is ${facts.size} bytes and should be ${record.size}` : null,
  };
};

const describe = (cacache: string, bucket: string, record: IndexRecord, read: Reader): RawEntry => {
  const { kind, name, version } = readNpmUrl(record.url ?? '');
  const found = content(cacache, record, read);
  // cacache looks a key up where its hash says, so a record elsewhere is never found again.
  const stray = hash('sha256', record.key) !== bucket.replaceAll('/', '');
  return entry(`index ${bucket} ${record.key}`, kind, {
    name: name ?? (record.url === null ? record.key : null),
    version,
    url: record.url,
    created: timestamp(record.time),
    ...found,
    damaged: found.damaged ?? (stray ? 'its record is in the wrong index file' : null),
  });
};

/**
 * What npm's `_cacache` holds: an entry for every request in the index, with `bytes` of its content file and
 * nothing for the index; then content that no request leads to any more, as `npm cache verify` would find it; then
 * what unfinished downloads left in `tmp`. Content is not read again to check its digest: that is npm's own
 * `cache verify`. Never throws.
 */
export function* npmCacache(cacache: string, read: Reader): Generator<RawEntry> {
  const named = new Set<string>();
  yield* npmRecords(cacache, indexShards(cacache, read), named, read);
  yield* npmRest(cacache, npmContents(cacache, read), named, read);
}

/** The top folders of the index, `00` to `ff`: they share its records evenly. */
export const indexShards = (cacache: string, read: Reader): readonly string[] =>
  childrenOf(read, join(cacache, 'index-v5')).map(({ name }) => name);

function* buckets(index: string, shards: readonly string[], read: Reader): Generator<string> {
  for (const shard of shards) {
    const path = join(index, shard);
    if (read.glance(path)?.kind === 'directory') yield* leavesBelow(read, path, 2);
    else yield path;
  }
}

/** The entries of these parts of the index; what they lead to is added to `named`. */
export function* npmRecords(
  cacache: string,
  shards: readonly string[],
  named: Set<string>,
  read: Reader,
): Generator<RawEntry> {
  const index = join(cacache, 'index-v5');
  for (const file of buckets(index, shards, read)) {
    const bucket = keyBelow(index, file);
    const bytes = read.bytes(file, largestBucket + 1);
    if (bytes === null || bytes.length > largestBucket) {
      const damaged = bytes === null ? 'this index file cannot be read' : 'this index file is too large to be npm’s';
      yield entry(`bucket ${bucket}`, 'index', { name: bucket, damaged });
      continue;
    }
    const { records, damaged } = readBucket(bytes);
    if (damaged !== null) yield entry(`bucket ${bucket}`, 'index', { name: bucket, damaged });
    for (const record of records) {
      if (record.integrity === null) continue;
      const digest = strongest(record.integrity);
      if (digest !== null) named.add(shortDigest(digest));
      yield describe(cacache, bucket, record, read);
    }
  }
}

/** All content files, `sha512/ab/cd/…`. */
export function* npmContents(cacache: string, read: Reader): Generator<string> {
  const store = join(cacache, 'content-v2');
  for (const file of leavesBelow(read, store, 4)) yield keyBelow(store, file);
}

/** What of these content files no request leads to, and what unfinished downloads left. */
export function* npmRest(
  cacache: string,
  contents: Iterable<string>,
  named: ReadonlySet<string>,
  read: Reader,
): Generator<RawEntry> {
  yield* orphans(cacache, contents, named, read);
  for (const child of childrenOf(read, join(cacache, 'tmp')))
    yield entry(`tmp ${child.name}`, 'unfinished', {
      name: child.name,
      bytes: sizeOf(read, child.path),
      lastUsed: timestamp(read.lastUse(child.path)),
    });
}

function* orphans(
  cacache: string,
  contents: Iterable<string>,
  named: ReadonlySet<string>,
  read: Reader,
): Generator<RawEntry> {
  const store = join(cacache, 'content-v2');
  for (const key of contents) {
    const [algorithm = '', ...hex] = key.split('/');
    if (named.has(shortDigest({ algorithm, hex: hex.join('') }))) continue;
    const facts = read.glance(join(store, key));
    yield entry(`content ${key}`, 'orphan', {
      name: key,
      bytes: facts?.size ?? null,
      created: timestamp(facts?.mtimeMs),
      lastUsed: timestamp(facts?.usedMs),
    });
  }
}
