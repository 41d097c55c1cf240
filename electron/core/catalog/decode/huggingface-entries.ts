import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { entry, timestamp } from './entry.ts';
import { type HubRepo, type Revision, readHubRepo } from './huggingface-repo.ts';
import { thing } from './thing.ts';
import { childrenOf, sizeOf } from './walk.ts';

const latest = (moments: readonly (number | null)[]): number | null =>
  moments.reduce<number | null>((best, ms) => (best === null || (ms !== null && ms > best) ? ms : best), null);

const sizesOf = (read: Reader, paths: Iterable<string>): number =>
  [...paths].reduce((sum, path) => sum + (read.facts(path)?.size ?? 0), 0);

const missing = (count: number): string | null =>
  count === 0
    ? null
    : `${count} of its files ${count === 1 ? 'is' : 'are'} not there: it was not downloaded to its end.`;

/** A revision with what it alone uses: so much comes back when it goes. Used by: the branches and tags that mean it. */
const revisionOf = (repo: HubRepo, revision: Revision, what: string, name: string, read: Reader): RawEntry => {
  const alone = revision.blobs.filter((path) => repo.users.get(path) === 1);
  return entry(`snapshots/${revision.commit}`, what, {
    name,
    version: revision.commit,
    bytes: revision.ownBytes + sizesOf(read, alone),
    created: timestamp(read.facts(revision.path)?.mtimeMs),
    lastUsed: timestamp(
      latest([read.facts(revision.path)?.mtimeMs ?? null, ...revision.blobs.map((path) => read.lastUse(path))]),
    ),
    usedBy: repo.refs.get(revision.commit) ?? [],
    damaged: missing(revision.missing),
  });
};

/** Files of no revision: downloads that were not finished, and what a revision that is gone has left. */
const unused = ({ name: blob, path }: Child, name: string, read: Reader): RawEntry => ({
  ...thing(read, path, `blobs/${blob}`, blob.endsWith('.incomplete') ? 'unfinished' : 'file of no revision', { name }),
  usedBy: [],
});

/**
 * A repository: an entry for each revision that is there, one for all that several of them share, one for each file that
 * none uses, and one for notes. So the sum is that of the folder. Never throws.
 */
export function* huggingfaceEntries(dir: string, folder: string, read: Reader): Generator<RawEntry> {
  if (read.facts(dir)?.kind !== 'directory') return;
  const [kind = '', ...names] = folder.split('--');
  const name = names.join('/');
  const what = kind.replace(/s$/, '');
  const repo = readHubRepo(dir, read);
  const blobs = childrenOf(read, join(dir, 'blobs'));
  if (repo.revisions.length === 0 && blobs.length === 0) {
    yield thing(read, dir, '.', what, { name });
    return;
  }
  for (const revision of repo.revisions) yield revisionOf(repo, revision, what, name, read);
  const shared = blobs.filter(({ path }) => (repo.users.get(path) ?? 0) > 1);
  if (shared.length > 0)
    yield entry('blobs', 'shared files', {
      name,
      bytes: sizesOf(
        read,
        shared.map(({ path }) => path),
      ),
      lastUsed: timestamp(latest(shared.map(({ path }) => read.lastUse(path)))),
      usedBy: repo.revisions
        .filter((it) => it.blobs.some((path) => (repo.users.get(path) ?? 0) > 1))
        .map((it) => it.commit),
    });
  for (const blob of blobs) if (!repo.users.has(blob.path)) yield unused(blob, name, read);
  const notes = childrenOf(read, dir).filter((child) => child.name !== 'blobs' && child.name !== 'snapshots');
  if (notes.length > 0)
    yield entry('notes', 'notes', {
      name,
      bytes: notes.reduce((sum, { path }) => sum + (sizeOf(read, path) ?? 0), 0),
      lastUsed: timestamp(latest(notes.map(({ path }) => read.facts(path)?.mtimeMs ?? null))),
    });
}
