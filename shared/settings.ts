export const themes = ['system', 'light', 'dark'] as const;
export const byteCounts = ['platform', 'decimal', 'binary'] as const;

/** What the person may set. Lengths of time in ms. */
export interface Settings {
  readonly undoWindowMs: number;
  readonly theme: (typeof themes)[number];
  /** How bytes are written: as the platform's own file manager does, in powers of 1000, or of 1024. */
  readonly byteUnits: (typeof byteCounts)[number];
  /** Clear without a question what is idle, undoable and can be had again. */
  readonly oneClick: boolean;
  /** Folders in which nothing may ever be cleared, besides those that never may. Canonical paths. */
  readonly protectedFolders: readonly string[];
}
