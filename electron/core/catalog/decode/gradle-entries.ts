import { join } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { thing, things } from './thing.ts';
import { childrenOf, keyBelow } from './walk.ts';

/** `modules-2/files-2.1/<group>/<module>/<version>/<sha1>/<file>`. */
function* modules(dir: string, read: Reader): Generator<RawEntry> {
  for (const top of childrenOf(read, dir)) {
    if (!top.name.startsWith('files-')) {
      yield thing(read, top.path, top.name, top.kind === 'directory' ? 'metadata' : 'file', { name: top.name });
      continue;
    }
    for (const group of childrenOf(read, top.path))
      for (const module of childrenOf(read, group.path))
        for (const version of childrenOf(read, module.path)) {
          const named = { name: `${group.name}:${module.name}`, version: version.name };
          yield thing(read, version.path, keyBelow(dir, version.path), 'module', named);
        }
  }
}

/** `wrapper/dists/gradle-8.5-bin/<hash>`. */
function* distributions(dir: string, name: string, read: Reader): Generator<RawEntry> {
  const version = /^gradle-(.+)-(?:bin|all|src|docs)$/.exec(name)?.[1] ?? null;
  for (const child of childrenOf(read, dir))
    yield thing(read, join(dir, child.name), child.name, 'distribution', { name: 'gradle', version });
}

/** What the names in one of Gradle's folders say. Never throws. */
export const gradleEntries = (dir: string, unit: string, read: Reader): Iterable<RawEntry> => {
  const name = unit.slice(unit.lastIndexOf('/') + 1);
  if (unit.startsWith('wrapper/')) return distributions(dir, name, read);
  return name.startsWith('modules-') ? modules(dir, read) : things(read, dir);
};
