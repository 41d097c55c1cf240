import type { Timestamp } from '../../../../shared/model.ts';
import type { Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { entry, timestamp } from './entry.ts';
import { childrenOf, sizeOf } from './walk.ts';

/** `2026-05-12T09_30_00_000Z-debug-0.log`: npm writes its start into the name (npm lib/utils/log-file.js). */
const startOf = (name: string): Timestamp | null => {
  const found = /^(\d{4}-\d{2}-\d{2}T\d{2})_(\d{2})_(\d{2})_(\d{3})Z-/.exec(name);
  return found === null ? null : timestamp(Date.parse(`${found[1]}:${found[2]}:${found[3]}.${found[4]}Z`));
};

/** npm's `_logs`, an entry a file. Never throws. */
export function* npmLogs(folder: string, read: Reader): Generator<RawEntry> {
  for (const child of childrenOf(read, folder))
    yield entry(child.name, child.kind === 'file' && child.name.endsWith('.log') ? 'log' : 'file', {
      name: child.name,
      bytes: sizeOf(read, child.path),
      created: startOf(child.name) ?? timestamp(read.facts(child.path)?.mtimeMs),
      lastUsed: timestamp(read.lastUse(child.path)),
    });
}
