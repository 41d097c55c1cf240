import type { Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { thing, things } from './thing.ts';
import { childrenOf } from './walk.ts';

/** `ms-python.python-2024.22.0`, `ms-python.python-2024.22.0-linux-x64` (extensionManagement, ExtensionKey). */
const extension =
  /^([\w-]+\.[\w.-]+?)-(\d+\.\d+\.\d+[^-]*)(?:-(?:win32|linux|alpine|darwin|web|universal|undefined).*)?$/;

function* extensions(dir: string, read: Reader): Generator<RawEntry> {
  for (const { name, path } of childrenOf(read, dir)) {
    const found = extension.exec(name);
    const isTemporary = found === null && name.startsWith('.');
    yield thing(read, path, name, isTemporary ? 'temporary' : 'extension', {
      name: found?.[1] ?? name,
      version: found?.[2] ?? null,
    });
  }
}

/** `CachedData/<commit of the program>`: the code that one version of it has compiled. */
function* compiled(dir: string, read: Reader): Generator<RawEntry> {
  for (const { name, path } of childrenOf(read, dir))
    yield thing(read, path, name, 'compiled code', {
      name: 'program',
      version: /^[0-9a-f]{40}$/.test(name) ? name : null,
    });
}

/** What the names in one of Code's folders say. Never throws. */
export const vscodeEntries = (dir: string, unit: string, read: Reader): Iterable<RawEntry> => {
  if (unit === 'CachedExtensionVSIXs') return extensions(dir, read);
  return unit === 'CachedData' ? compiled(dir, read) : things(read, dir);
};
