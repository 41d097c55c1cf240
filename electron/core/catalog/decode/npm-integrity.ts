import { join } from 'node:path';

/** Weakest first; cacache stores content under the strongest that an integrity names (ssri). */
const algorithms = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'];

/** Digest of a content file, as npm's index names it. */
export interface Digest {
  readonly algorithm: string;
  readonly hex: string;
}

/** The strongest digest of a subresource integrity string; null when there is none that cacache could store. */
export const strongest = (integrity: string): Digest | null => {
  let best: Digest | null = null;
  for (const part of integrity.split(/\s+/)) {
    const found = /^([a-z0-9]+)-([A-Za-z0-9+/]+={0,2})(?:\?.*)?$/.exec(part);
    const algorithm = found?.[1] ?? '';
    if (!algorithms.includes(algorithm) || found?.[2] === undefined) continue;
    if (best !== null && algorithms.indexOf(algorithm) <= algorithms.indexOf(best.algorithm)) continue;
    best = { algorithm, hex: Buffer.from(found[2], 'base64').toString('hex') };
  }
  return best !== null && best.hex.length > 4 ? best : null;
};

/** Where cacache keeps it below `_cacache` (cacache lib/content/path.js). */
export const contentPath = (cacache: string, { algorithm, hex }: Digest): string =>
  join(cacache, 'content-v2', algorithm, hex.slice(0, 2), hex.slice(2, 4), hex.slice(4));

/**
 * A digest in 16 bytes, enough to tell content files apart, as one small string: a set of a million of them stays
 * below 100 MB.
 */
export const shortDigest = ({ algorithm, hex }: Digest): string =>
  algorithm.slice(-1) + Buffer.from(hex.slice(0, 32), 'hex').toString('latin1');
