import { dirname, join, resolve } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import { below, childrenOf, keyBelow } from './walk.ts';

/** One `snapshots/<commit>`. */
export interface Revision {
  readonly commit: string;
  readonly path: string;
  /** Absolute paths of the blobs that its links lead to and that are there, each once. */
  readonly blobs: readonly string[];
  /** Files that stand in it themselves (Windows without links), and the links, in bytes. */
  readonly ownBytes: number;
  /** Links that lead to no blob. */
  readonly missing: number;
}

/** A repository as huggingface_hub keeps it. */
export interface HubRepo {
  readonly revisions: readonly Revision[];
  /** How many revisions use a blob, by its path. */
  readonly users: ReadonlyMap<string, number>;
  /** Branches and tags by the commit that they mean. */
  readonly refs: ReadonlyMap<string, readonly string[]>;
}

/** Repositories have folders in them, and branches slashes; none as deep as this. */
const deepest = 32;
/** A commit is 40 digits. */
const largestRef = 256;

const refsOf = (dir: string, read: Reader): ReadonlyMap<string, readonly string[]> => {
  const refs = new Map<string, readonly string[]>();
  for (const { path, kind } of below(read, dir, deepest)) {
    const commit = kind === 'file' ? read.text(path, largestRef)?.trim() : undefined;
    if (commit) refs.set(commit, [...(refs.get(commit) ?? []), keyBelow(dir, path)]);
  }
  return refs;
};

const revisionOf = (commit: string, path: string, blobs: string, read: Reader): Revision => {
  const used = new Set<string>();
  let ownBytes = 0;
  let missing = 0;
  for (const file of below(read, path, deepest)) {
    ownBytes += file.kind === 'directory' ? 0 : (read.facts(file.path)?.size ?? 0);
    if (file.kind !== 'link') continue;
    const target = resolve(dirname(file.path), read.linkTarget(file.path) ?? '');
    // Only what stands directly in this repository's own blobs counts: a link may say anything.
    if (dirname(target) === blobs && read.facts(target)?.kind === 'file') used.add(target);
    else missing += 1;
  }
  return { commit, path, blobs: [...used], ownBytes, missing };
};

/** Revisions of a repository with the blobs they use, and what refers to them (huggingface_hub: file_download.py). Never throws. */
export const readHubRepo = (dir: string, read: Reader): HubRepo => {
  const revisions = childrenOf(read, join(dir, 'snapshots'))
    .filter(({ kind }) => kind === 'directory')
    .map(({ name, path }) => revisionOf(name, path, join(dir, 'blobs'), read));
  const users = new Map<string, number>();
  for (const { blobs } of revisions) for (const path of blobs) users.set(path, (users.get(path) ?? 0) + 1);
  return { revisions, users, refs: refsOf(join(dir, 'refs'), read) };
};
