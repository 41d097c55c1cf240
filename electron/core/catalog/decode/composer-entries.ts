import { join } from 'node:path';
import ini from 'ini';
import type { Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { asTable, asText, shownUrl } from './entry.ts';
import { thing, things } from './thing.ts';
import { below, childrenOf, keyBelow } from './walk.ts';

/** `files/<vendor>/<package>/<hash of where it came from>.zip`: no version is in that name (Downloader/FileDownloader). */
function* files(dir: string, read: Reader): Generator<RawEntry> {
  for (const child of below(read, dir, 3)) {
    const key = keyBelow(dir, child.path);
    const parts = key.split('/');
    const isPackage = child.kind === 'file' && parts.length === 3;
    const kind = child.name.endsWith('.tmp') ? 'temporary' : isPackage ? 'package' : child.kind;
    yield thing(read, child.path, key, kind, { name: isPackage ? parts.slice(0, 2).join('/') : key });
  }
}

/** `repo/https---repo.packagist.org/provider-vendor~package.json`; older ones have `$` for the `~`. */
function* repositories(dir: string, read: Reader): Generator<RawEntry> {
  for (const child of below(read, dir, 2)) {
    const name = /^(?:provider|p2?)-(.+?)[~$](.+?)(?:~dev)?\.json$/.exec(child.name);
    const key = keyBelow(dir, child.path);
    yield thing(read, child.path, key, 'metadata', { name: name === null ? key : `${name[1]}/${name[2]}` });
  }
}

/** Longer than any git configuration that Composer makes. */
const largestConfig = 64 * 1024;

/** Where a bare clone came from, by its own configuration; null when that does not say it. */
const originOf = (clone: string, read: Reader): string | null => {
  const text = read.text(join(clone, 'config'), largestConfig);
  return text === null ? null : asText(asTable(ini.parse(text)['remote "origin"'])?.['url']);
};

function* clones(dir: string, read: Reader): Generator<RawEntry> {
  for (const child of childrenOf(read, dir)) {
    const made = thing(read, child.path, child.name, child.kind === 'directory' ? 'repository' : 'file', {
      name: child.name,
    });
    const url = child.kind === 'directory' ? originOf(child.path, read) : null;
    yield url === null ? made : { ...made, url: shownUrl(url) };
  }
}

/** One of Composer's folders. When it was last used Composer writes down itself, as the time of access (Cache, copyTo). Never throws. */
export const composerEntries = (dir: string, unit: string, read: Reader): Iterable<RawEntry> => {
  if (unit === 'files') return files(dir, read);
  if (unit === 'repo') return repositories(dir, read);
  return unit === 'vcs' ? clones(dir, read) : things(read, dir);
};
