import type { Child, Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { entry, timestamp } from './entry.ts';
import { thing } from './thing.ts';
import { below, childrenOf, keyBelow } from './walk.ts';

/**
 * `@babel-core-npm-7.26.0-17909ce7ba-10c0.zip`: name, protocol, version, ten digits of a hash and the format's number with
 * its compression (yarnpkg-core, structUtils.slugifyLocator, Cache.getVersionFilename).
 */
const archive = /^(.+)-([0-9a-f]{10})-(\d{1,3}(?:c[\w-]{1,8})?)\.zip$/;

/** As the folder that all projects share names it. In a project's own cache the number is a checksum of ten digits. */
export const isSharedArchive = (name: string): boolean => archive.test(name);

const enough = 2048;

/**
 * The package's own name out of the first folders in the zip, `node_modules/@babel/core/`, since the file's name has one
 * dash for all that is not a letter. Null when it is none of Yarn's.
 */
const nameInside = (bytes: Buffer): string | null => {
  for (let at = 0; at + 30 <= bytes.length && bytes.readUInt32LE(at) === 0x04034b50; ) {
    const length = bytes.readUInt16LE(at + 26);
    const name = bytes.toString('utf8', at + 30, at + 30 + length);
    const found = /^node_modules\/((?:@[^/]+\/)?[^@/][^/]*)\//.exec(name);
    if (found?.[1] !== undefined) return found[1];
    at += 30 + length + bytes.readUInt16LE(at + 28) + bytes.readUInt32LE(at + 18);
  }
  return null;
};

/** The zips of packages, an entry each. Never throws. */
function* archives(dir: string, read: Reader): Generator<RawEntry> {
  for (const { name: file, path, kind } of read.each(dir)) {
    const slug = kind === 'file' ? archive.exec(file)?.[1] : undefined;
    if (slug === undefined) {
      yield thing(read, path, file, /\.f?lock$/.test(file) ? 'lock' : 'file', { name: file });
      continue;
    }
    const bytes = read.bytes(path, enough);
    const [, before = slug, version = null] = /^(.*)-npm-(\d+\.\d.*)$/.exec(slug) ?? [];
    const facts = read.facts(path);
    yield entry(file, 'package', {
      name: (bytes === null ? null : nameInside(bytes)) ?? before,
      version,
      bytes: facts?.size ?? 0,
      created: timestamp(facts?.mtimeMs),
      lastUsed: timestamp(read.lastUse(path)),
      damaged: bytes?.toString('latin1', 0, 2) === 'PK' ? null : 'It does not begin as a zip does.',
    });
  }
}

/** As the registry says it; a scoped package's file has one dash for all, and a number behind. */
const nameOf = (read: Reader, { path, name }: Child): string => {
  const said = read.bytes(path, enough * 2)?.toString('utf8');
  const found = said === undefined ? null : /"name":"((?:@[\w.~-]+\/)?[\w.~-]+)"/.exec(said);
  return found?.[1] ?? name.replace(/\.json$/, '');
};

/** By the first two digits of a hash, in newer ones below the number of the format. */
function* shared(root: string, dir: string, read: Reader): Generator<RawEntry> {
  for (const { name, path, kind } of childrenOf(read, dir))
    if (kind === 'directory' && /^v\d+$/.test(name) && dir === root) yield* shared(root, path, read);
    // Yarn makes all 256 of them at once.
    else if (kind !== 'directory' || childrenOf(read, path).length > 0)
      yield thing(read, path, keyBelow(root, path), 'shared files', { name });
}

/** A folder of Yarn's global one. Never throws. */
export function* yarnBerryEntries(dir: string, unit: string, read: Reader): Generator<RawEntry> {
  if (read.facts(dir)?.kind !== 'directory') return;
  if (unit === 'cache') yield* archives(dir, read);
  else if (unit === 'metadata')
    // npm/<hash of the settings>/<registry>/<package>.json
    for (const child of below(read, dir, 6))
      yield thing(read, child.path, keyBelow(dir, child.path), 'metadata', { name: nameOf(read, child) });
  // Yarn makes all 256 of them at once.
  else yield* shared(dir, dir, read);
}
