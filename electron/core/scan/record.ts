/**
 * One directory as it was when it was listed, in the bytes that walkers send and that the memory file holds: a
 * 300,000-directory tree takes some 40 MB this way, a tenth of what objects take. Little endian:
 *
 *     u32 length of the record  u8 again  u32 n, path  4 x i64 dev, ino, mtimeNs, ctimeNs
 *     5 x f64 files, apparent, allocated, newestMs, oldestMs   u32 number of names, each u16 n, name
 */
export interface DirectoryRecord {
  /** Relative to the root, `''` for the root; bytes as latin1, so that every name fits. */
  readonly path: string;
  /** True: whatever its times say, list it again. */
  readonly again: boolean;
  readonly dev: bigint;
  readonly ino: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  /** Totals of what stands directly in it, has one link and is not a directory. */
  readonly files: number;
  readonly apparent: number;
  readonly allocated: number;
  /** -Infinity and Infinity when there is no file. */
  readonly newestMs: number;
  readonly oldestMs: number;
  /** Names (latin1) of the files in it with more than one link: their count changes from outside. */
  readonly linked: readonly string[];
}

const fixed = 4 + 1 + 4 + 4 * 8 + 5 * 8 + 4;

/** The bytes of one record. */
export const encodeRecord = (record: DirectoryRecord): Buffer => {
  const names = record.linked.reduce((sum, name) => sum + 2 + name.length, 0);
  const out = Buffer.allocUnsafe(fixed + record.path.length + names);
  let at = out.writeUInt32LE(out.length, 0);
  at = out.writeUInt8(record.again ? 1 : 0, at);
  at = out.writeUInt32LE(record.path.length, at);
  at += out.write(record.path, at, 'latin1');
  for (const value of [record.dev, record.ino, record.mtimeNs, record.ctimeNs]) {
    at = out.writeBigInt64LE(BigInt.asIntN(64, value), at);
  }
  for (const value of [record.files, record.apparent, record.allocated, record.newestMs, record.oldestMs]) {
    at = out.writeDoubleLE(value, at);
  }
  at = out.writeUInt32LE(record.linked.length, at);
  for (const name of record.linked) {
    at = out.writeUInt16LE(name.length, at);
    at += out.write(name, at, 'latin1');
  }
  return out;
};

/** Device and inode numbers are unsigned: the first 64 bits of them are compared. */
export const sameNumber = (recorded: bigint, actual: bigint): boolean => recorded === BigInt.asIntN(64, actual);

/** The record that starts at `offset`, and where the next one starts. Throws a RangeError when the bytes end before. */
export const decodeRecord = (bytes: Buffer, offset: number): { record: DirectoryRecord; next: number } => {
  const next = offset + bytes.readUInt32LE(offset);
  const pathLength = bytes.readUInt32LE(offset + 5);
  const pathAt = offset + 9;
  const numbersAt = pathAt + pathLength;
  const doublesAt = numbersAt + 32;
  const namesAt = doublesAt + 40;
  const linked: string[] = [];
  let at = namesAt + 4;
  for (let left = bytes.readUInt32LE(namesAt); left > 0; left -= 1) {
    const length = bytes.readUInt16LE(at);
    linked.push(bytes.toString('latin1', at + 2, at + 2 + length));
    at += 2 + length;
  }
  if (at !== next || next > bytes.length) throw new RangeError('not a record');
  const record = {
    path: bytes.toString('latin1', pathAt, numbersAt),
    again: bytes.readUInt8(offset + 4) !== 0,
    dev: bytes.readBigInt64LE(numbersAt),
    ino: bytes.readBigInt64LE(numbersAt + 8),
    mtimeNs: bytes.readBigInt64LE(numbersAt + 16),
    ctimeNs: bytes.readBigInt64LE(numbersAt + 24),
    files: bytes.readDoubleLE(doublesAt),
    apparent: bytes.readDoubleLE(doublesAt + 8),
    allocated: bytes.readDoubleLE(doublesAt + 16),
    newestMs: bytes.readDoubleLE(doublesAt + 24),
    oldestMs: bytes.readDoubleLE(doublesAt + 32),
    linked,
  };
  return { record, next };
};
