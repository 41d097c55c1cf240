import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';

/** More files than any single package or log folder holds; beyond it a size is not told instead of waited for. */
const mostFiles = 200_000;

/** Children of a real directory; a link to one has none. */
export const childrenOf = (read: Reader, dir: string): readonly Child[] =>
  read.facts(dir)?.kind === 'directory' ? read.list(dir) : [];

/** Every child that is not a directory, `depth` levels down at most. Directories at the last level come out too. */
export function* below(read: Reader, dir: string, depth: number): Generator<Child> {
  if (read.glance(dir)?.kind === 'directory') yield* belowOne(read, dir, depth);
}

/** Its children are known to be what they are: very many of them are not asked again. */
function* belowOne(read: Reader, dir: string, depth: number): Generator<Child> {
  for (const child of read.list(dir)) {
    if (child.kind === 'directory' && depth > 1) yield* belowOne(read, child.path, depth - 1);
    else yield child;
  }
}

/**
 * Paths of what stands exactly `depth` levels down, and of files above: what they are nobody has looked at. For folders by
 * the ten thousand that hold a file each.
 */
export function* leavesBelow(read: Reader, dir: string, depth: number): Generator<string> {
  if (read.glance(dir)?.kind === 'directory') yield* leavesOf(read, dir, depth);
}

function* leavesOf(read: Reader, dir: string, depth: number): Generator<string> {
  if (depth === 1) {
    for (const name of read.names(dir)) yield join(dir, name);
    return;
  }
  for (const child of read.list(dir)) {
    if (child.kind === 'directory') yield* leavesOf(read, child.path, depth - 1);
    else yield child.path;
  }
}

/** Apparent size in bytes of a file, or of all files below a directory; null when it is too much to count here. */
export const sizeOf = (read: Reader, path: string): number | null => {
  let bytes = 0;
  let seen = 0;
  const waiting = [path];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const facts = read.facts(next);
    if (facts?.kind !== 'directory') {
      bytes += facts?.size ?? 0;
      continue;
    }
    for (const child of read.list(next)) {
      seen += 1;
      if (seen > mostFiles) return null;
      waiting.push(child.path);
    }
  }
  return bytes;
};

/** A path below `root` with `/` between, the same on every platform: good as an entry's key. */
export const keyBelow = (root: string, path: string): string =>
  path.slice(root.length).replaceAll('\\', '/').replace(/^\/+/, '');
