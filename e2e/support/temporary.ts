import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new folder below the system's temporary one, by its real path. Whoever makes it removes it. */
export const newFolder = (): string => realpathSync.native(mkdtempSync(join(tmpdir(), 'cache-inspector-test-')));

export const removeFolder = (folder: string): void =>
  rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 });

/** A new folder that is removed when the running test ends. */
export const folderForTest = (): string => {
  const folder = newFolder();
  onTestFinished(() => removeFolder(folder));
  return folder;
};
