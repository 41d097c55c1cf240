import type { Child, Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { readDistFile } from './dist-file.ts';
import { entry, timestamp } from './entry.ts';
import { childrenOf, keyBelow, sizeOf } from './walk.ts';

/** `aa/bb/cc/<50 hex>`: sha224 of the link (piptools/repositories/pypi.py, _get_download_path). */
const isHashed = (depth: number, name: string): boolean =>
  depth < 3 ? /^[0-9a-f]{2}$/.test(name) : depth === 3 && /^[0-9a-f]{50}$/.test(name);

function* files(read: Reader, folder: string, depth: number): Generator<Child> {
  for (const child of childrenOf(read, folder)) {
    if (child.kind === 'directory' && isHashed(depth, child.name)) yield* files(read, child.path, depth + 1);
    else yield child;
  }
}

/**
 * pip-tools' `pkgs`: what its legacy resolver downloaded or checked out, an entry a file or folder, named by its file
 * name as far as that tells. Often empty. Never throws.
 */
export function* pipToolsPkgs(folder: string, read: Reader): Generator<RawEntry> {
  for (const child of files(read, folder, 0)) {
    const file = child.kind === 'directory' ? null : readDistFile(child.name);
    yield entry(keyBelow(folder, child.path), file?.kind ?? (child.kind === 'directory' ? 'folder' : 'file'), {
      name: file?.name ?? child.name,
      version: file?.version ?? null,
      bytes: sizeOf(read, child.path),
      created: timestamp(read.facts(child.path)?.mtimeMs),
      lastUsed: timestamp(read.lastUse(child.path)),
    });
  }
}
