import { join } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { asText, jsonObject, shown, shownUrl } from './entry.ts';
import { thing } from './thing.ts';
import { below, childrenOf, keyBelow } from './walk.ts';

/** `{"version": 2, "contentHash": …, "source": …}`, far smaller. */
const largestMetadata = 64 * 1024;

/** `packages/<id>/<version>`. NuGet writes `.nupkg.metadata` last: without it the version is not whole. Never throws. */
export function* nugetPackages(dir: string, id: string, read: Reader): Generator<RawEntry> {
  for (const { name, path, kind } of childrenOf(read, dir)) {
    if (kind !== 'directory') {
      yield thing(read, path, name, kind, { name });
      continue;
    }
    const made = thing(read, path, name, 'package', { name: id, version: name });
    const text = read.text(join(path, '.nupkg.metadata'), largestMetadata);
    const metadata = text === null ? null : jsonObject(text);
    const source = asText(metadata?.['source']);
    const damaged =
      text === null
        ? 'It has no .nupkg.metadata, which NuGet writes when a package is whole.'
        : metadata === null
          ? 'Its .nupkg.metadata is no JSON.'
          : null;
    yield { ...made, url: source === null ? null : shownUrl(source), damaged };
  }
}

/** `list_<id>_index.dat`, `nupkg_<id>.<version>.dat`: answers of one source. */
const named = (file: string): { kind: string; name: string; version: string | null } => {
  const packed = /^(?:nupkg|nuspec)_(.+?)\.(\d+\.\d.*)\.dat$/.exec(file);
  if (packed !== null) return { kind: 'download', name: packed[1] ?? file, version: packed[2] ?? null };
  const list = /^list_(.+?)(?:_index|_range.*|_page.*)?\.dat$/.exec(file);
  return { kind: list === null ? 'answer' : 'list', name: list?.[1] ?? file, version: null };
};

/** One folder of downloads. Never throws. */
export function* nugetAnswers(dir: string, read: Reader): Generator<RawEntry> {
  for (const child of below(read, dir, 3)) {
    const { kind, name, version } = named(child.name);
    const key = keyBelow(dir, child.path);
    yield thing(read, child.path, key, child.kind === 'file' ? kind : child.kind, { name: shown(name), version });
  }
}
