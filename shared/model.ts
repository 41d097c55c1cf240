import type { ApiError } from './errors.ts';
import type { Identity } from './identity.ts';
import type { CacheId, EntryId, LeftoverId, OperationId, PlanId, UnitId } from './ids.ts';

export * from './doctor.ts';
export * from './held.ts';
export * from './settings.ts';
export type * from './snapshot.ts';

/** A moment as ISO 8601 in UTC with milliseconds, `2026-05-12T09:30:00.000Z`. */
export type Timestamp = string;

/**
 * Three honest sizes, in bytes. `apparent`: what the files say they hold; `allocated`: the blocks they occupy, a
 * hard-linked file once; `reclaimable`: what clearing gives back (allocated, less files with links from outside).
 */
export interface Sizes {
  readonly apparent: number;
  readonly allocated: number;
  readonly reclaimable: number;
}

/** A part of a tree that could not be measured. Never counted as empty. */
export interface Unreadable {
  readonly path: string;
  readonly errno: number;
  readonly message: string;
}

/** The smallest part of a cache that can be cleared on its own. */
export interface Unit {
  readonly id: UnitId;
  readonly name: string;
  readonly path: string;
  readonly present: boolean;
  readonly identity: Identity | null;
  /** Regular files, links, sockets and all else that is not a directory. Null: not measured yet. */
  readonly files: number | null;
  readonly directories: number | null;
  readonly bytes: Sizes | null;
  /** Newest and oldest use of any file in it, by mtime, and by atime where the mount keeps it. */
  readonly lastUsed: Timestamp | null;
  readonly oldestUse: Timestamp | null;
  readonly unreadable: readonly Unreadable[];
  readonly measuredAt: Timestamp | null;
}

/** Something inside or beside a cache that a clear never touches. */
export interface Kept {
  readonly path: string;
  readonly why: string;
}

/** The tool's own command that clears a cache. Run on a person's request only. */
export interface OwnCommand {
  /** As it would be typed. */
  readonly line: string;
  /** What it does, and what it leaves, as a sentence. */
  readonly does: string;
  /** Why it is the better choice here, as a sentence; null: a clear of ours does no less. */
  readonly better: string | null;
}

/** One tool's cache at one place. */
export interface Cache {
  readonly id: CacheId;
  readonly tool: string;
  readonly name: string;
  readonly root: string;
  readonly present: boolean;
  /** A person added it, and can have it forgotten. */
  readonly added: boolean;
  /** How we know that this is the place: `PIP_CACHE_DIR`, a configuration file, the platform's default. */
  readonly because: string;
  readonly what: string;
  /** What happens if it is cleared, in words. */
  readonly cost: string;
  /** The tool's own command for it, where it has one. */
  readonly command: string | null;
  /** That command in a form that can be run here on request. */
  readonly own: OwnCommand | null;
  /** How its files are shared with projects and what a clear does to those, as a sentence. Null: they are copies. */
  readonly links: string | null;
  /** Its entries can be cleared one by one. */
  readonly parts: boolean;
  readonly keeps: readonly Kept[];
  /** Why nothing here may be cleared, when that is so. */
  readonly problem: ApiError | null;
  readonly units: readonly Unit[];
}

/** What a unit holds, in the tool's own terms. A field that the tool does not record is null. */
export interface Entry {
  readonly id: EntryId;
  readonly unit: string;
  readonly kind: string;
  readonly name: string | null;
  readonly version: string | null;
  readonly url: string | null;
  readonly bytes: number | null;
  readonly created: Timestamp | null;
  readonly lastUsed: Timestamp | null;
  /** Who uses it, by the tool's own book: projects, references, environments. Empty: nobody; null: no book is kept. */
  readonly usedBy: readonly string[] | null;
  /** Why it is damaged, or null when it is whole. */
  readonly damaged: string | null;
}

/** A process that is using a cache now, and how we know. */
export interface Holder {
  readonly pid: number;
  readonly command: string;
  readonly since: Timestamp | null;
  readonly evidence: string;
}

/** Is somebody using it? `cannot-tell` is treated as `in-use`. */
export interface Usage {
  readonly verdict: 'in-use' | 'idle' | 'cannot-tell';
  readonly holders: readonly Holder[];
  readonly evidence: readonly string[];
}

/** One rename of a plan, with the identity that must still be there when it is done. */
export interface PlanStep {
  readonly unit: UnitId;
  readonly rename: { readonly from: string; readonly to: string };
  readonly identity: Identity;
}

/** Single entries that a plan takes out of units that stay. */
export interface PlanChosen {
  /** The largest first, a thousand at most. */
  readonly entries: readonly Entry[];
  /** All of them, and their bytes as far as they are known. */
  readonly count: number;
  readonly bytes: number;
  /** What goes along though nobody chose it, and why, as sentences. */
  readonly also: readonly string[];
  /** What was chosen and stays, and why: a hundred at most of so many. */
  readonly stays: readonly { readonly entry: Entry; readonly why: string }[];
  readonly staysCount: number;
}

