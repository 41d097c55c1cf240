import { CodedError } from '../../../shared/errors.ts';
import { isErrno } from '../fs/errno.ts';
import { Folders, fromKey, keyOf, makeFoldersTo, numberName, openReal, removeEmptyFolder } from '../fs/folders.ts';
import type { DirectoryHandle } from '../fs/handle.ts';
import { type Facts, isSameThing } from '../fs/identity.ts';
import { moveToFree, setMode } from '../fs/move.ts';
import type { Raw } from '../fs/raw.ts';
import type { KeptPiece, KeptPieces } from '../store/schema.ts';
import { pathOfPiece } from './parts-look.ts';
import { giveBackRows } from './parts-rows.ts';
import type { PieceRow } from './pieces.ts';
import { explainedError } from './step-error.ts';

/** A copy that holds pieces by their numbers, open, and what they were. */
export interface OpenCopy {
  readonly parent: DirectoryHandle;
  readonly name: Raw;
  readonly handle: DirectoryHandle;
  readonly kept: KeptPieces;
  /** The identities of the pieces were read since this system started. */
  readonly sameBoot: boolean;
}

const permissions = 0o7777;
const ownerMayWrite = 0o200;

export const isPiece = (piece: KeptPiece, facts: Facts | null, sameBoot: boolean): facts is Facts =>
  facts !== null && facts.kind === piece.kind && isSameThing(piece, facts, sameBoot);

/** A read-only folder whose move was cut off is writable still. */
const asItWas = async (folder: DirectoryHandle, piece: KeptPiece, sameBoot: boolean): Promise<void> => {
  const { kind, mode, name } = piece;
  if (kind !== 'directory' || (mode & ownerMayWrite) !== 0) return;
  const facts = await folder.look(name);
  if (!isPiece(piece, facts, sameBoot)) return;
  if ((facts.mode & permissions) !== ((mode & permissions) | ownerMayWrite)) return;
  await setMode({ folder, name }, facts, mode & permissions);
};

/** Where a piece belongs; its folder is made again when it is gone. */
const placeOf = async (folders: Folders, { parent }: KeptPiece, copy: DirectoryHandle): Promise<DirectoryHandle> => {
  try {
    return await folders.at(parent);
  } catch (thrown) {
    if (!isErrno(thrown, 'ENOENT')) throw thrown;
    await makeFoldersTo(parent, copy.facts.identity.dev);
    return folders.at(parent);
  }
};

/** True when something else stands at its place, and it has stayed in the copy. */
const putPieceBack = async (copy: OpenCopy, folders: Folders, piece: KeptPiece, n: number): Promise<boolean> => {
  const { handle, sameBoot } = copy;
  const facts = await handle.look(numberName(n));
  if (facts === null) {
    // It was never moved, or this was cut off right after its move.
    if (piece.kind !== 'directory' || (piece.mode & ownerMayWrite) !== 0) return false;
    const folder = await folders.at(piece.parent).catch(() => null);
    if (folder !== null) await asItWas(folder, piece, sameBoot);
    return false;
  }
  const folder = await placeOf(folders, piece, handle);
  try {
    await moveToFree({ folder: handle, name: numberName(n) }, { folder, name: piece.name }, facts);
  } catch (thrown) {
    if (isErrno(thrown, 'EEXIST')) return true;
    throw thrown;
  }
  await asItWas(folder, piece, sameBoot);
  return false;
};

/** Several at once share one commit of the file system. */
const atOnce = 4;

/** Makes what happened in the folders of these pieces durable: each folder once. One that is gone needs nothing. */
export const syncFolders = async (pieces: readonly KeptPiece[]): Promise<void> => {
  const left = [...new Set(pieces.map(({ parent }) => keyOf(parent)))];
  const lane = async (): Promise<void> => {
    for (let path = left.pop(); path !== undefined; path = left.pop()) {
      try {
        const folder = await openReal(fromKey(path));
        await folder.sync().finally(() => folder.close());
      } catch (thrown) {
        if (!isErrno(thrown, 'ENOENT', 'ENOTDIR')) throw thrown;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
};

/** An error of the system with the place that it is about: Node tells it as a name in an open folder. */
const atPiece = async (thrown: unknown, piece: KeptPiece): Promise<unknown> => {
  const path = pathOfPiece(piece);
  const { errno, code, message } = await explainedError('put back', thrown, path);
  return errno === null || thrown instanceof CodedError
    ? thrown
    : new CodedError({ code: 'io', detail: code, path, message });
};

/** What came of putting everything back. */
export interface PutBack {
  /** These have stayed in the copy, since something else stands at their places. */
  readonly stuck: readonly KeptPiece[];
  /** These could not be written back. */
  readonly rows: readonly PieceRow[];
  /** The copy is gone. Else it holds those that are stuck, or what somebody else put into it. */
  readonly isGone: boolean;
}

/**
 * Puts back what the copy holds: pieces in the reverse of their order, each to its own place if that is free, then the
 * rows; then removes the copy when nothing is in it. May be asked for again after it was cut off anywhere.
 * @throws what stopped it: what is back stays back, and the rest is whole in the copy.
 */
export const putAllBack = async (copy: OpenCopy): Promise<PutBack> => {
  const { parent, name, handle, kept } = copy;
  const folders = new Folders();
  const stuck: KeptPiece[] = [];
  try {
    for (const [n, piece] of [...kept.pieces.entries()].reverse()) {
      const isStuck = await putPieceBack(copy, folders, piece, n).catch(async (thrown: unknown) => {
        throw await atPiece(thrown, piece);
      });
      if (isStuck) stuck.push(piece);
    }
    stuck.reverse();
    await syncFolders(kept.pieces);
  } finally {
    await folders.close();
  }
  await handle.sync();
  const rows = await giveBackRows(kept.rows);
  const isGone = stuck.length === 0 && (await removeEmptyFolder(parent, name));
  if (isGone) await parent.sync();
  return { stuck, rows, isGone };
};
