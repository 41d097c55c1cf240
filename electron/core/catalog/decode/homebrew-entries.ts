import type { Reader } from '../../fs/reader.ts';
import type { RawEntry, UnitDefinition } from '../tool.ts';
import { thing, things } from './thing.ts';

const download = /^[0-9a-f]{64}--(.+?)(\.incomplete)?$/s;

/** `wget--1.21.3.arm64_sonoma.bottle.tar.gz`, `wget-1.21.3.tar.gz`, `firefox--120.0.dmg`. */
const parts =
  /^(.+?)--?v?(\d[\w.+]*?)(?:\.(?:[\w]+\.)?bottle(?:\.\d+)?)?(?:_?manifest)?(?:\.(?:tar\.\w+|tgz|zip|dmg|pkg|json|rb|phar|jar|gem|whl))?$/;

/** `downloads/<hash>--<name>`; all else by its own name. Never throws. */
export function* homebrewEntries(dir: string, unit: UnitDefinition, read: Reader): Generator<RawEntry> {
  if (unit.name !== 'downloads') {
    yield* things(read, dir);
    return;
  }
  if (read.facts(dir)?.kind !== 'directory') return;
  for (const { name: file, path, kind } of read.each(dir)) {
    const [, whole = file, incomplete] = download.exec(file) ?? [];
    const found = parts.exec(whole.replace(/^([^-]+(?:-[a-z][^-]*)*)_bottle_manifest--/, '$1--'));
    yield thing(
      read,
      path,
      file,
      incomplete === undefined ? (kind === 'directory' ? 'folder' : 'download') : 'unfinished',
      {
        name: found?.[1] ?? whole,
        version: found?.[2] ?? null,
      },
    );
  }
}
