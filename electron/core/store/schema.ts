import type { Identity } from '../../../shared/identity.ts';
import type { Holder, LeftItem, Operation, OperationState, StepError } from '../../../shared/model.ts';
import type { Piece, Pieces } from '../clear/pieces.ts';
import type { Owner } from '../usage/processes.ts';

/** Grows by one when the tables change; an older database is brought forward, a newer one refused. */
export const schemaVersion = 3;

/** What clears in parts took, by number, for as long as they are not at their end. */
const pieceTables = `
  CREATE TABLE pieces (operation TEXT NOT NULL, n INTEGER NOT NULL, parent BLOB NOT NULL, name BLOB NOT NULL,
    kind TEXT NOT NULL, dev TEXT NOT NULL, ino TEXT NOT NULL, born TEXT, mode INTEGER NOT NULL,
    PRIMARY KEY (operation, n)) STRICT, WITHOUT ROWID;
  CREATE TABLE piece_rows (operation TEXT NOT NULL, n INTEGER NOT NULL, file TEXT NOT NULL, "table" TEXT NOT NULL,
    row TEXT NOT NULL, PRIMARY KEY (operation, n)) STRICT, WITHOUT ROWID;
`;

export const tables = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE operations (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    token TEXT NOT NULL UNIQUE,
    plan TEXT,
    kind TEXT NOT NULL,
    phase TEXT NOT NULL,
    door TEXT NOT NULL,
    tool TEXT,
    unit TEXT,
    parent BLOB NOT NULL,
    name BLOB NOT NULL,
    stale BLOB NOT NULL,
    deleting BLOB NOT NULL,
    dev TEXT NOT NULL,
    ino TEXT NOT NULL,
    boot TEXT,
    born TEXT,
    owner TEXT,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    undo_until INTEGER,
    planned INTEGER,
    freed INTEGER NOT NULL DEFAULT 0,
    entries INTEGER NOT NULL DEFAULT 0,
    left_count INTEGER NOT NULL DEFAULT 0,
    undo_window INTEGER,
    wait_until INTEGER,
    holders TEXT,
    occupied INTEGER,
    restored BLOB,
    even_if_in_use INTEGER,
    parts TEXT
  ) STRICT;
  CREATE INDEX operations_phase ON operations (phase);
  CREATE TABLE steps (operation TEXT NOT NULL, at INTEGER NOT NULL, step TEXT NOT NULL, note TEXT) STRICT;
  CREATE INDEX steps_operation ON steps (operation);
  CREATE TABLE errors (operation TEXT NOT NULL, step TEXT NOT NULL, errno INTEGER, code TEXT NOT NULL, path TEXT,
    message TEXT NOT NULL) STRICT;
  CREATE INDEX errors_operation ON errors (operation);
  CREATE TABLE remains (operation TEXT NOT NULL, path TEXT NOT NULL, errno INTEGER NOT NULL, message TEXT NOT NULL) STRICT;
  CREATE INDEX remains_operation ON remains (operation);
  CREATE TABLE sizes (unit TEXT NOT NULL, at INTEGER NOT NULL, measurement TEXT NOT NULL) STRICT;
  CREATE INDEX sizes_unit ON sizes (unit, at);
  CREATE TABLE folders (path TEXT PRIMARY KEY, tool TEXT NOT NULL, because TEXT NOT NULL, added_at INTEGER NOT NULL) STRICT;
  CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  ${pieceTables}
