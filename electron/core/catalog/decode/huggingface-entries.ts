import { join } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { thing } from './thing.ts';
import { childrenOf, sizeOf } from './walk.ts';

/**
 * A repository, an entry for each revision that is there. Revisions share blobs, so `bytes` is the whole repository, on
 * the first only, so that the sum is true. Never throws.
 */
export function* huggingfaceEntries(dir: string, folder: string, read: Reader): Generator<RawEntry> {
  if (read.facts(dir)?.kind !== 'directory') return;
  const [kind = '', ...names] = folder.split('--');
  const name = names.join('/');
  const what = kind.replace(/s$/, '');
  const bytes = sizeOf(read, dir);
  const revisions = childrenOf(read, join(dir, 'snapshots'));
  if (revisions.length === 0) yield thing(read, dir, '.', what, { name, bytes });
  for (const [index, revision] of revisions.entries())
    yield thing(read, revision.path, `snapshots/${revision.name}`, what, {
      name,
      version: revision.name,
      bytes: index === 0 ? bytes : null,
    });
}
