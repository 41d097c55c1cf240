import { constants, gunzipSync } from 'node:zlib';

/** Enough compressed bytes for the first headers of any tar; gzip makes at most 1032 times as much of them. */
export const tarPrefix = 16 * 1024;
const mostUnpacked = tarPrefix * 1100;
/** Before the first file only a few headers with extra attributes can stand. */
const mostHeaders = 8;

/** The sum of a header's bytes, its own field taken as spaces, stands in it: what has none is no tar. */
const isHeader = (header: Buffer): boolean => {
  let sum = 8 * 32;
  for (const [at, byte] of header.entries()) if (at < 148 || at >= 156) sum += byte;
  return sum === Number.parseInt(header.toString('latin1', 148, 156).replace(/\0.*$/s, '').trim(), 8);
};

const text = (header: Buffer, from: number, to: number): string =>
  header.toString('utf8', from, to).replace(/\0.*$/s, '');

/** The top folder of a `.tar.gz` from its first bytes, `requests-2.32.3`; null when those are no such thing. */
export const topFolder = (start: Buffer): string | null => {
  let tar: Buffer;
  try {
    // The end is cut off, which Z_SYNC_FLUSH lets pass.
    tar = gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostUnpacked });
  } catch {
    return null;
  }
  for (let at = 0, headers = 0; at + 512 <= tar.length && headers < mostHeaders; headers += 1) {
    const header = tar.subarray(at, at + 512);
    if (!isHeader(header)) return null;
    const type = String.fromCharCode(header[156] ?? 0);
    const size = Number.parseInt(text(header, 124, 136), 8);
    // x, g: pax attributes; L, K: GNU long names. The file they are about comes next.
    if (!'xgLK'.includes(type)) {
      const prefix = text(header, 257, 263).startsWith('ustar') ? text(header, 345, 500) : '';
      const path = prefix === '' ? text(header, 0, 100) : `${prefix}/${text(header, 0, 100)}`;
      return path.replace(/^\.\//, '').split('/')[0] || null;
    }
    if (!Number.isSafeInteger(size) || size < 0) return null;
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return null;
};
