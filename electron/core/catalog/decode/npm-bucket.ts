import { hash } from 'node:crypto';
import { asTable, asText, jsonObject } from './entry.ts';

/** npm compacts a bucket on every write, so a real one is some kB; a bound for the memory. */
export const largestBucket = 4 * 1024 * 1024;
/** A record is one URL with its headers, a few kB. */
const largestRecord = 256 * 1024;
const keyPrefix = 'make-fetch-happen:request-cache:';

/** One record of npm's index that is whole. */
export interface IndexRecord {
  readonly key: string;
  /** Null: the key has been removed. */
  readonly integrity: string | null;
  /** ms since 1970, when npm stored it. */
  readonly time: number | null;
  /** Bytes of the content. */
  readonly size: number | null;
  readonly url: string | null;
}

export interface Bucket {
  /** The last whole record of each key. */
  readonly records: readonly IndexRecord[];
  /** Why some lines could not be used, as a sentence; null when all could. */
  readonly damaged: string | null;
}

const recordOf = (json: string): IndexRecord | null => {
  const table = jsonObject(json);
  const key = asText(table?.['key']);
  if (table === null || key === null) return null;
  const { integrity, time, size } = table;
  if (integrity != null && typeof integrity !== 'string') return null;
  return {
    key,
    integrity: integrity || null,
    time: typeof time === 'number' ? time : null,
    size: typeof size === 'number' ? size : null,
    url:
      asText(asTable(table['metadata'])?.['url']) ?? (key.startsWith(keyPrefix) ? key.slice(keyPrefix.length) : null),
  };
};

/**
 * One bucket file of index-v5: lines of `sha1(json) TAB json`, the last of a key wins (cacache lib/entry-index.js,
 * which passes over bad lines in silence; here they are counted). Never throws.
 */
export const readBucket = (content: Buffer): Bucket => {
  const records = new Map<string, IndexRecord>();
  let bad = 0;
  let lines = 0;
  let why = '';
  for (let start = 0; start <= content.length; ) {
    const found = content.indexOf(10, start);
    const end = found === -1 ? content.length : found;
    const line = content.subarray(start, end);
    start = end + 1;
    if (line.length === 0) continue;
    lines += 1;
    const json = line.subarray(41);
    const problem =
      line.length > largestRecord
        ? 'a record is too long to be npm’s'
        : line[40] !== 9
          ? 'a line has no checksum'
          : hash('sha1', json) !== line.toString('latin1', 0, 40)
            ? 'the checksum does not match'
            : null;
    const record = problem === null ? recordOf(json.toString('utf8')) : null;
    if (record !== null) {
      records.set(record.key, record);
      continue;
    }
    bad += 1;
    why ||= problem ?? 'a record is not what npm writes';
  }
  const damaged = bad === 0 ? null : `${why} (${bad} of ${lines} ${lines === 1 ? 'line' : 'lines'} of this index file)`;
  return { records: [...records.values()], damaged };
};
