import type { Child, Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { entry, timestamp } from './entry.ts';
import { thing } from './thing.ts';
import { below, childrenOf, keyBelow } from './walk.ts';

/** What the head of a file says. */
interface Head {
  readonly kind: 'result' | 'manifest';
  readonly createdMs: number;
  readonly ccache: string;
  readonly namespace: string;
  /** Bytes before they were compressed, with the head. */
  readonly whole: number;
}

/** The longest head: its fixed fields, a version and a namespace of 255 bytes each. */
const longestHead = 32 + 2 * 255;

/**
 * The head of a ccache file, in big-endian (core/cacheentry.cpp): 0xccac, the format, type, compression and its
 * level, from format 1 on whether it stands alone, seconds since 1970, two texts with their lengths, the size of all.
 * A sentence where it is none that can be read.
 */
export const readCcacheHead = (bytes: Buffer): Head | string => {
  if (bytes.length < 24 || bytes.readUInt16BE(0) !== 0xccac) return 'It does not begin as ccache begins its files.';
  const format = bytes.readUInt8(2);
  if (format > 1) return `It is written in a newer format of ccache (${format}), of which only the name is known.`;
  const kind = (['result', 'manifest'] as const)[bytes.readUInt8(3)];
  if (kind === undefined) return 'It is of a kind that ccache does not have.';
  let at = format === 0 ? 6 : 7;
  const seconds = Number(bytes.readBigUInt64BE(at));
  at += 8;
  const texts: string[] = [];
  for (let count = 0; count < 2; count += 1) {
    const length = bytes[at] ?? 0;
    texts.push(bytes.toString('utf8', at + 1, at + 1 + length));
    at += 1 + length;
  }
  if (at + 8 > bytes.length) return 'It was cut off.';
  const [ccache = '', namespace = ''] = texts;
  return { kind, createdMs: seconds * 1000, ccache, namespace, whole: Number(bytes.readBigUInt64BE(at)) };
};

/** `<hash>R` a result, `<hash>M` a manifest, `<hash>0W` an object file as it is. */
const entryOf = (dir: string, { name, path }: Child, read: Reader): RawEntry => {
  const key = keyBelow(dir, path);
  if (/^stats(?:\.lock.*)?$/.test(name) || name === 'CACHEDIR.TAG' || !/[RM]$/.test(name))
    return thing(read, path, key, /\d+W$/.test(name) ? 'object file' : 'note', { name });
  const facts = read.facts(path);
  const head = readCcacheHead(read.bytes(path, longestHead) ?? Buffer.alloc(0));
  const said = typeof head === 'string' ? null : head;
  return entry(key, said?.kind ?? (name.endsWith('M') ? 'manifest' : 'result'), {
    name: said?.namespace ? `${said.namespace}: ${name}` : name,
    version: said?.ccache || null,
    bytes: facts?.size ?? null,
    created: timestamp(said?.createdMs ?? facts?.mtimeMs),
    // ccache sets the time of a file when it uses it, and deletes by it.
    lastUsed: timestamp(facts?.mtimeMs),
    damaged: typeof head === 'string' ? head : null,
  });
};

/** Deeper than ccache's levels, two to eight. */
const deepest = 10;

/** What is in a part of the cache. Which source a result is of is not written anywhere. Never throws. */
export function* ccacheEntries(path: string, unit: string, read: Reader): Generator<RawEntry> {
  if (read.facts(path)?.kind !== 'directory') return;
  const isHelper = (name: string): boolean => name === 'tmp' || name === 'lock';
  const folders = unit === '.' ? childrenOf(read, path) : [];
  if (unit !== '.' && !isHelper(unit)) for (const file of below(read, path, deepest)) yield entryOf(path, file, read);
  else if (unit !== '.')
    for (const file of childrenOf(read, path)) yield thing(read, file.path, file.name, 'helper', file);
  for (const folder of folders) {
    if (folder.kind !== 'directory' || isHelper(folder.name))
      yield thing(read, folder.path, folder.name, 'helper', { name: folder.name });
    else for (const file of below(read, folder.path, deepest)) yield entryOf(path, file, read);
  }
}
