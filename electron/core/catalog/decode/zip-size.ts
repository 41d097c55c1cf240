import type { Reader } from '../../fs/reader.ts';

const endSize = 22;
const headSize = 46;
/** Deflate makes a byte out of no more than so many. What says more than that of itself is not believed. */
const mostPacked = 1032;
/** A directory for some hundred thousand files; beyond it nobody is made to wait. */
const largestDirectory = 32 * 1024 * 1024;
/** What stands where a number was too large for its place, in the longer format (zip64). */
const elsewhere = 0xffffffff;

/**
 * How many bytes a zip unpacks to, by its directory (APPNOTE.TXT 4.3.12, 4.3.16); nothing is unpacked. Null for one with
 * a comment, of the longer format, that is cut short or contradicts itself. Never throws.
 */
export const unpackedSize = (read: Reader, path: string): number | null => {
  const size = read.facts(path)?.size ?? 0;
  const end = size < endSize ? null : read.bytes(path, endSize, size - endSize);
  if (end?.length !== endSize || end.readUInt32LE(0) !== 0x06054b50 || end.readUInt16LE(20) !== 0) return null;
  const [count, length, offset] = [end.readUInt16LE(10), end.readUInt32LE(12), end.readUInt32LE(16)];
  if (length > largestDirectory || offset + length + endSize !== size) return null;
  const directory = read.bytes(path, length, offset);
  if (directory?.length !== length) return null;
  let at = 0;
  let bytes = 0;
  for (let seen = 0; seen < count; seen += 1) {
    if (at + headSize > length || directory.readUInt32LE(at) !== 0x02014b50) return null;
    const one = directory.readUInt32LE(at + 24);
    if (one === elsewhere) return null;
    bytes += one;
    at +=
      headSize + directory.readUInt16LE(at + 28) + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return at === length && bytes <= size * mostPacked ? bytes : null;
};
