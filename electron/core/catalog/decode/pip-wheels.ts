import { dirname, join } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { readDistFile } from './dist-file.ts';
import { asTable, asText, entry, jsonObject, timestamp } from './entry.ts';
import { below, keyBelow, sizeOf } from './walk.ts';
import { pickFromZip } from './zip.ts';

/** An origin.json is some hundred bytes. */
const largestOrigin = 256 * 1024;

/** Where a wheel's source came from (PEP 610): `https://…/x.tar.gz`, `git+https://…@commit`. */
const origin = (read: Reader, folder: string): { readonly url: string | null; readonly damaged: string | null } => {
  const path = join(folder, 'origin.json');
  // pip before 22.2 wrote none.
  if (read.facts(path) === null) return { url: null, damaged: null };
  const table = jsonObject(read.text(path, largestOrigin) ?? '');
  const url = asText(table?.['url']);
  if (table === null || url === null) return { url: null, damaged: 'its origin.json cannot be read' };
  const vcs = asTable(table['vcs_info']);
  const kind = asText(vcs?.['vcs']);
  const commit = asText(vcs?.['commit_id']);
  return { url: kind === null ? url : `${kind}+${url}${commit === null ? '' : `@${commit}`}`, damaged: null };
};

/** pip's `wheels`: what it built from source, an entry a wheel (pip/_internal/cache.py). Never throws. */
export async function* pipWheels(folder: string, read: Reader): AsyncGenerator<RawEntry> {
  for (const child of below(read, folder, 5)) {
    if (child.name === 'origin.json') continue;
    const facts = read.facts(child.path);
    const fields = {
      bytes: sizeOf(read, child.path),
      created: timestamp(facts?.mtimeMs),
      lastUsed: timestamp(read.lastUse(child.path)),
    };
    const key = keyBelow(folder, child.path);
    if (facts?.kind !== 'file' || !child.name.endsWith('.whl')) {
      yield entry(key, 'file', { ...fields, name: child.name });
      continue;
    }
    const file = readDistFile(child.name);
    const { url, damaged } = origin(read, dirname(child.path));
    const zip = await pickFromZip(read, { path: child.path, offset: 0, length: facts.size }, (name) =>
      /^[^/]+\.dist-info\//.test(name) ? name : null,
    );
    yield entry(key, 'wheel', {
      ...fields,
      name: file?.name ?? child.name,
      version: file?.version ?? null,
      url,
      damaged: zip.damaged ?? (zip.found === null ? 'there is no dist-info in it' : null) ?? damaged,
    });
  }
}
