import type { Reader } from '../../fs/reader.ts';
import { splitNameVersion } from './dist-file.ts';
import { readSpan, type Span } from './span.ts';
import { tarPrefix, topFolder } from './tar.ts';
import { pickFromZip } from './zip.ts';

/** What the bytes of a response's body say they are. */
export interface Body {
  readonly kind: 'wheel' | 'sdist' | 'metadata' | null;
  readonly name: string | null;
  readonly version: string | null;
  readonly damaged: string | null;
}

/** Name and Version stand among the first lines of a METADATA file, before its description. */
const metadataPrefix = 64 * 1024;
/** The folder with the name is on top; a bound for the work on one name. */
const longestName = 1024;
/** A body that tells nothing. */
export const noBody: Body = { kind: null, name: null, version: null, damaged: null };

const fromZip = async (read: Reader, span: Span): Promise<Body> => {
  const names = await pickFromZip(read, span, (name) => {
    if (name.length > longestName) return null;
    const wheel = /^([^/]+)-([^/-]+)\.dist-info\//.exec(name);
    if (wheel !== null) return { kind: 'wheel' as const, name: wheel[1] ?? null, version: wheel[2] ?? null };
    const top = /^([^/]+)\/PKG-INFO$/.exec(name)?.[1];
    const sdist = top === undefined ? null : splitNameVersion(top);
    return sdist === null ? null : { kind: 'sdist' as const, ...sdist };
  });
  return names.damaged === null ? { ...noBody, ...names.found } : { ...noBody, damaged: names.damaged };
};

const fromMetadata = (text: string): Body => {
  const head = text.split(/\r?\n\r?\n/, 1)[0] ?? '';
  const field = (name: string): string | null =>
    new RegExp(`^${name}:[ \\t]*(.+)$`, 'im').exec(head)?.[1]?.trim() ?? null;
  return { kind: 'metadata', name: field('Name'), version: field('Version'), damaged: null };
};

/** Tells from a body's first bytes and names what package it is. Reads little, unpacks less, never throws. */
export const readBody = async (read: Reader, span: Span): Promise<Body> => {
  const start = readSpan(read, span, tarPrefix);
  if (start === null) return { ...noBody, damaged: 'its body cannot be read' };
  if (start.toString('latin1', 0, 4) === 'PK\x03\x04') return fromZip(read, span);
  if (start[0] === 0x1f && start[1] === 0x8b) {
    const top = topFolder(start);
    const sdist = top === null ? null : splitNameVersion(top);
    return sdist === null ? noBody : { kind: 'sdist', ...sdist, damaged: null };
  }
  if (start.toString('latin1', 0, 17).toLowerCase() === 'metadata-version:')
    return fromMetadata((readSpan(read, span, metadataPrefix) ?? start).toString('utf8'));
  return noBody;
};
