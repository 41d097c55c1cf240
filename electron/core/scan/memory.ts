import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Rewritten } from '../catalog/tool.ts';
import { makeOwnDirectory } from '../fs/own-files.ts';
import { fs } from '../fs/seam.ts';
import { type DirectoryRecord, decodeRecord } from './record.ts';

/** What a memory file must be about to be used: another root, another rule or another format means a full scan. */
export interface MemoryKey {
  readonly root: string;
  readonly dev: bigint;
  readonly ino: bigint;
  readonly rewritten: Rewritten;
}

/** More than this is not kept (some 400,000 directories): such a tree is scanned in full each time. */
export const maxMemoryBytes = 64 * 1024 * 1024;

/** A directory of the last scan, with its bytes, to be written again when it is reused. */
export interface Remembered {
  readonly record: DirectoryRecord;
  readonly bytes: Buffer;
}

const format = 1;

const headerOf = (key: MemoryKey): string =>
  JSON.stringify({
    cacheInspectorScan: format,
    root: key.root,
    dev: String(key.dev),
    ino: String(key.ino),
    rewritten: key.rewritten,
  });

const decodeAll = (bytes: Buffer): Remembered[] => {
  const all: Remembered[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { record, next } = decodeRecord(bytes, at);
    all.push({ record, bytes: bytes.subarray(at, next) });
    at = next;
  }
  return all;
};

/**
 * The directories of the last scan, each after its parent; null when the file is absent, damaged, or about something
 * else. Never throws.
 */
export const loadMemory = (path: string, key: MemoryKey): readonly Remembered[] | null => {
  try {
    if (fs.statSync(path).size > 2 * maxMemoryBytes) return null;
    const content = fs.readFileSync(path);
    const line = content.indexOf(0x0a);
    if (line < 0 || content.toString('utf8', 0, line) !== headerOf(key)) return null;
    const body = content.subarray(line + 5);
    if (content.readUInt32LE(line + 1) !== crc32(body)) return null;
    return decodeAll(body);
  } catch {
    return null;
  }
};

/**
 * Keeps `kept` and the records in `fresh` for the next scan, by a temporary file and a rename, so that a reader sees
 * the old or the new one. Not synced: a file torn by a crash is known by its checksum. A failure (a full disk) costs
 * only the speed of the next scan, so it is not reported: the old file is taken away then.
 */
export const saveMemory = (
  path: string,
  key: MemoryKey,
  kept: readonly Remembered[],
  fresh: readonly Uint8Array[],
): void => {
  const all = [...kept, ...decodeAll(Buffer.concat(fresh))];
  // A path sorts after every prefix of it, so parents come first.
  all.sort((a, b) => (a.record.path < b.record.path ? -1 : 1));
  const body = Buffer.concat(all.map((one) => one.bytes));
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(body));
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    makeOwnDirectory(dirname(path));
    fs.writeFileSync(temporary, Buffer.concat([Buffer.from(`${headerOf(key)}\n`), sum, body]), { mode: 0o600 });
    fs.renameSync(temporary, path);
  } catch {
    forgetMemory(temporary);
    forgetMemory(path);
  }
};

/** Takes the record of the last scan away. Never throws. */
export const forgetMemory = (path: string): void => {
  try {
    fs.unlinkSync(path);
  } catch {
    // It was not there, or the next load will find it foreign.
  }
};
