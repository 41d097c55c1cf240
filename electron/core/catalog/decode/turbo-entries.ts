import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { asTable, entry, jsonObject, timestamp } from './entry.ts';
import { thing } from './thing.ts';

/** `<hash>.tar.zst`, `<hash>-meta.json`, `<hash>-manifest.json` (turborepo-cache, fs.rs). */
const part = /^([0-9a-f]{16})(\.tar|\.tar\.zst|-meta\.json|-manifest\.json)$/;

/** Does Turborepo put this in its cache? */
export const isTurbos = ({ kind, name }: Child): boolean => kind === 'file' && part.test(name);

const largestJson = 4 * 1024 * 1024;

/** `packages/ui/.turbo/turbo-build.log` is that of `build` in packages/ui; the root's is in `.turbo` alone. */
const taskOf = (files: readonly string[]): string | null => {
  for (const file of files) {
    const found = /^(?:(.*)[/\\])?\.turbo[/\\]turbo-([^/\\]+)\.log$/.exec(file);
    if (found?.[2] !== undefined) return `${found[1] ?? '.'}#${found[2].replaceAll('$colon$', ':')}`;
  }
  return null;
};

/** A result of a task, with all its files; named by the log that Turborepo keeps with it, where a manifest tells. Never throws. */
export function* turboEntries(dir: string, read: Reader): Generator<RawEntry> {
  if (read.facts(dir)?.kind !== 'directory') return;
  for (const child of read.each(dir)) {
    const [, hash, suffix] = part.exec(child.name) ?? [];
    if (hash === undefined || suffix === undefined || child.kind !== 'file') {
      yield thing(read, child.path, child.name, child.kind === 'directory' ? 'folder' : 'file', { name: child.name });
      continue;
    }
    const archive = ['.tar', '.tar.zst'].map((it) => join(dir, hash + it)).find((path) => read.facts(path) !== null);
    // Each of a result's files leads here, and only the first of them says something.
    const first = archive ?? join(dir, `${hash}-manifest.json`);
    if (child.path !== first && !(archive === undefined && read.facts(first) === null)) continue;
    const [meta, manifest] = ['meta', 'manifest'].map((name) => join(dir, `${hash}-${name}.json`));
    const about = meta === undefined ? null : read.text(meta, largestJson);
    const files = jsonObject((manifest === undefined ? null : read.text(manifest, largestJson)) ?? '')?.['files'];
    const sizes = [archive, meta, manifest].map((path) => (path === undefined ? 0 : (read.facts(path)?.size ?? 0)));
    yield entry(hash, 'task result', {
      name: taskOf(Object.keys(asTable(files) ?? {})) ?? hash,
      bytes: sizes.reduce((sum, size) => sum + size, 0),
      created: timestamp(read.facts(child.path)?.mtimeMs),
      lastUsed: timestamp(read.lastUse(child.path)),
      damaged:
        archive === undefined || about === null || jsonObject(about) === null
          ? 'One of its files is missing or cannot be read, so Turborepo runs the task again.'
          : null,
    });
  }
}
