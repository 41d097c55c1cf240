import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { electronDownloads } from './electron-downloads.ts';
import { asText, entry, jsonObject, timestamp } from './entry.ts';
import { childrenOf, sizeOf } from './walk.ts';

const largestState = 64 * 1024;

/** `appimage@1.0.3`, `winCodeSign-2.6.0`, `nodejs-v22.1.0`: what is in the folder, and its version. */
const releaseOf = (unit: string): { readonly name: string; readonly version: string | null } => {
  const found = /^(.+?)(?:@|-v?)(\d[\w.-]*)$/.exec(unit);
  return { name: found?.[1] ?? unit, version: found?.[2] ?? null };
};

/** What electron-builder wrote down about a tool that it extracted (util/cacheState.ts). */
const damageOf = (read: Reader, path: string): string | null => {
  const text = read.text(`${path}.state`, largestState);
  if (text === null) return null;
  const state = asText(jsonObject(text)?.['state']);
  if (state === 'complete') return null;
  return state === null
    ? 'Its note of how far the extraction got cannot be read, so electron-builder extracts it again.'
    : 'Its extraction was cut off, so electron-builder does it again.';
};

const kindOf = (child: Child): string => {
  if (child.kind === 'directory') return child.name.endsWith('.lock') ? 'lock' : 'tool';
  return /\.(?:7z|zip|tgz|txz|tar\.\w+|AppImage|exe|dmg)$/.test(child.name) ? 'archive' : 'file';
};

/** A release of a tool: its archive and what was extracted of it, an entry each. Never throws. */
export function* builderEntries(dir: string, unit: string, read: Reader): Generator<RawEntry> {
  if (unit === 'downloads') {
    for (const folder of childrenOf(read, dir))
      for (const found of electronDownloads(folder.path, read)) yield { ...found, key: `${folder.name}/${found.key}` };
    return;
  }
  const named = releaseOf(unit);
  for (const child of childrenOf(read, dir)) {
    // Notes and locks of its neighbours.
    if (child.name.endsWith('.state')) continue;
    yield entry(child.name, kindOf(child), {
      name: named.version === null ? child.name : named.name,
      version: named.version,
      bytes: sizeOf(read, child.path),
      created: timestamp(read.facts(child.path)?.mtimeMs),
      lastUsed: timestamp(read.lastUse(join(child.path))),
      damaged: child.kind === 'directory' ? damageOf(read, child.path) : null,
    });
  }
}
