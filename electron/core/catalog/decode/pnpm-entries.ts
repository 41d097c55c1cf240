import { join } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import type { RawEntry, UnitDefinition } from '../tool.ts';
import { thing } from './thing.ts';
import { childrenOf, keyBelow } from './walk.ts';

/** `<62 hex>-@scope+thing@5.0.0.json`, as pnpm 10 names its lists of a package's files. */
const listed = /^[0-9a-f]{62}-(.+)@([^@]+)\.json$/;

/** `index/<2 hex>/<62 hex>-<name>@<version>.json`. The bytes of a package are files that others may share. */
function* packages(dir: string, read: Reader): Generator<RawEntry> {
  for (const shard of childrenOf(read, dir))
    for (const { name, path } of childrenOf(read, shard.path)) {
      const found = listed.exec(name);
      const named = { name: found?.[1]?.replaceAll('+', '/') ?? null, version: found?.[2] ?? null };
      yield thing(read, path, keyBelow(dir, path), 'package', named);
    }
}

/** A version of pnpm's store. Which packages v11 holds stands in index.db alone. Never throws. */
export function* storeEntries(dir: string, read: Reader): Generator<RawEntry> {
  for (const { name, path, kind } of childrenOf(read, dir)) {
    if (name === 'index' && kind === 'directory') yield* packages(path, read);
    else yield thing(read, path, name, kind === 'directory' ? 'folder' : 'file', { name });
  }
}

/** `<registry>/<name>.json`, `<registry>/@scope/<name>.jsonl`. */
function* answers(top: string, dir: string, read: Reader): Generator<RawEntry> {
  for (const registry of childrenOf(read, dir))
    for (const child of childrenOf(read, registry.path))
      for (const { name, path } of child.name.startsWith('@') ? childrenOf(read, child.path) : [child]) {
        const bare = name.replace(/\.jsonl?$/, '');
        const named = { name: child.name.startsWith('@') ? `${child.name}/${bare}` : bare };
        yield thing(read, path, keyBelow(top, path), 'metadata', named);
      }
}

/** A part of pnpm's cache beside its store. Never throws. */
export function* metadataEntries(dir: string, unit: UnitDefinition, read: Reader): Generator<RawEntry> {
  if (unit.kind === 'file') {
    if (read.facts(dir)?.kind === 'file') yield thing(read, dir, unit.name, 'file', { name: unit.name });
  } else if (unit.name.startsWith('metadata')) yield* answers(dir, dir, read);
  else
    for (const { name, path, kind } of childrenOf(read, dir)) {
      if (name.startsWith('metadata')) yield* answers(dir, join(dir, name), read);
      else yield thing(read, path, name, kind === 'directory' ? 'folder' : 'file', { name });
    }
}
