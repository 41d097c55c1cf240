import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { asText, jsonObject } from './entry.ts';
import { thing } from './thing.ts';
import { childrenOf } from './walk.ts';

/** `left-pad@1.3.0@@@1`, `thing@1.0.0@@registry.example@@@1`, `…_patch_hash=0123`: the number is that of the format. */
const folder = /^(.+?)@([^@]+)(?:@@([^@]+))?@@@\d+(?:_patch_hash=[0-9a-f]+)?$/;
/** Of a repository, of GitHub's archive of one, of a tarball: by what it was asked by, or a hash of that. */
const others: readonly (readonly [RegExp, string])[] = [
  [/^@G@(.+)$/, 'git checkout'],
  [/^@GH@(.+?)(?:@@@\d+.*)?$/, 'GitHub archive'],
  [/^@T@(.+?)(?:@@@\d+.*)?$/, 'tarball'],
];

const isPackage = ({ kind, name }: Child): boolean =>
  kind === 'directory' && (folder.test(name) || others.some(([pattern]) => pattern.test(name)));

const isScope = ({ kind, name }: Child): boolean => kind === 'directory' && /^@[^@]+$/.test(name);

/** A package's name, with a link for each version of it. */
const isIndex = (child: Child, read: Reader): boolean =>
  child.kind === 'directory' &&
  childrenOf(read, child.path).every(({ kind, name }) => kind === 'link' || /@@@\d/.test(name));

/** What Bun knows of a package from the registry, under a hash of its name. */
const isManifest = ({ kind, name }: Child): boolean => kind === 'file' && /^[0-9a-f]{8,16}[0-9a-f-]*\.npm$/.test(name);

/** Does Bun put this on top of its cache? Bare clones end in `.git`; what it is writing begins with a dot. */
export const isBuns = (child: Child, read: Reader): boolean =>
  isPackage(child) ||
  isManifest(child) ||
  (isScope(child) && childrenOf(read, child.path).every((inner) => isPackage(inner) || isIndex(inner, read))) ||
  /^(?:[0-9a-f]{8,16}\.git|\.[0-9a-f].*|\.tmp)$/.test(child.name) ||
  isIndex(child, read);

/** Is this evidence that it is Bun's cache, and not only no contradiction to it? */
export const isSurelyBuns = (child: Child): boolean =>
  isManifest(child) || (child.kind === 'directory' && folder.test(child.name));

const largestManifest = 256 * 1024;

/** `1.2.3-c0734e9369ab610d`: of what comes after the dash the folder's name has a hash, and only the package itself says it. */
const versionOf = (read: Reader, folder: string, text: string): string => {
  if (!/[-+][0-9a-f]{8,16}$/i.test(text)) return text;
  return asText(jsonObject(read.text(join(folder, 'package.json'), largestManifest) ?? '')?.['version']) ?? text;
};

function* packages(read: Reader, dir: string, prefix: string): Generator<RawEntry> {
  for (const child of read.each(dir)) {
    const { name, path } = child;
    const [, asked] = others.map(([pattern]) => pattern.exec(name)).find((it) => it !== null) ?? [];
    const found = folder.exec(name);
    if (asked !== undefined && child.kind === 'directory')
      yield thing(read, path, prefix + name, others.find(([pattern]) => pattern.test(name))?.[1] ?? '', {
        name: asked,
      });
    else if (found !== null && child.kind === 'directory')
      yield thing(read, path, prefix + name, 'package', {
        name: prefix + found[1],
        version: versionOf(read, path, found[2] ?? ''),
      });
    else if (prefix === '' && isScope(child)) yield* packages(read, path, `${name}/`);
    else if (isManifest(child)) yield thing(read, path, prefix + name, 'manifest', { name });
    else if (!isIndex(child, read))
      yield thing(read, path, prefix + name, child.kind === 'file' ? 'file' : 'folder', { name });
  }
}

/** Bun's cache, an entry a package and a manifest; the names that only lead to them are left out. Never throws. */
export function* bunEntries(dir: string, read: Reader): Generator<RawEntry> {
  if (read.facts(dir)?.kind === 'directory') yield* packages(read, dir, '');
}
