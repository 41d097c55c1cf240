import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { parseProperties } from '../settings-properties.ts';
import type { RawEntry } from '../tool.ts';
import { thing } from './thing.ts';
import { childrenOf } from './walk.ts';

/** Maven's notes of where the files of a version came from: `guava-33.0.jar>central=`; the second is Maven 3.0's. */
export const trackingNames: readonly string[] = ['_remote.repositories', '_maven.repositories'];

/** Each of them has a line for each file and repository. */
const largestNote = 1024 * 1024;

/** What the resolver puts beside the files of a version, and makes again (DefaultUpdateCheckManager, m2e). */
const isSideFile = (name: string): boolean =>
  trackingNames.includes(name) ||
  /^(?:resolver-status|m2e-lastUpdated)\.properties$|\.lastUpdated$/.test(name) ||
  /^maven-metadata(?!-local\.xml)(?:-[^/\\]*)?\.xml(?:\.(?:sha1|md5|sha256|sha512))?$/.test(name);

const checksum = /\.(?:sha1|md5|sha256|sha512)$/;

/** Where a version came from. `downloaded`: a repository's id stands beside each of its files, and none was built here. */
export type Origin = 'downloaded' | 'installed' | 'unknown';

/** The ids of repositories by the names of files; an empty id is `mvn install`'s. Null: there is no note. */
const notesIn = (children: readonly Child[], read: Reader): ReadonlyMap<string, readonly string[]> | null => {
  const notes = children.filter(({ name, kind }) => kind === 'file' && trackingNames.includes(name));
  if (notes.length === 0) return null;
  const ids = new Map<string, string[]>();
  for (const { path } of notes)
    for (const key of parseProperties(read.text(path, largestNote) ?? '').keys()) {
      const at = key.lastIndexOf('>');
      if (at > 0) ids.set(key.slice(0, at), [...(ids.get(key.slice(0, at)) ?? []), key.slice(at + 1)]);
    }
  return ids;
};

/** `a-1.0-SNAPSHOT.jar` is the resolver's copy of `a-1.0-20260102.030405-6.jar`, which alone is in the note. */
const isCopy = (child: Child, children: readonly Child[], noted: (name: string) => boolean, read: Reader): boolean => {
  const [before, after, more] = child.name.split('-SNAPSHOT');
  if (before === undefined || after === undefined || more !== undefined) return false;
  return children.some(({ name, path }) => {
    if (!name.startsWith(`${before}-`) || !name.endsWith(after) || !noted(name)) return false;
    const stamp = name.slice(before.length, after === '' ? undefined : -after.length);
    return /^-\d{8}\.\d{6}-\d+$/.test(stamp) && read.facts(path)?.size === read.facts(child.path)?.size;
  });
};

/**
 * Where the files of a version's folder came from. One that was built here makes it `installed`, whatever else is in it;
 * anything that no note speaks of, a folder too, makes it `unknown` (EnhancedLocalRepositoryManager).
 */
export const originOf = (children: readonly Child[], read: Reader): Origin => {
  const notes = notesIn(children, read);
  if (children.some(({ name }) => name === 'maven-metadata-local.xml' || notes?.get(name)?.includes('') === true))
    return 'installed';
  if (notes === null) return 'unknown';
  const noted = (name: string): boolean => (notes.get(name)?.length ?? 0) > 0;
  const files = new Set(children.filter(({ kind }) => kind === 'file').map(({ name }) => name));
  const isKnown = (child: Child): boolean =>
    child.kind === 'file' &&
    (noted(child.name) ||
      isSideFile(child.name) ||
      (checksum.test(child.name) && files.has(child.name.replace(checksum, ''))) ||
      isCopy(child, children, noted, read));
  return children.every(isKnown) ? 'downloaded' : 'unknown';
};

const kindOf = (name: string, version: string): string => {
  if (isSideFile(name)) return 'note';
  if (checksum.test(name)) return 'checksum';
  const classifier = /-(sources|javadoc|tests)\.jar$/.exec(name)?.[1];
  const extension = /\.([a-z][a-z0-9]*)$/i.exec(name.replace(`-${version}`, ''))?.[1];
  return classifier ?? extension ?? 'file';
};

/** The files of one version: `org/slf4j/slf4j-api/2.0.9`. Never throws. */
export function* mavenEntries(dir: string, unit: string, read: Reader): Generator<RawEntry> {
  const parts = unit.split('/');
  const version = parts.at(-1) ?? '';
  const name = parts.length < 3 ? unit : `${parts.slice(0, -2).join('.')}:${parts.at(-2)}`;
  for (const child of childrenOf(read, dir))
    yield thing(read, join(dir, child.name), child.name, kindOf(child.name, version), { name, version });
}
