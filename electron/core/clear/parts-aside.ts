import { CodedError, errorKind } from '../../../shared/errors.ts';
import { keepsBirths } from '../fs/births.ts';
import { isErrno } from '../fs/errno.ts';
import { Folders, lookAtAll, makeFolder, numberName, removeEmptyFolder } from '../fs/folders.ts';
import { DirectoryHandle, mustHaveHandles } from '../fs/handle.ts';
import { moveIn } from '../fs/move.ts';
import { joinRaw, showRaw } from '../fs/raw.ts';
import type { Entry, KeptPieces, Record } from '../store/schema.ts';
import type { ClearLocks } from '../usage/clear-locks.ts';
import { failIntent, handlesAhead } from './aside-ends.ts';
import { type Assignment, newEntry, readBack, recordEnd } from './assignment.ts';
import { release } from './at-hand.ts';
import type { Engine } from './engine.ts';
import { freeNames } from './names.ts';
import { isPiece, type OpenCopy, putAllBack, syncFolders } from './parts-back.ts';
import { pathOfPiece, piecesThere } from './parts-look.ts';
import { rowsThere, takeRows } from './parts-rows.ts';
import { takeBack } from './parts-take-back.ts';
import type { PieceRow, Pieces } from './pieces.ts';
import { explainedError } from './step-error.ts';

/** Folders of pieces that are open at once, besides. */
const foldersAhead = 20;

/** How far it is at this moment. */
interface Spot {
  /** For the words of an error. */
  path: string;
  /** Rows that are out of their files. */
  rows: readonly PieceRow[];
}

/** P3: rows, then pieces in their order; then all of it is made durable, and proved to be what was meant. */
const takeAll = async ({ handle, kept, sameBoot }: OpenCopy, spot: Spot): Promise<void> => {
  await takeRows(kept.rows, (some) => {
    spot.rows = [...spot.rows, ...some];
  });
  const folders = new Folders();
  try {
    for (const [n, piece] of kept.pieces.entries()) {
      spot.path = pathOfPiece(piece);
      const folder = await folders.at(piece.parent);
      await moveIn({ folder, name: piece.name }, { folder: handle, name: numberName(n) }, piece);
    }
    await handle.sync();
    await syncFolders(kept.pieces);
    const moved = await lookAtAll(
      handle,
      kept.pieces.map((_, n) => numberName(n)),
    );
    for (const [n, piece] of kept.pieces.entries()) {
      if (isPiece(piece, moved[n] ?? null, sameBoot)) continue;
      spot.path = pathOfPiece(piece);
      const message = `Something else was put at ${spot.path} at that very moment; all of it has been put back. Look again, then decide.`;
      throw new CodedError({ code: 'changed', path: spot.path, message });
    }
  } finally {
    await folders.close();
  }
};

const carryOut = async (engine: Engine, entry: Entry, copy: OpenCopy): Promise<Record> => {
  const spot: Spot = { path: showRaw(joinRaw(entry.parent, entry.name)), rows: [] };
  try {
    await takeAll(copy, spot);
  } catch (thrown) {
    const error = await explainedError('set-aside', thrown, spot.path);
    const record = await readBack(engine, entry.id);
    const end = () => failIntent(engine, entry.id, error);
    const taken = { ...copy, kept: { ...copy.kept, rows: spot.rows } };
    return takeBack(engine, record, taken, { errors: [error], owner: engine.self, end });
  }
  try {
    const undoUntil = engine.now() + ((entry.undoUntil ?? 0) - entry.startedAt);
    await engine.store.advance(entry.id, ['intent'], 'set-aside', engine.now(), { undoUntil });
  } catch (thrown) {
    // Nobody could tell what became of it: undo what was done.
    release(entry.id);
    await putAllBack(copy);
    throw thrown;
  }
  return readBack(engine, entry.id);
};

