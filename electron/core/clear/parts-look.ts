import { dirname } from 'node:path';
import { CodedError } from '../../../shared/errors.ts';
import { sameIdentity } from '../../../shared/identity.ts';
import { isErrno } from '../fs/errno.ts';
import { fromKey, keyOf, lookAtAll, openReal } from '../fs/folders.ts';
import type { DirectoryHandle } from '../fs/handle.ts';
import type { Facts } from '../fs/identity.ts';
import { mountIdOf, mounts } from '../fs/mounts.ts';
import { joinRaw, showRaw } from '../fs/raw.ts';
import type { KeptPiece } from '../store/schema.ts';
import type { Piece } from './pieces.ts';
import { anotherBirth } from './same.ts';

export const pathOfPiece = ({ parent, name }: Piece): string => showRaw(joinRaw(parent, name));

/** What is there of the pieces, in their order, and how many are gone. */
export interface LookedAt {
  readonly here: readonly KeptPiece[];
  readonly gone: number;
}

const isMeant = (piece: Piece, facts: Facts): boolean =>
  facts.kind === piece.kind && sameIdentity(facts.identity, piece.identity) && !anotherBirth(facts.born, piece.born);

const changed = (path: string): CodedError =>
  new CodedError({
    code: 'changed',
    path,
    message: `${path} was replaced since it was looked at. Look again, then decide.`,
  });

const mountInside = (path: string, mount: string): CodedError =>
  new CodedError({
    code: 'mount-inside',
    path,
    message: `Something is mounted inside ${path}: ${mount}. Clearing would reach into it. Unmount it first, then try again.`,
  });

/** A mount on one of them, or below it: no device number shows a bind mount of the same file system. */
const mustHoldNoMount = (unit: string, pieces: readonly Piece[]): void => {
  const all = mounts() ?? [];
  if (all.length === 0) return;
  const paths = new Set(pieces.map(({ parent, name }) => keyOf(joinRaw(parent, name))));
  for (const { point } of all) {
    for (let at = point; dirname(at) !== at; at = dirname(at)) {
      if (paths.has(at)) throw mountInside(unit, showRaw(fromKey(point)));
    }
  }
};

/**
 * Looks at every piece before anything is done: its folder is reached without links and on the same mount as `beside`,
 * where the copy will stand, and it is the very thing that was planned. One that is gone already is left out.
 * @throws CodedError `changed`, `mount-inside`, and what the system says.
 */
export const piecesThere = async (
  beside: DirectoryHandle,
  unit: string,
  pieces: readonly Piece[],
): Promise<LookedAt> => {
  const mount = beside.fd === null ? null : mountIdOf(beside.fd);
  const found = new Map<Piece, Facts>();
  const isElsewhere = ({ identity }: Facts): boolean => String(identity.dev) !== String(beside.facts.identity.dev);
  for (const [parent, some] of Map.groupBy(pieces, (piece) => keyOf(piece.parent))) {
    let folder: DirectoryHandle;
    try {
      folder = await openReal(fromKey(parent));
    } catch (thrown) {
      if (isErrno(thrown, 'ENOENT')) continue;
      throw isErrno(thrown, 'ENOTDIR', 'ELOOP') ? changed(showRaw(fromKey(parent))) : thrown;
    }
    try {
      const isOnAnother = mount !== null && folder.fd !== null && mountIdOf(folder.fd) !== mount;
      if (isOnAnother || isElsewhere(folder.facts)) throw mountInside(unit, showRaw(fromKey(parent)));
      const facts = await lookAtAll(
        folder,
        some.map(({ name }) => name),
      );
      for (const [at, piece] of some.entries()) {
        const one = facts[at] ?? null;
        if (one === null) continue;
        if (isElsewhere(one)) throw mountInside(unit, pathOfPiece(piece));
        if (!isMeant(piece, one)) throw changed(pathOfPiece(piece));
        found.set(piece, one);
      }
    } finally {
      await folder.close();
    }
  }
  mustHoldNoMount(unit, pieces);
  const here = pieces.flatMap((piece): readonly KeptPiece[] => {
    const facts = found.get(piece);
    return facts === undefined ? [] : [{ ...piece, mode: facts.mode }];
  });
  return { here, gone: pieces.length - here.length };
};