`;

/** What turns the tables of a version into those of the next, by the version they are of. */
export const migrations: { readonly [version: number]: string } = {
  1: `
    ALTER TABLE operations ADD COLUMN undo_window INTEGER;
    ALTER TABLE operations ADD COLUMN wait_until INTEGER;
    ALTER TABLE operations ADD COLUMN holders TEXT;
    ALTER TABLE operations ADD COLUMN occupied INTEGER;
    ALTER TABLE operations ADD COLUMN restored BLOB;
    ALTER TABLE operations ADD COLUMN even_if_in_use INTEGER;
  `,
  2: `
    ALTER TABLE operations ADD COLUMN parts TEXT;
    ${pieceTables}
  `,
};

/**
 * How far an operation has come. `waiting`: a person wants it cleared when it is idle; `intent`: nothing renamed yet;
 * `undoing`: about to be renamed back; `deleting`: about to be, or already, renamed for the second time. The others are
 * ends, `partial` one that can be gone on with.
 */
export type Phase = 'intent' | 'set-aside' | 'undoing' | 'deleting' | Exclude<OperationState, 'set-aside' | 'deleting'>;

/** An operation as the journal holds it. Names are bytes; `parent` is canonical; times in ms since 1970. */
export interface Entry {
  readonly id: string;
  readonly token: string;
  readonly plan: string | null;
  readonly kind: Operation['kind'];
  /** What single entries it took out of a unit; null when it was about a whole one. */
  readonly parts: Operation['parts'];
  readonly phase: Phase;
  readonly door: string;
  readonly tool: string | null;
  readonly unit: string | null;
  readonly parent: Buffer;
  readonly name: Buffer;
  readonly stale: Buffer;
  readonly deleting: Buffer;
  readonly identity: Identity;
  /** The boot in which `identity` was read: device numbers may be given anew at the next one. */
  readonly boot: string | null;
  /** See `Facts.born`. */
  readonly born: string | null;
  /** Null: its process ended as it should and left the rest to whoever comes. */
  readonly owner: Owner | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly undoUntil: number | null;
  readonly planned: number | null;
  readonly freed: number;
  readonly entries: number;
  readonly leftCount: number;
  /** `waiting`: how long (ms) the copy is to be kept whole once it is set aside. */
  readonly undoWindowMs: number | null;
  readonly waitUntil: number | null;
  /** See `Operation.holders`. */
  readonly holders: readonly Holder[];
  /** Bytes that the copy takes on the disk when it is set aside, as last measured. */
  readonly occupied: number | null;
  /** The name below `parent` that an undo gives the copy, when it is not `name`. Written down before the rename. */
  readonly restored: Buffer | null;
  /** A person's word that this copy is to be deleted whoever has it open. */
  readonly evenIfInUse: boolean;
}

export interface Step {
  readonly step: string;
  readonly at: number;
  readonly note: string | null;
}

/** An operation with all that is known of it. */
export interface Record extends Entry {
  readonly steps: readonly Step[];
  readonly errors: readonly StepError[];
  readonly left: readonly LeftItem[];
}

/** What changes when an operation goes on. Absent: stays; `errors` and `left` replace what stood there. */
export interface Patch {
  readonly owner?: Owner | null;
  readonly endedAt?: number | null;
  readonly undoUntil?: number | null;
  readonly freed?: number;
  readonly entries?: number;
  readonly leftCount?: number;
  readonly left?: readonly LeftItem[];
  readonly errors?: readonly StepError[];
  readonly undoWindowMs?: number;
  readonly waitUntil?: number | null;
  readonly holders?: readonly Holder[];
  readonly occupied?: number | null;
  readonly restored?: Buffer | null;
  /** `waiting` -> `intent`: what stands there when the wait is over, and the names it gets. */
  readonly assignment?: Pick<Entry, 'token' | 'stale' | 'deleting' | 'identity' | 'boot' | 'born' | 'planned'>;
  readonly note?: string;
}

/** A piece with its mode as it was: a read-only folder that is moved is writable for a moment. */
export interface KeptPiece extends Piece {
  readonly mode: number;
}

/** What a clear in parts took, in its order: piece number n is called `n` in its copy. */
export interface KeptPieces extends Pick<Pieces, 'rows'> {
  readonly pieces: readonly KeptPiece[];
}

/** What is seen of an operation while it stays where it is. */
export interface Seen {
  readonly holders: readonly Holder[];
  /** `set-aside`: when it is looked at again. */
  readonly undoUntil?: number;
}

export interface HistoryFilter {
  readonly since?: number | undefined;
  readonly phase?: Phase | undefined;
  readonly limit?: number | undefined;
}

/** A folder that a person added. */
export interface Folder {
  readonly path: string;
  readonly tool: string;
  readonly because: string;
}
