import { join } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import { type IndexRecord, largestBucket, readBucket } from '../decode/npm-bucket.ts';
import { contentPath, type Digest, shortDigest, strongest } from '../decode/npm-integrity.ts';
import { below, keyBelow } from '../decode/walk.ts';
import { unitPath } from '../shape.ts';
import type { PartPlan, Tool, Wanted } from '../tool.ts';
import { unitByPath } from './by-path.ts';
import { allOf, belowRoot, planOf, standingIn } from './plan.ts';

type Stays = PartPlan['stays'][number];

const sharedIndex =
  'npm keeps its record in one file with others that were not chosen, and a file of npm’s is never rewritten here.';
const usedAgain = 'npm’s index leads to it again.';
const unreadable =
  'one of npm’s index files cannot be read, so what else leads to its content is not known. Choose that file too, or all of _cacache.';

/** What npm's index comes to when some of its records go. */
interface Index {
  /** Files of the index that go, below the root. */
  readonly buckets: readonly string[];
  /** Keys of the records in them. */
  readonly going: readonly string[];
  /** What those lead to. */
  readonly digests: readonly Digest[];
  /** What the others lead to, see `shortDigest`. */
  readonly needed: ReadonlySet<string>;
  /** Keys that share a file with others which were not chosen. */
  readonly shared: readonly string[];
  /** A file that stays cannot be read. */
  readonly isUnknown: boolean;
}

const digestsOf = (records: readonly IndexRecord[]): readonly Digest[] =>
  records.map(({ integrity }) => strongest(integrity ?? '')).filter((digest) => digest !== null);

/** Reads all of the index once. A bucket goes when every record in it that npm still finds is wanted. */
const readIndex = (root: string, cacache: string, keys: ReadonlySet<string>, read: Reader): Index => {
  const index = join(cacache, 'index-v5');
  const buckets: string[] = [];
  const going: string[] = [];
  const digests: Digest[] = [];
  const needed = new Set<string>();
  const shared: string[] = [];
  let isUnknown = false;
  for (const file of below(read, index, 3)) {
    const bucket = keyBelow(index, file.path);
    const whole = `bucket ${bucket}`;
    const bytes = file.kind === 'file' ? read.bytes(file.path, largestBucket + 1) : null;
    if (bytes === null || bytes.length > largestBucket) {
      if (!keys.has(whole)) isUnknown ||= file.kind !== 'directory';
      else {
        buckets.push(belowRoot(root, file.path));
        going.push(whole);
      }
      continue;
    }
    const live = readBucket(bytes).records.filter(({ integrity }) => integrity !== null);
    const names = live.map((record) => `index ${bucket} ${record.key}`);
    const chosen = [...names, whole].filter((name) => keys.has(name));
    if (chosen.length > 0 && names.every((name) => keys.has(name))) {
      buckets.push(belowRoot(root, file.path));
      going.push(...chosen);
      digests.push(...digestsOf(live));
    } else {
      shared.push(...chosen);
      for (const digest of digestsOf(live)) needed.add(shortDigest(digest));
    }
  }
  return { buckets, going, digests, needed, shared, isUnknown };
};

/** The digest in an orphan's key, `content sha512/aa/bb/cc…`. */
const digestIn = (path: string): Digest => {
  const [algorithm = '', ...hex] = path.split('/');
  return { algorithm, hex: hex.join('') };
};

/** npm's `_cacache`: records with the content that nobody else leads to, the index first; orphans and unfinished downloads alone. */
const cacacheParts = (root: string, { unit, keys }: Wanted, read: Reader): Pick<PartPlan, 'moves' | 'stays'> => {
  if (keys === 'all') return { moves: allOf(root, unit, read), stays: [] };
  const cacache = unitPath(root, unit);
  const stands = standingIn(root, read);
  const index = readIndex(root, cacache, keys, read);
  const stay = (names: readonly string[], why: string): readonly Stays[] =>
    names.map((key) => ({ unit: unit.name, key, why }));
  const stays: Stays[] = [...stay(index.shared, sharedIndex)];
  const moves: string[] = [];
  if (index.isUnknown) stays.push(...stay(index.going, unreadable));
  else {
    const content = index.digests
      .filter((digest) => !index.needed.has(shortDigest(digest)))
      .map((digest) => contentPath(cacache, digest))
      .filter((path) => read.facts(path)?.kind === 'file')
      .map((path) => belowRoot(root, path));
    moves.push(...index.buckets, ...content.filter(stands));
  }
  for (const key of keys) {
    const [, what, path = ''] = /^(content|tmp) (.+)$/s.exec(key) ?? [];
    const place = what === 'content' ? `${unit.name}/content-v2/${path}` : `${unit.name}/tmp/${path}`;
    if (what === undefined || !stands(place)) continue;
    if (what === 'content' && index.isUnknown) stays.push(...stay([key], unreadable));
    else if (what === 'content' && index.needed.has(shortDigest(digestIn(path)))) stays.push(...stay([key], usedAgain));
    else moves.push(place);
  }
  return { moves, stays };
};

const together = 'npx installed the packages of this folder together. It is only cleared as a whole.';

/** Records of npm's cache, its logs; what npx installed goes as a whole. */
export const npmParts: NonNullable<Tool['parts']> = (root, wanted, read) => {
  const found = wanted.map((it) =>
    it.unit.name === '_cacache'
      ? cacacheParts(root, it, read)
      : unitByPath(root, it, read, { stays: ({ name }) => (name.startsWith('_npx/') ? together : null) }),
  );
  return planOf(
    found.flatMap(({ moves }) => moves),
    { stays: found.flatMap(({ stays }) => stays) },
  );
};
