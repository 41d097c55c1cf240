import { join } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { shown } from './entry.ts';
import { thing, things } from './thing.ts';
import { childrenOf, keyBelow } from './walk.ts';

/** Longer than any path. */
const longestPath = 64 * 1024;

/** The parts of a workspace's folder, used by the workspace whose path Bazel wrote into it. */
function* workspace(dir: string, read: Reader): Generator<RawEntry> {
  const path = read.text(join(dir, 'DO_NOT_BUILD_HERE'), longestPath)?.trim() ?? '';
  const usedBy = path === '' ? null : [shown(path)];
  for (const part of things(read, dir)) yield { ...part, usedBy };
}

/** `cache/repos/v1/content_addressable/sha256/<hash>/file` and the `id-` files beside it, which say who asked. */
function* downloads(dir: string, read: Reader): Generator<RawEntry> {
  for (const format of childrenOf(read, dir))
    for (const hashes of [join(format.path, 'content_addressable', 'sha256'), join(format.path, 'contents')])
      for (const { name, path } of childrenOf(read, hashes))
        yield thing(read, path, keyBelow(dir, path), 'download', { name });
}

/** One of Bazel's folders. Never throws. */
export const bazelEntries = (dir: string, unit: string, read: Reader): Iterable<RawEntry> => {
  if (unit === 'cache/repos') return downloads(dir, read);
  return unit.includes('/') ? things(read, dir) : workspace(dir, read);
};
