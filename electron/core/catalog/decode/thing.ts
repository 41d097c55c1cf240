import type { Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { entry, timestamp } from './entry.ts';
import { sizeOf } from './walk.ts';

/** What a name of a tool says: null, or left out, where it does not say it. */
export interface Named {
  readonly name?: string | null;
  readonly version?: string | null;
  /** Left out: counted. Null where somebody else's bytes hold it, so that a sum is true. */
  readonly bytes?: number | null;
}

/** An entry that is one file or folder: what its name says, its size, when it was made and last used. Never throws. */
export const thing = (read: Reader, path: string, key: string, kind: string, named: Named): RawEntry =>
  entry(key, kind, {
    name: named.name ?? null,
    version: named.version ?? null,
    bytes: named.bytes === undefined ? sizeOf(read, path) : named.bytes,
    created: timestamp(read.facts(path)?.mtimeMs),
    lastUsed: timestamp(read.lastUse(path)),
  });

/** An entry for each child of a folder, by its own name. Never throws. */
export function* things(read: Reader, dir: string): Generator<RawEntry> {
  if (read.facts(dir)?.kind !== 'directory') return;
  for (const { name, path, kind } of read.each(dir))
    yield thing(read, path, name, kind === 'directory' ? 'folder' : 'file', { name });
}

/** `serde_json-1.0.100`: where the version begins is where the first number with a dot does. */
export const nameAndVersion = (text: string): { readonly name: string; readonly version: string | null } => {
  const found = /^(.+?)-(\d+\.\d.*)$/.exec(text);
  return { name: found?.[1] ?? text, version: found?.[2] ?? null };
};
