import { join } from 'node:path';
import type { Notice } from '../../../shared/model.ts';
import { ownFileSize, removeOwnFile } from '../fs/own-files.ts';
import { freeAt, isNoRoom, makeRoomKeeper } from '../fs/own-room.ts';

/** Some ten steps of operations, and many more once the write-ahead log has been emptied. */
const reserveBytes = 256 * 1024;
/** It is made only where so many bytes stay free beside it: it must not be what fills the disk. */
const besidesBytes = 2 * reserveBytes;
/** How often (ms) it is tried to make it again. */
const againMs = 5000;

/**
 * SQLite's words for no room: 13 is SQLITE_FULL, 4874 SQLITE_IOERR_SHMSIZE, 778 SQLITE_IOERR_WRITE, which is what it
 * says of a used-up quota (sqlite.org/rescode.html).
 */
const isFull = (thrown: unknown): boolean => {
  const { errcode } = (thrown ?? {}) as { readonly errcode?: number };
  return isNoRoom(thrown) || (errcode !== undefined && ((errcode & 0xff) === 13 || [4874, 778].includes(errcode)));
};

export const usedReserve: Notice = {
  level: 'warning',
  message:
    'The disk that holds the history is full. What was kept free for this has been used, so that this clear could still be written down. Free some room there.',
};

/**
 * A file that keeps room beside the history. Freeing space is why people come: on a full disk it is given back, so that
 * a clear can still be written down before anything is touched. It is made again when there is room.
 */
export class Reserve {
  readonly #dir: string;
  #triedAt = Number.NEGATIVE_INFINITY;

  constructor(dir: string) {
    this.#dir = dir;
  }

  get #path(): string {
    return join(this.#dir, 'reserve');
  }

  /** Makes it, if it is not there and there is room. Failing is no error: then there is none. */
  keep(): void {
    const now = performance.now();
    if (now - this.#triedAt < againMs) return;
    this.#triedAt = now;
    try {
      if (ownFileSize(this.#path) === reserveBytes) return;
      if ((freeAt(this.#dir) ?? 0) >= reserveBytes + besidesBytes) makeRoomKeeper(this.#path, reserveBytes);
    } catch {
      // A disk that does not let it be made is told of by whatever needs that disk.
    }
  }

  /**
   * Does something that writes; when there is no room for it, once more with the reserve given back. `tidy` then makes
   * do with less room, if it can; `onUsed` is told when the reserve has helped.
   */
  within<T>(work: () => T, onUsed: () => void, tidy: () => void = () => undefined): T {
    try {
      return work();
    } catch (thrown) {
      if (!isFull(thrown)) throw thrown;
      const isThere = ownFileSize(this.#path) !== null;
      removeOwnFile(this.#path);
      this.#triedAt = performance.now();
      tidy();
      const result = work();
      if (isThere) onUsed();
      return result;
    }
  }
}
