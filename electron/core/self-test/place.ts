import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeleteOrder } from '../clear/deleter.ts';
import { deleteTree } from '../clear/deleter.ts';
import type { ForkHelper } from '../clear/helper-process.ts';
import { type Facts, look } from '../fs/identity.ts';
import { makeOwnDirectory, readOwnFile, writeOwnFile } from '../fs/own-files.ts';
import { raw } from '../fs/raw.ts';
import { fs } from '../fs/seam.ts';
import { isAlive, type Owner, self } from '../usage/processes.ts';

const prefix = 'cache-inspector-self-test-';
const mark = 'owner.json';

/** The system's temporary folder by its real path: on macOS it is a link. */
const top = (): string => fs.realpathSync.native(tmpdir());

const ownerOf = (place: string): Owner | null => {
  try {
    return JSON.parse(readOwnFile(join(place, mark)) ?? 'null') as Owner | null;
  } catch {
    return null;
  }
};

/** A directory of this user, closed to others, whose mark names a process that has ended. A name alone proves nothing. */
const isDeserted = (place: string, facts: Facts): boolean => {
  if (facts.kind !== 'directory' || (facts.mode & 0o077) !== 0) return false;
  if (process.geteuid !== undefined && facts.uid !== process.geteuid()) return false;
  const owner = ownerOf(place);
  return owner !== null && isAlive(owner) === 'dead';
};

/** Removes such a place as every tree is removed here: by identity, in a helper. Null when it is gone, else why not. */
export const removePlace = async (name: string, facts: Facts, fork: ForkHelper): Promise<string | null> => {
  const order: DeleteOrder = { parent: raw(top()), name: raw(name), identity: facts.identity };
  try {
    const { gone, left } = await deleteTree(order, { fork });
    return gone ? null : `${left[0]?.path ?? name}: ${left[0]?.message ?? 'it stays'}`;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
};

/** Removes what self-tests left that were killed in the middle. What cannot go is left for the next one. */
export const removeDeserted = async (fork: ForkHelper): Promise<void> => {
  for (const name of fs.readdirSync(top())) {
    if (!name.startsWith(prefix)) continue;
    const place = join(top(), name);
    const facts = look(place);
    if (facts !== null && isDeserted(place, facts)) await removePlace(name, facts, fork);
  }
};

export interface Place {
  readonly path: string;
  /** An empty folder for one trial. */
  readonly folderFor: (trial: string) => string;
  /** Null when all of it is gone, else what stays and why. */
  readonly remove: () => Promise<string | null>;
}

/** A new folder below the system's temporary one that says whose it is. */
export const newPlace = (fork: ForkHelper): Place => {
  const name = `${prefix}${process.pid}-${randomBytes(6).toString('hex')}`;
  const path = join(top(), name);
  makeOwnDirectory(path);
  writeOwnFile(join(path, mark), JSON.stringify(self()));
  const facts = look(path);
  if (facts === null) throw new Error(`${path} is not there`);
  return {
    path,
    folderFor: (trial) => {
      const folder = join(path, trial);
      makeOwnDirectory(folder);
      return folder;
    },
    remove: () => removePlace(name, facts, fork),
  };
};
