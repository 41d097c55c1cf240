import type { Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { type Named, thing } from './thing.ts';
import { below, keyBelow } from './walk.ts';

/** `rails-7.1.0.gem`, `nokogiri-1.16.0-x86_64-linux.gem`, `rack-3.0.8.gemspec`. */
const gem = /^(.+?)-(\d[\w.]*)(?:-[\w-]+)?\.(gem|gemspec)(?:\.rz)?$/;

const named = (key: string, file: string): Named & { readonly kind: string } => {
  const found = gem.exec(file);
  if (found !== null)
    return { kind: found[3] === 'gem' ? 'gem' : 'description', name: found[1] ?? file, version: found[2] ?? null };
  if (/(?:^|\/)info\//.test(key)) return { kind: 'versions', name: file.replace(/-[0-9a-f]{32}$/, '') };
  const clone = /^(.+)-[0-9a-f]{40}$/.exec(file);
  return clone === null ? { kind: 'list', name: key } : { kind: 'repository', name: clone[1] ?? file };
};

/** Clones are one entry each, all else an entry a file (`compact_index/<source>/info/<gem>`). Never throws. */
export function* rubyEntries(dir: string, unit: string, read: Reader): Generator<RawEntry> {
  for (const child of below(read, dir, unit === 'git' ? 1 : 4)) {
    const key = keyBelow(dir, child.path);
    const { kind, ...its } = named(key, child.name);
    yield thing(read, child.path, key, child.kind === 'file' || unit === 'git' ? kind : 'folder', its);
  }
}
