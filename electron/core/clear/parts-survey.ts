import { CodedError } from '../../../shared/errors.ts';
import { isErrno } from '../fs/errno.ts';
import { fromKey, keyOf, lookAtAll, numbersIn, openReal } from '../fs/folders.ts';
import type { DirectoryHandle } from '../fs/handle.ts';
import type { KeptPiece } from '../store/schema.ts';
import { isPiece } from './parts-back.ts';

/** Where the pieces of a copy are. */
export interface Survey {
  /** In the copy, with something else at their places: another thing, or a folder that leads elsewhere by now. */
  readonly taken: readonly KeptPiece[];
  /** In the copy, those that are taken included. */
  readonly held: number;
  /** At their places. */
  readonly back: number;
  /** In neither. */
  readonly lost: number;
}

type Place = DirectoryHandle | 'free' | 'in the way';

const openPlace = async (path: string): Promise<Place> => {
  try {
    return await openReal(fromKey(path));
  } catch (thrown) {
    if (isErrno(thrown, 'ENOENT')) return 'free';
    if (thrown instanceof CodedError || isErrno(thrown, 'ENOTDIR', 'ELOOP')) return 'in the way';
    throw thrown;
  }
};

/** Looks at all places, by inode. Changes nothing. @throws what keeps one from being looked at. */
export const survey = async (
  copy: DirectoryHandle | null,
  pieces: readonly KeptPiece[],
  sameBoot: boolean,
): Promise<Survey> => {
  const taken: KeptPiece[] = [];
  const numbers = copy === null ? new Set<number>() : await numbersIn(copy);
  let [held, back, lost] = [0, 0, 0];
  for (const [parent, some] of Map.groupBy(pieces.entries(), ([, piece]) => keyOf(piece.parent))) {
    const place = await openPlace(parent);
    const isOpen = typeof place !== 'string';
    try {
      const names = some.map(([, { name }]) => name);
      const there = isOpen ? await lookAtAll(place, names) : [];
      for (const [at, [n, piece]] of some.entries()) {
        const facts = there[at] ?? null;
        const isBack = isPiece(piece, facts, sameBoot);
        if (!numbers.has(n)) {
          if (isBack) back += 1;
          else lost += 1;
          continue;
        }
        held += 1;
        if (!isBack && (facts !== null || place === 'in the way')) taken.push(piece);
      }
    } finally {
      if (isOpen) await place.close();
    }
  }
  return { taken, held, back, lost };
};
