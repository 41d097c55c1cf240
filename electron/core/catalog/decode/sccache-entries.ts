import type { Child, Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { entry, timestamp } from './entry.ts';
import { thing } from './thing.ts';
import { below, childrenOf, keyBelow } from './walk.ts';
import { pickFromZip } from './zip.ts';

/** What every result holds besides what was made (src/cache/cache_io.rs). */
const isPlain = (name: string): boolean => name === 'stdout' || name === 'stderr';

/** `k0/k1/<key>`, a zip whose members are called as what they are: `obj` for C, `libserde-….rlib` for Rust. */
const result = async (dir: string, { name, path }: Child, read: Reader): Promise<RawEntry> => {
  const facts = read.facts(path);
  const length = facts?.size ?? 0;
  const names = await pickFromZip(read, { path, offset: 0, length }, (member) => (isPlain(member) ? null : member));
  const made = names.damaged === null ? names.found : null;
  return entry(keyBelow(dir, path), 'result', {
    name: made === null || made === 'obj' ? name : made,
    bytes: length,
    created: timestamp(facts?.mtimeMs),
    lastUsed: timestamp(read.lastUse(path)),
    damaged: names.damaged === null ? null : `It is ${names.damaged}. sccache makes it again.`,
  });
};

async function* shelf(dir: string, top: string, read: Reader): AsyncGenerator<RawEntry> {
  for (const child of below(read, top, 3))
    if (child.kind === 'file' && /^[0-9a-f]{32,}$/.test(child.name)) yield await result(dir, child, read);
    else yield thing(read, child.path, keyBelow(dir, child.path), 'file', { name: child.name });
}

/** What is in a part of the cache: what was made, where a result says it. Which source it is of is not written. Never throws. */
export async function* sccacheEntries(path: string, unit: string, read: Reader): AsyncGenerator<RawEntry> {
  if (unit !== '.' && unit !== 'preprocessor') {
    yield* shelf(path, path, read);
    return;
  }
  for (const child of childrenOf(read, path))
    if (unit === '.' && child.kind === 'directory' && /^[0-9a-f]$/.test(child.name))
      yield* shelf(path, child.path, read);
    else yield thing(read, child.path, child.name, unit === '.' ? 'helper' : 'preprocessor', { name: child.name });
}
