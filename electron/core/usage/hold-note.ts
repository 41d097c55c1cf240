import { join } from 'node:path';
import type { Holder } from '../../../shared/model.ts';
import { readOwnFile, removeOwnFile, writeOwnFile } from '../fs/own-files.ts';
import { reader } from '../fs/reader.ts';
import { lockFolder, ownLockName } from './lock-places.ts';
import { isAlive, type Owner, self } from './processes.ts';

/** What a hold writes down where the system does not tell who has a lock (macOS, Windows). */
interface Note {
  readonly owner: Owner;
  readonly command: string;
  readonly since: string;
}

const noteAt = (root: string, stateDir: string, pid: number): string =>
  join(lockFolder(stateDir), `${ownLockName(root)}.${pid}.json`);

/** Writes down that this process holds the cache for `command`. Gives what removes the note. */
export const leaveNote = (root: string, stateDir: string, command: string): (() => void) => {
  const path = noteAt(root, stateDir, process.pid);
  const note: Note = { owner: self(), command, since: new Date().toISOString() };
  writeOwnFile(path, JSON.stringify(note));
  return () => removeOwnFile(path);
};

const parse = (text: string | null): Note | null => {
  try {
    const note = JSON.parse(text ?? '') as Note;
    return typeof note.owner.pid === 'number' && typeof note.command === 'string' ? note : null;
  } catch {
    return null;
  }
};

/**
 * Who holds this cache by the notes of this user's holds. A note is no lock: one whose process has ended counts for
 * nothing and is removed; one that cannot be told counts. Never throws.
 */
export const holdNotes = (root: string, stateDir: string): readonly Holder[] => {
  const prefix = `${ownLockName(root)}.`;
  const holders: Holder[] = [];
  for (const { name, path } of reader.list(lockFolder(stateDir))) {
    if (!name.startsWith(prefix) || !name.endsWith('.json')) continue;
    try {
      const note = parse(readOwnFile(path));
      if (note === null || note.owner.pid === process.pid) continue;
      if (isAlive(note.owner) === 'dead') removeOwnFile(path);
      else
        holders.push({
          pid: note.owner.pid,
          command: note.command,
          since: note.since,
          evidence: 'cache-inspector hold',
        });
    } catch {
      // It went away while it was read, or cannot be: it names nobody.
    }
  }
  return holders;
};
