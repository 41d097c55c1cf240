import { dirname } from 'node:path';
import { makeOwnDirectory, ownFileSize, renameOwnFile } from './own-files.ts';
import { fs } from './seam.ts';

/** From this size on (bytes) the log begins anew, and the one before is kept beside it. */
const fullAt = 500_000;

/** A plain log for one person: two files at most, readable by nobody else. */
export interface OwnLog {
  readonly path: string;
  write(line: string): void;
}

/** Opens a log. Nothing is written, and no folder made, before the first line; a full disk costs the line only. */
export const openLog = (path: string): OwnLog => ({
  path,
  write: (line) => {
    try {
      makeOwnDirectory(dirname(path));
      if ((ownFileSize(path) ?? 0) > fullAt) renameOwnFile(path, `${path}.1`);
      fs.appendFileSync(path, `${new Date().toISOString()} ${line}\n`, { mode: 0o600 });
    } catch {
      // Whoever logs has worse to tell than that it could not be written.
    }
  },
});
