import type { Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { asTable, entry, jsonObject, timestamp } from './entry.ts';

/** One line a package and version; the largest reported are some hundred kB. */
const largestCache = 16 * 1024 * 1024;

/**
 * A `depcache-….json` of pip-tools' legacy resolver (piptools/cache.py): what each version of each package, with its
 * extras, depends on. `bytes` is null: many entries share one file. Never throws.
 */
export function* pipToolsDepcache(path: string, read: Reader): Generator<RawEntry> {
  const facts = read.facts(path);
  if (facts === null) return;
  const created = timestamp(facts.mtimeMs);
  const lastUsed = timestamp(read.lastUse(path));
  const table = jsonObject(read.text(path, largestCache) ?? '');
  const packages = asTable(table?.['dependencies']);
  const format = table?.['__format__'];
  const damaged =
    table === null
      ? 'it is not JSON; pip-tools will stop with an error until it is removed'
      : format !== 1 || packages === null
        ? 'it is not in the format that pip-tools reads'
        : null;
  if (damaged !== null || packages === null) {
    yield entry('', 'dependencies', { bytes: facts.size, created, lastUsed, damaged });
    return;
  }
  for (const [name, versions] of Object.entries(packages)) {
    const known = asTable(versions);
    if (known === null) yield entry(name, 'dependencies', { name, lastUsed, damaged: 'its versions are missing' });
    for (const version of Object.keys(known ?? {})) {
      const extras = /^([^[]*)(\[.*\])?$/.exec(version);
      yield entry(`${name} ${version}`, 'dependencies', {
        name: `${name}${extras?.[2] ?? ''}`,
        version: extras?.[1] ?? version,
        lastUsed,
        damaged: Array.isArray(known?.[version]) ? null : 'its dependencies are missing',
      });
    }
  }
}
