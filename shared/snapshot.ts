import type { Notice } from './doctor.ts';
import type { Cache, Disk, Leftover, Operation } from './model.ts';
import type { Settings } from './settings.ts';

/** Which door a page came through, and what only that door can do. */
export interface Door {
  readonly name: string;
  /** Show a file in the system's file manager. */
  readonly reveal: boolean;
  /** Let the person pick a folder in a dialog of the system. */
  readonly pickFolder: boolean;
  /** Asks the person itself, in a dialog of the system, before a clear is carried out. */
  readonly confirms: boolean;
}

/** All that a page needs at its start; events keep it current from there. */
export interface Snapshot {
  readonly version: string;
  readonly platform: string;
  /** To write `~` for it. */
  readonly home: string;
  readonly door: Door;
  /** As last measured. */
  readonly caches: readonly Cache[];
  readonly leftovers: readonly Leftover[];
  /** The newest, newest first. `history` gives more. */
  readonly operations: readonly Operation[];
  readonly settings: Settings;
  readonly disk: Disk | null;
  readonly notices: readonly Notice[];
}
