import { basename, join } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { thing } from './thing.ts';
import { childrenOf } from './walk.ts';

/** A result's folder is named by the hash of what went into it: a number of 64 bits, in older ones digits of hex. */
export const isNxHash = (name: string): boolean => /^(?:\d{12,20}|[0-9a-f]{40}|[0-9a-f]{64})$/.test(name);

/** `dist/apps/shop`: as deep as one folder leads to the next and nothing stands beside it. */
const outputOf = (dir: string, read: Reader): string | null => {
  let path = '';
  for (let depth = 0; depth < 6; depth += 1) {
    const children = childrenOf(read, join(dir, path)).filter(
      ({ name }) => depth > 0 || !/^(?:code|source|terminalOutput|\.commit)$/.test(name),
    );
    const [only] = children;
    if (children.length !== 1 || only === undefined || only.kind !== 'directory') break;
    path = path === '' ? only.name : `${path}/${only.name}`;
  }
  return path === '' ? null : path.replace(/^outputs\//, '');
};

function* results(dir: string, prefix: string, read: Reader): Generator<RawEntry> {
  for (const { name, path, kind } of read.each(dir)) {
    const isResult = kind === 'directory' && isNxHash(name);
    yield thing(read, path, prefix + name, isResult ? 'task result' : kind === 'directory' ? 'folder' : 'file', {
      name: (isResult ? outputOf(path, read) : null) ?? name,
    });
  }
}

/**
 * What Nx keeps: results by what they put into the repository, and its databases and graphs by name. Which task a result
 * is of stands in a database that is not read. Never throws.
 */
export function* nxEntries(dir: string, read: Reader): Generator<RawEntry> {
  if (read.facts(dir)?.kind !== 'directory') return;
  if (basename(dir) === 'cache') yield* results(dir, '', read);
  else
    for (const child of childrenOf(read, dir))
      if (child.name === 'cache' && child.kind === 'directory') yield* results(child.path, 'cache/', read);
      else
        yield thing(read, child.path, child.name, child.kind === 'directory' ? 'folder' : 'file', { name: child.name });
}