/** Exactly what a clear will do. What is shown is the object that is executed. */
export interface Plan {
  readonly id: PlanId;
  /** A thousand at most. */
  readonly steps: readonly PlanStep[];
  /** How many more there are. */
  readonly moreSteps: number;
  /** Null when whole units go. */
  readonly chosen: PlanChosen | null;
  readonly bytes: Sizes;
  readonly keeps: readonly Kept[];
  readonly usage: Usage['verdict'];
  readonly evidence: readonly string[];
  readonly holders: readonly Holder[];
  readonly refusals: readonly ApiError[];
}

export const operationStates = [
  'waiting',
  'running',
  'done',
  'set-aside',
  'deleting',
  'partial',
  'refused',
  'failed',
  'undone',
  'nothing-to-do',
] as const;
export type OperationState = (typeof operationStates)[number];

/** What an undo does when the tool has made something new at the old place. */
export const undoChoices = ['refuse', 'beside', 'swap'] as const;
export type UndoChoice = (typeof undoChoices)[number];

export interface StepError {
  readonly step: string;
  readonly errno: number | null;
  readonly code: string;
  readonly path: string | null;
  readonly message: string;
}

export interface LeftItem {
  readonly path: string;
  readonly errno: number;
  readonly message: string;
}

/** Single entries that one clear took out of a unit, or of several of one cache. */
export interface OperationParts {
  readonly entries: number;
  /** Files and folders that were renamed for it, and rows taken out of the tool's own book. */
  readonly moves: number;
  readonly rows: number;
  /** What they are, for people: twenty at most, the largest first. */
  readonly names: readonly string[];
}

/** One clear, sweep or run of a tool's own command in the history. */
export interface Operation {
  readonly id: OperationId;
  readonly plan: PlanId | null;
  readonly kind: 'clear' | 'sweep' | 'command';
  /** Null when it was about a whole unit. */
  readonly parts: OperationParts | null;
  readonly state: OperationState;
  readonly tool: string | null;
  readonly unit: string | null;
  readonly path: string;
  readonly door: string;
  readonly startedAt: Timestamp;
  readonly endedAt: Timestamp | null;
  readonly undoUntil: Timestamp | null;
  /** `planned`: reclaimable when last measured, null when it never was; `freed`: measured while deleting. */
  readonly bytes: { readonly planned: number | null; readonly freed: number };
  readonly entriesDeleted: number;
  readonly left: readonly LeftItem[];
  readonly leftCount: number;
  readonly errors: readonly StepError[];
  /** Where the set-aside or half-deleted copy stands now, or null when there is none. */
  readonly asidePath: string | null;
  /** Bytes on the disk that this copy still takes, as far as they were measured; null: none stands there, or never measured. */
  readonly occupied: number | null;
  /** `waiting`: who is waited for. `set-aside`: who still has the copy open, so that it is kept. Else empty. */
  readonly holders: readonly Holder[];
  /** `waiting` only: nothing happens any more after this moment. */
  readonly waitUntil: Timestamp | null;
  /** `waiting` only: a process waits now. False: its door has closed, and only a person makes it go on (`resume`). */
  readonly isWaited: boolean;
  /** Where an undo put the copy, when that is not its old place. */
  readonly restoredTo: string | null;
  readonly steps: readonly { readonly step: string; readonly at: Timestamp; readonly note: string | null }[];
}

export const leftoverVerdicts = ['in-progress', 'abandoned', 'undoable', 'odd', 'cannot-tell'] as const;
export type LeftoverVerdict = (typeof leftoverVerdicts)[number];

/** What stands in or beside a known cache, or in a project that was added, and nobody works on any more, by its name. */
export interface Leftover {
  readonly id: LeftoverId;
  readonly path: string;
  /** Whose it is, for grouping. */
  readonly tool: string | null;
  /** What made it, as its name and our journal tell: `ours`, `pip-tools`, `unknown`, or a tool's kind: `npm-retired`. */
  readonly origin: string;
  /** What it is, in a few words. */
  readonly what: string;
  /** What it was called before; null when it had no other name, or that cannot be told. */
  readonly original: string | null;
  /** The tool's own way to get rid of it, as a sentence; null: it has none. */
  readonly remedy: string | null;
  readonly verdict: LeftoverVerdict;
  /** safe: cleaned with all that are; ask: only when named; never: not by this program. */
  readonly cleaning: 'safe' | 'ask' | 'never';
  readonly evidence: readonly string[];
  readonly bytes: Sizes | null;
  readonly files: number | null;
  readonly since: Timestamp | null;
  readonly operation: OperationId | null;
}

/** How far a measurement or a delete has come. */
export interface Progress {
  readonly entries: number;
  readonly bytes: number;
}

/** Is this cache in use now? Told for all caches that are there. */
export interface CacheUsage {
  readonly cache: CacheId;
  readonly usage: Usage;
}

/** Room on the file system that holds the person's home, in bytes. `free`: what this person may still fill. */
export interface Disk {
  readonly total: number;
  readonly free: number;
}
