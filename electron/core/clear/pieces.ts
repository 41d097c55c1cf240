import type { Identity } from '../../../shared/identity.ts';
import type { OperationParts } from '../../../shared/model.ts';
import type { Kind } from '../fs/identity.ts';
import type { Raw } from '../fs/raw.ts';

/** One file or folder of a clear in parts: where it stands, and what it is. */
export interface Piece {
  /** Canonical. */
  readonly parent: Raw;
  readonly name: Raw;
  readonly kind: Kind;
  readonly identity: Identity;
  /** See `Facts.born`. */
  readonly born: string | null;
}

/** A row of a tool's SQLite file that goes with them. */
export interface PieceRow {
  /** The file's absolute path. */
  readonly file: string;
  readonly table: string;
  readonly row: Readonly<Record<string, string | number | null>>;
}

/**
 * What a clear in parts takes: rows first, then each piece by one rename, in this order, into one folder `<unit>.stale-…`
 * beside the unit, where piece number n is called `n`. From there on that folder is the copy: whole, undoable, one
 * operation.
 */
export interface Pieces {
  readonly pieces: readonly Piece[];
  readonly rows: readonly PieceRow[];
  readonly about: OperationParts;
}
