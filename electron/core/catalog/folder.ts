import { join } from 'node:path';
import { entry, timestamp } from './decode/entry.ts';
import { sizeOf } from './decode/walk.ts';
import { byPath } from './parts/by-path.ts';
import { hasCacheTag, unitPath, versionControl, workingCopy } from './shape.ts';
import type { RawEntry, Tool } from './tool.ts';

function* entries(path: string, read: Parameters<Tool['entries']>[2]): Generator<RawEntry> {
  if (read.facts(path)?.kind !== 'directory') return;
  // It may hold a million: none waits for the last.
  for (const child of read.each(path)) {
    const facts = read.facts(child.path);
    yield entry(child.name, child.kind === 'directory' ? 'folder' : 'file', {
      name: child.name,
      bytes: child.kind === 'directory' ? sizeOf(read, child.path) : (facts?.size ?? 0),
      created: timestamp(facts?.mtimeMs),
      lastUsed: timestamp(read.lastUse(child.path)),
    });
  }
}

/** A folder that a person added and no tool recognises. It has no place of its own: `root` says so as a problem. */
export const folder: Tool = {
  id: 'folder',
  name: 'Folder',
  what: 'A folder you added.',
  cost: 'All that is in this folder is gone. Whatever made it has to make it again.',
  command: null,
  root: ({ home }) => ({
    path: home,
    because: 'a folder is only known when you add it',
    isDefault: false,
    problem: { code: 'unusable-path', message: 'A folder of your own has no usual place. Add it by its path.' },
  }),
  units: () => [{ name: '.', kind: 'directory', rewritten: 'anything' }],
  keeps: () => [],
  recognise: (root, read) => (hasCacheTag(root, read) ? 'Its CACHEDIR.TAG says that it is a cache.' : null),
  // Asked by name: listing what a million stand in would take as long as a person waits.
  contradiction: (root, unit, read) =>
    workingCopy(
      versionControl.flatMap((name) => {
        const path = join(unitPath(root, unit), name);
        const facts = read.facts(path);
        return facts === null ? [] : [{ name, path, kind: facts.kind }];
      }),
    ),
  parts: byPath(),
  entries: (root, unit, read) => entries(unitPath(root, unit), read),
};
