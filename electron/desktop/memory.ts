import { join } from 'node:path';
import { app } from 'electron';
import { z } from 'zod';
import { readOwnFile, writeOwnFile } from '../core/inspector.ts';

const Remembered = z.object({ folder: z.string() });

const file = (): string => join(app.getPath('userData'), 'desktop.json');

/** The folder that was picked last; the person's home before that, or when the file makes no sense. */
export const lastFolder = (): string => {
  try {
    return Remembered.parse(JSON.parse(readOwnFile(file()) ?? '')).folder;
  } catch {
    return app.getPath('home');
  }
};

/** Keeps it for the next dialog: since Electron 43 the system does not. That it could not be kept is no news. */
export const rememberFolder = (folder: string): void => {
  try {
    writeOwnFile(file(), JSON.stringify({ folder }));
  } catch {
    // The next dialog begins at home.
  }
};
