import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { ApiError } from '../../../shared/errors.ts';
import type { OperationParts } from '../../../shared/model.ts';
import type { KnownUnit } from '../caches.ts';
import type { PartRow } from '../catalog/tool.ts';
import { keepsBirths } from '../fs/births.ts';
import { reader } from '../fs/reader.ts';
import { assignmentNames } from './assignment.ts';
import type { Piece, Pieces } from './pieces.ts';

/** Single things of a cache that are to go in one clear. */
export interface PiecesWish {
  /** The units that they stand in: the first is the one beside which they are gathered. */
  readonly units: readonly KnownUnit[];
  /** Paths below the cache's root, in the order in which they go. */
  readonly moves: readonly string[];
  readonly rows: readonly PartRow[];
  readonly about: OperationParts;
  /** As far as the tool's own entries say. */
  readonly bytes: number;
}

/** So many are looked at between two breaths of the event loop. */
const atOnce = 200;

const isPlainBelow = (path: string): boolean =>
  path !== '' &&
  !path.includes('\0') &&
  path.split('/').every((name) => name !== '' && name !== '.' && name !== '..') &&
  !(process.platform === 'win32' && path.includes('\\'));

const strange = (root: string, path: string): ApiError => ({
  code: 'not-a-directory',
  path: join(root, path),
  message: `${join(root, path)} is not reached by plain folders of this cache, so nothing there is touched. Look at what stands there.`,
});

/**
 * Looks at everything that a clear in parts would rename: what stands there now, reached from the root by real folders
 * alone. What is gone by now is left out. Reads only. `root` is canonical.
 */
export const lookAtPieces = async (root: string, wish: PiecesWish): Promise<Pieces | ApiError> => {
  const isReal = new Map<string, boolean>();
  const births = new Map<string, boolean>();
  /** Every folder on the way from the root is one, and no link. */
  const isRealFolder = (below: string): boolean => {
    if (below === '') return true;
    const known = isReal.get(below);
    if (known !== undefined) return known;
    const above = below.includes('/') ? below.slice(0, below.lastIndexOf('/')) : '';
    const real = isRealFolder(above) && reader.facts(join(root, below))?.kind === 'directory';
    isReal.set(below, real);
    return real;
  };
  const pieces: Piece[] = [];
  for (const [number, move] of wish.moves.entries()) {
    if (number % atOnce === atOnce - 1) await breathe();
    if (!isPlainBelow(move)) return strange(root, move);
    const path = join(root, move);
    const facts = reader.facts(path);
    if (facts === null) continue;
    const above = move.includes('/') ? move.slice(0, move.lastIndexOf('/')) : '';
    if (!isRealFolder(above) || facts.kind === 'other') return strange(root, move);
    const lasting = births.get(above) ?? keepsBirths(path);
    births.set(above, lasting);
    const { kind, identity, born } = facts;
    pieces.push({ ...assignmentNames(path), kind, identity, born: lasting ? born : null });
  }
  const rows = wish.rows.map(({ file, table, row }) => ({ file: join(root, file), table, row }));
  return { pieces, rows, about: { ...wish.about, moves: pieces.length } };
};