/** The folder that becomes the copy, and the intent. Left empty by a crash it is harmless. */
const begin = async (
  engine: Engine,
  job: Assignment & { readonly pieces: Pieces },
  parent: DirectoryHandle,
  kept: KeptPieces,
  note: string | null,
): Promise<Entry> => {
  const names = await freeNames(parent, job.names, job.name, engine.self.pid);
  await makeFolder(parent, names.stale, 0o700);
  try {
    const facts = await parent.look(names.stale);
    if (facts === null) throw new Error('a folder that was just made is not there');
    await parent.sync();
    const born = keepsBirths(joinRaw(job.parent, names.stale)) ? facts.born : null;
    const about = { ...job.pieces.about, moves: kept.pieces.length, rows: kept.rows.length };
    const known = { names, identity: facts.identity, born, pieces: { ...job.pieces, about } };
    const entry = newEntry(engine, { ...job, ...known }, 'intent');
    try {
      await engine.store.begin(entry, { step: 'intent', at: entry.startedAt, note }, [], kept);
    } catch (thrown) {
      // It may have been written all the same.
      release(entry.id);
      throw thrown;
    }
    return entry;
  } catch (thrown) {
    await removeEmptyFolder(parent, names.stale).catch(() => false);
    throw thrown;
  }
};

const goneText = (gone: number): string => `${gone} of what was planned ${gone === 1 ? 'was' : 'were'} gone already`;

/**
 * P2 and P3 for single things out of a unit, under the locks of P1: all of them move into one folder beside it, which
 * is the copy from then on. Resolves with the operation: `set-aside`, or `refused`, `failed` or `nothing-to-do` with
 * everything untouched at its place. What could not be put back after an error is kept, and the operation `set-aside`.
 * @throws CodedError `store-unavailable` when the intent cannot be written; nothing was touched then.
 */
export const setPiecesAside = async (
  engine: Engine,
  job: Assignment,
  pieces: Pieces,
  locks: ClearLocks,
): Promise<Record> => {
  const shown = showRaw(joinRaw(job.parent, job.name));
  const end = async (thrown: unknown): Promise<Record> => {
    if (thrown instanceof CodedError && thrown.code === 'store-unavailable') throw thrown;
    const isRefusal = thrown instanceof CodedError && errorKind(thrown.code) === 'refusal';
    const error = await explainedError('preflight', thrown, shown);
    return recordEnd(engine, job, isRefusal ? 'refused' : 'failed', [error]);
  };
  let parent: DirectoryHandle;
  try {
    await mustHaveHandles(job.parent, handlesAhead + foldersAhead);
    parent = await DirectoryHandle.open(job.parent);
  } catch (thrown) {
    return isErrno(thrown, 'ENOENT') ? recordEnd(engine, job, 'nothing-to-do', []) : end(thrown);
  }
  let handle: DirectoryHandle | null = null;
  try {
    let entry: Entry;
    let kept: KeptPieces;
    try {
      const { here, gone } = await piecesThere(parent, shown, pieces.pieces);
      if (here.length === 0) return await recordEnd(engine, job, 'nothing-to-do', []);
      kept = { pieces: here, rows: await rowsThere(pieces.rows) };
      const notes = [locks.note, gone === 0 ? null : goneText(gone)].filter((it) => it !== null);
      entry = await begin(engine, { ...job, pieces }, parent, kept, notes.length === 0 ? null : notes.join('; '));
    } catch (thrown) {
      return await end(thrown);
    }
    try {
      handle = await DirectoryHandle.open(parent.at(entry.stale));
    } catch (thrown) {
      await removeEmptyFolder(parent, entry.stale).catch(() => false);
      return await failIntent(engine, entry.id, await explainedError('set-aside', thrown, shown));
    }
    return await carryOut(engine, entry, { parent, name: entry.stale, handle, kept, sameBoot: true });
  } finally {
    await handle?.close();
    await parent.close();
  }
};
