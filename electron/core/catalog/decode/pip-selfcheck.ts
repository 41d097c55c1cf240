import type { Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { asTable, asText, entry, jsonObject, timestamp } from './entry.ts';
import { childrenOf, sizeOf } from './walk.ts';

/** A state file is some hundred bytes; the old common one has a line for each environment. */
const largestState = 1024 * 1024;

const fieldsOf = (read: Reader, path: string): Partial<RawEntry> => ({
  bytes: sizeOf(read, path),
  created: timestamp(read.facts(path)?.mtimeMs),
  lastUsed: timestamp(read.lastUse(path)),
});

const checkOf = (key: string, prefix: string | null, state: unknown, fields: Partial<RawEntry>): RawEntry => {
  const table = asTable(state);
  const version = asText(table?.['pypi_version']);
  const checked = asText(table?.['last_check']);
  return entry(key, 'version check', {
    ...fields,
    name: prefix,
    version,
    created: (checked === null ? null : timestamp(Date.parse(checked))) ?? fields.created ?? null,
    damaged: table === null || version === null ? 'it is not what pip writes there' : null,
  });
};

/**
 * pip's `selfcheck`: for each Python it runs in, when it last asked for a newer pip and which it found. The name is
 * that Python's prefix. Never throws.
 */
export function* pipSelfcheck(folder: string, read: Reader): Generator<RawEntry> {
  for (const child of childrenOf(read, folder)) {
    const table = jsonObject(read.text(child.path, largestState) ?? '');
    yield checkOf(child.name, asText(table?.['key']), table, fieldsOf(read, child.path));
  }
}

/** The one `selfcheck.json` of pip before 19.3: the same for all Pythons in one file. Never throws. */
export function* pipSelfcheckFile(path: string, read: Reader): Generator<RawEntry> {
  if (read.facts(path) === null) return;
  const table = jsonObject(read.text(path, largestState) ?? '');
  const { bytes = null, ...times } = fieldsOf(read, path);
  if (table === null) yield checkOf('selfcheck.json', null, null, { bytes, ...times });
  else for (const [prefix, state] of Object.entries(table)) yield checkOf(prefix, prefix, state, times);
}
