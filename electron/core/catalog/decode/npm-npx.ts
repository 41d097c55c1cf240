import { join } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { asTable, asText, entry, jsonObject, timestamp } from './entry.ts';
import { sizeOf } from './walk.ts';

/** A package.json of an npx folder is some hundred bytes, of a package some kB. */
const largestManifest = 1024 * 1024;
/** npx is called with a handful of packages; a bound for what a forged file can make. */
const mostPackages = 1000;

/** `@scope/name@^1.0.0` is `@scope/name`; a git or file address is no name. */
const nameOf = (spec: string): string | null => /^((?:@[\w.~-]+\/)?[\w.~-]+)(?:@.*)?$/.exec(spec)?.[1] ?? null;

/** A dot-only name would leave node_modules. */
const safe = (name: string): boolean => name.split('/').every((part) => !/^\.+$/.test(part));

/**
 * What one `npm exec` or npx installed: an entry for each package that was asked for (libnpmexec writes them to
 * `_npx.packages`), with the version that is there. `bytes` is the whole folder, on the first entry only, so that
 * the sum is true. Never throws.
 */
export function* npxFolder(folder: string, read: Reader): Generator<RawEntry> {
  const manifest = join(folder, 'package.json');
  const bytes = sizeOf(read, folder);
  const table = jsonObject(read.text(manifest, largestManifest) ?? '');
  const created = timestamp(read.facts(manifest)?.mtimeMs);
  const lastUsed = timestamp(read.lastUse(manifest));
  if (table === null) {
    const damaged = 'its package.json is missing or cannot be read';
    yield entry('package.json', 'npx', { bytes, created, lastUsed, damaged });
    return;
  }
  const listed = asTable(table['_npx'])?.['packages'];
  const specs = Array.isArray(listed) ? listed : Object.keys(asTable(table['dependencies']) ?? {});
  const texts = specs.map(asText).filter((spec) => spec !== null);
  if (texts.length === 0) yield entry('package.json', 'npx', { bytes, created, lastUsed });
  for (const [index, spec] of texts.slice(0, mostPackages).entries()) {
    const name = nameOf(spec);
    const installed =
      name !== null && safe(name)
        ? jsonObject(read.text(join(folder, 'node_modules', ...name.split('/'), 'package.json'), largestManifest) ?? '')
        : null;
    yield entry(`package ${index} ${spec}`, 'npx', {
      name: name ?? spec,
      version: asText(installed?.['version']),
      bytes: index === 0 ? bytes : null,
      created,
      lastUsed,
      damaged: installed === null && name !== null ? 'it is not in node_modules' : null,
    });
  }
}
