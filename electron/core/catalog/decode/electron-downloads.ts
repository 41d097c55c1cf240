import type { Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { entry, timestamp } from './entry.ts';

/** `electron-v45.4.1-linux-x64.zip`, `ffmpeg-v45.4.1-darwin-arm64-symbols.zip` (@electron/get, artifact-utils.ts). */
const archive = /^([a-z][a-z-]*)-v(\d+\.\d+\.\d+(?:-[a-z0-9.]+)?)-([a-z0-9]+-[a-z0-9]+.*)\.zip$/;

/** Two bytes that begin every zip. */
const isZip = (read: Reader, path: string): boolean => read.bytes(path, 2)?.toString('latin1') === 'PK';

/** The files in one folder of Electron's downloads, an entry each. What is no zip though it is called so is damaged. Never throws. */
export function* electronDownloads(dir: string, read: Reader): Generator<RawEntry> {
  if (read.facts(dir)?.kind !== 'directory') return;
  for (const { name, path } of read.each(dir)) {
    const facts = read.facts(path);
    const found = archive.exec(name);
    const isSum = name.startsWith('SHASUMS256');
    yield entry(name, found?.[3] === undefined ? (isSum ? 'checksums' : 'file') : `archive, ${found[3]}`, {
      name: found?.[1] ?? name,
      version: found?.[2] ?? null,
      bytes: facts?.size ?? 0,
      created: timestamp(facts?.mtimeMs),
      lastUsed: timestamp(read.lastUse(path)),
      damaged: name.endsWith('.zip') && !isZip(read, path) ? 'It does not begin as a zip does.' : null,
    });
  }
}
