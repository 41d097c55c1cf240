/** A Python package's file, by its name. */
export interface DistFile {
  readonly kind: 'wheel' | 'sdist' | 'metadata';
  readonly name: string;
  readonly version: string;
}

/** No file system has longer names; a bound for the work on one. */
const longestName = 1024;

/**
 * Name and version from a file name: `<name>-<version>[-<build>]-<python>-<abi>-<platform>.whl` (PEP 427),
 * `<name>-<version>.tar.gz` and the older sdist endings (PEP 625), either with `.metadata` (PEP 658). Null for others.
 */
export const readDistFile = (file: string): DistFile | null => {
  if (file.length > longestName) return null;
  if (file.endsWith('.metadata')) {
    const of = readDistFile(file.slice(0, -'.metadata'.length));
    return of === null ? null : { ...of, kind: 'metadata' };
  }
  if (file.endsWith('.whl')) {
    const parts = file.slice(0, -'.whl'.length).split('-');
    const [name, version] = parts;
    return name && version && (parts.length === 5 || parts.length === 6) ? { kind: 'wheel', name, version } : null;
  }
  const stem = /^(.+)\.(?:tar\.(?:gz|bz2|xz|Z)|tgz|zip)$/.exec(file)?.[1];
  const found = stem === undefined ? null : splitNameVersion(stem);
  return found === null ? null : { kind: 'sdist', ...found };
};

/** `my-package-1.2.3` is version 1.2.3 of my-package: versions hold no `-` (PEP 440) but in old posts, `1.0-1`. */
export const splitNameVersion = (stem: string): { readonly name: string; readonly version: string } | null => {
  const found = /^(.+?)-(v?\d[^-]*(?:-\d+)?)$/.exec(stem) ?? /^(.+)-([^-]+)$/.exec(stem);
  return found?.[1] !== undefined && found[2] !== undefined ? { name: found[1], version: found[2] } : null;
};
