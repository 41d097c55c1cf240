import { randomBytes } from 'node:crypto';
import type { DirectoryHandle } from '../fs/handle.ts';
import type { Raw } from '../fs/raw.ts';
import { deletingName, staleName } from '../leftovers/grammar.ts';

/** The two names that a thing will have before it is gone. */
export interface AsideNames {
  readonly token: string;
  readonly stale: Raw;
  readonly deleting: Raw;
}

/** 16 hex digits of chance: a name made twice is as good as impossible, even by the same process number again. */
export const freshToken = (): string => randomBytes(8).toString('hex');

export const namesFor = (name: Raw, pid: number, token: string = freshToken()): AsideNames => ({
  token,
  stale: staleName(name, pid, token),
  deleting: deletingName(name, pid, token),
});

/** Names that nothing has. rename(2) would silently replace an empty directory that stands there. */
export const freeNames = async (
  parent: DirectoryHandle,
  wanted: AsideNames,
  name: Raw,
  pid: number,
): Promise<AsideNames> => {
  let names = wanted;
  for (let tries = 0; tries < 3; tries += 1) {
    if ((await parent.look(names.stale)) === null && (await parent.look(names.deleting)) === null) return names;
    names = namesFor(name, pid);
  }
  throw new Error('three random names in a row were taken');
};
