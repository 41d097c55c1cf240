/** What a URL that npm fetched was for. */
export interface NpmUrl {
  readonly kind: 'tarball' | 'metadata' | 'request';
  readonly name: string | null;
  readonly version: string | null;
}

const request: NpmUrl = { kind: 'request', name: null, version: null };

/** Nothing longer is a registry's URL; a bound for the work on one. */
const longestUrl = 8192;
const version = /^v?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]*)?$/;
const archive = /\.(?:tgz|tar\.gz)$/;

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

/** The package whose name these path segments end with, whatever prefix the registry has: `npm/repo/@a/b` is `@a/b`. */
const packageAtEnd = (segments: readonly string[]): string | null => {
  const last = segments.at(-1);
  if (last === undefined || last === '' || last === '@') return null;
  // `@scope%2fname` is one segment on the wire.
  const scoped = /(?:^|\/)(@[^/]+\/[^/]+)$/.exec(last);
  if (scoped?.[1] !== undefined) return scoped[1];
  const scope = segments.at(-2);
  return scope !== undefined && /^@[^/]+$/.test(scope) ? `${scope}/${last}` : last;
};

/** `a-1.2.3-beta.1` is version 1.2.3-beta.1 of `a`: by the name if it is known, else from the first full version on. */
const fromFileName = (file: string, name: string | null): Omit<NpmUrl, 'kind'> => {
  const stem = file.replace(archive, '');
  const base = name?.split('/').at(-1);
  if (name !== null && base !== undefined && stem.startsWith(`${base}-`))
    return { name, version: stem.slice(base.length + 1) };
  const guess = /^(.{1,214}?)-v?(\d+\.\d+\.\d+.*)$/.exec(stem);
  return { name: name ?? guess?.[1] ?? null, version: guess?.[2] ?? null };
};

/**
 * Reads a package's name and version out of the URL it came from: tarballs `…/<name>/-/<base>-<version>.tgz`,
 * packuments `…/<name>`, manifests `…/<name>/<version>`, GitHub's `…/download/<name>/<version>/<hash>`. Never throws.
 */
export const readNpmUrl = (url: string): NpmUrl => {
  const parsed = url.length > longestUrl ? null : URL.parse(url);
  if (parsed === null) return request;
  const segments = parsed.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  const dash = segments.lastIndexOf('-');
  const last = segments.at(-1);
  if (last === undefined) return request;
  if (archive.test(last))
    return {
      kind: 'tarball',
      ...fromFileName(last.split('/').at(-1) ?? last, packageAtEnd(segments.slice(0, dash === -1 ? 0 : dash))),
    };
  if (dash !== -1) return request;
  const download = segments.lastIndexOf('download');
  const third = segments.at(-2);
  if (download !== -1 && third !== undefined && version.test(third) && segments.length - download > 3)
    return { kind: 'tarball', name: packageAtEnd(segments.slice(download + 1, -2)), version: third };
  if (version.test(last) && segments.length > 1)
    return { kind: 'metadata', name: packageAtEnd(segments.slice(0, -1)), version: last };
  return { kind: 'metadata', name: packageAtEnd(segments), version: null };
};
