import type { OwnCommand, Plan } from '../../shared/model.ts';

/** What a door with a desktop around it can do for the program. Absent: that door cannot. */
export interface Shell {
  /** Shows a file or folder in the system's file manager. */
  readonly reveal?: (path: string) => Promise<void>;
  /** The system's folder dialog: an absolute path, or null. */
  readonly pickFolder?: () => Promise<string | null>;
  /** Asks the person, in a dialog that no page can answer, whether this plan shall be carried out. */
  readonly confirm?: (
    plan: Plan,
    how: { readonly undoWindowMs: number; readonly evenIfInUse: boolean; readonly waitMs: number | null },
  ) => Promise<boolean>;
  /** The same for a tool's own command. */
  readonly confirmCommand?: (command: OwnCommand) => Promise<boolean>;
}
