import type { ApiError } from '../../../shared/errors.ts';
import type { Entry, Kept } from '../../../shared/model.ts';
import type { Reader } from '../fs/reader.ts';

/** What a tool's own rules for finding its cache depend on. Passed in, so that every platform can be tested on one. */
export interface Surroundings {
  readonly platform: 'linux' | 'darwin' | 'win32';
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly cwd: string;
  /** Whose process it is; absent where there are no such numbers, or where it is not known. Yarn asks whether it is root. */
  readonly uid?: number;
  /** A configuration file's text, or null when it is not there. */
  readonly readText: (path: string) => string | null;
}

/** Where a tool keeps its cache, by its own precedence, and how we know. */
export type Root =
  | { readonly path: string; readonly because: string; readonly isDefault: boolean; readonly problem?: undefined }
  /** The tool has been told a place that cannot be used, a relative path for instance. */
  | { readonly path: string; readonly because: string; readonly isDefault: false; readonly problem: ApiError };

/**
 * Which files of a unit a tool may change without making a new one. A directory's own time tells when a file in it
 * was made, renamed or removed, so sizes of directories whose files are never rewritten need no second look.
 * A list names the sub-directories where files are rewritten, `''` for the unit's own.
 */
export type Rewritten = 'nothing' | 'anything' | readonly string[];

/** The smallest part of a cache that can be cleared on its own. */
export interface UnitDefinition {
  /** `_cacache`, `_npx/1a2b3c`: unique in its cache, and its path below the root with `/` between. */
  readonly name: string;
  readonly kind: 'directory' | 'file';
  readonly rewritten: Rewritten;
  /** The tool itself puts a `.git` on top of it: elsewhere that is a sign of somebody's work, here it is none. */
  readonly hasGit?: boolean;
  /** Cleared without the rest of its cache it takes other things along: `parts` is asked about all of it. */
  readonly inParts?: boolean;
}

/** Entries of one unit that a person wants cleared: their keys, or all that the unit holds. */
export interface Wanted {
  readonly unit: UnitDefinition;
  readonly keys: ReadonlySet<string> | 'all';
}

/** A row that leaves a tool's SQLite file, and comes back as it was when its clear is undone. */
export interface PartRow {
  /** The file's path below the root. */
  readonly file: string;
  readonly table: string;
  readonly row: Readonly<Record<string, string | number | null>>;
}

/** What goes when single entries of a cache are cleared, so that what stays is right in the tool's own sense. */
export interface PartPlan {
  /** Files and folders by their paths below the root, `/` between: each leaves by one rename, in this order. */
  readonly moves: readonly string[];
  /** Taken out before the first rename. */
  readonly rows: readonly PartRow[];
  /** What goes along though nobody chose it, and why, as sentences. */
  readonly also: readonly string[];
  /** What cannot go without something that was not chosen, and why: it stays, with a sentence for a person. */
  readonly stays: readonly { readonly unit: string; readonly key: string; readonly why: string }[];
}

/** An entry before it has an id: `key` is unique in its unit and the same in every run. */
export type RawEntry = Omit<Entry, 'id' | 'unit'> & { readonly key: string };

/**
 * The files by which a tool's own processes keep each other off its cache. `flock`: flock(2) of whole files, what Rust,
 * Go and Python's filelock use; `posix`: fcntl(2) ranges, what Java and SQLite use. The two do not see each other.
 */
export interface ToolLocks {
  readonly kind: 'flock' | 'posix';
  /** Absolute paths of the lock files that are there now. Who holds one of them is using the cache. */
  readonly files: (root: string, read: Reader) => readonly string[];
  /** Those that the tool's own cleaner takes exclusively, below the root, in its order: taken while renaming. */
  readonly taken: readonly string[];
}

/** The tool's own command that clears this cache. Run on a person's request only. */
export interface OwnCommand {
  /** The program and its words, run without a shell: `['npm', 'cache', 'clean', '--force']`. */
  readonly argv: readonly string[];
  /** What it does, and what it leaves, as a sentence. */
  readonly does: string;
  /** Why it is the better choice here, as a sentence; null: a clear of ours does no less. */
  readonly better: string | null;
}

/** One tool: where its caches are, what in them can be cleared, what is precious, what they hold. */
export interface Tool {
  readonly id: string;
  readonly name: string;
  /** Where what is said here of its cache is from: files of its source, pages of its documentation. For docs/caches. */
  readonly sources?: readonly string[];
  /** What this is, in one or two sentences. */
  readonly what: string;
  /** What happens if it is cleared. */
  readonly cost: string;
  /** The tool's own command that comes nearest, and what it leaves. */
  readonly command: string | null;
  readonly own?: OwnCommand;
  /** How its files are shared with projects and what a clear does to those, as a sentence. Absent: they are copies. */
  readonly links?: string;
  readonly root: (surroundings: Surroundings) => Root;
  /** Where it has caches at several places at the same time: all of them, instead of `root`. */
  readonly places?: (surroundings: Surroundings, read: Reader) => readonly Root[];
  /** What the cache at that place is called, when not by the tool's name. */
  readonly nameAt?: (root: string) => string;
  /** What the cache at that place is, when it is not `what`. */
  readonly whatAt?: (root: string, read: Reader) => string;
  /** Its folder is that of other programs too: without a unit of its own there is no cache of its. */
  readonly sharesRoot?: true;
  /** Every clearable unit that is there, and those that always could be (absent ones are shown as empty). */
  readonly units: (root: string, read: Reader) => readonly UnitDefinition[];
  readonly keeps: (root: string, read: Reader) => readonly Kept[];
  /** In a large cache `units` and `keeps` take long: doors that stay open have a thread ask. */
  readonly isSlow?: true;
  /** Another tool would recognise this one's cache as its own: this one looks at a folder first. */
  readonly isAskedFirst?: true;
  /** Evidence that a folder is this tool's cache, as a sentence; null when its shape does not say so. */
  readonly recognise: (root: string, read: Reader) => string | null;
  /**
   * What stands in a unit that the tool would never have put there, as a sentence; null when nothing does. Asked
   * when the place is not the tool's default: a variable alone is no evidence of a cache.
   */
  readonly contradiction: (root: string, unit: UnitDefinition, read: Reader) => string | null;
  /** How its processes keep each other off. Absent: it locks nothing. */
  readonly locks?: ToolLocks;
  /**
   * Is this the command line of a process that works with this tool's cache now? For tools that hold nothing open for
   * long. `npm run` does not: it is the parent of servers that run all day. `while-alone`: until it has a child of its
   * own, as `npx` has when it has installed and runs the program.
   */
  readonly works?: (argv: readonly string[]) => boolean | 'while-alone';
  /** Absolute paths of files that its processes are writing, or were when they died: renamed into place when whole. */
  readonly temporaries?: (root: string, read: Reader) => readonly string[];
  /**
   * What goes when these entries are cleared, and nothing else of the cache. Absent: its entries cannot be taken one by
   * one, only whole units. Runs in a worker; an entry that is gone by now is left out.
   */
  readonly parts?: (root: string, wanted: readonly Wanted[], read: Reader) => PartPlan;
  /** Each of its units is one entry, so that choosing entries is choosing units: it needs no `parts`. */
  readonly hasUnitPerEntry?: true;
  /** Streams entries; a damaged one is an entry that says so, never an exception. Runs in a worker. */
  readonly entries: (root: string, unit: UnitDefinition, read: Reader) => Iterable<RawEntry> | AsyncIterable<RawEntry>;
}
