import { sep } from 'node:path';
import type { LeftoverVerdict } from '../../../../shared/model.ts';
import type { Facts } from '../../fs/identity.ts';
import { joinRaw, type Raw } from '../../fs/raw.ts';

/**
 * A place where a tool leaves such names. `steps` lead down from the start, one folder a step, by their names (bytes
 * as latin1, as all names here); `deeper` more levels below that are looked through too, 0 when not given.
 */
export interface Spot {
  /**
   * Where the steps start: `cache` in the cache of one of `tools`; `beside` in the folders that hold a cache or one of
   * its units; `project` in a folder that a person added; `temporary` in the system's folder for temporary files.
   */
  readonly from: 'cache' | 'beside' | 'project' | 'temporary';
  /** Ids of tools, for `cache` only. */
  readonly tools?: readonly string[];
  /** Only from a start of that name: what is usual in node_modules may be a person's work in their project. */
  readonly named?: RegExp;
  readonly steps: readonly RegExp[];
  readonly deeper?: number;
}

/** Looking at what stands around a leftover. Bounded, follows no link, never throws: what cannot be read is not there. */
export interface Eye {
  readonly facts: (path: Raw) => Facts | null;
  /** At most five thousand names in a folder. */
  readonly names: (dir: Raw) => readonly string[];
  /** The text of a regular file of at most 256 KiB, else null. */
  readonly text: (path: Raw) => string | null;
}

/** A name that fits a grammar's pattern, and where it stands. */
export interface Seen {
  readonly name: string;
  /** The pattern's named groups; `pid` is the number of the process that made it. */
  readonly parts: Readonly<Record<string, string | undefined>>;
  readonly facts: Facts;
  /** The real path of the folder that it stands in. */
  readonly dir: Raw;
  /** The same folder as a person, or a tool's setting, wrote it. */
  readonly spelled: Raw;
  /** The real path where the steps started: the cache, the project. */
  readonly base: Raw;
  readonly from: Spot['from'];
  readonly eye: Eye;
}

/** What the tool's own rules say of it, before anything is known of processes. `why`: sentences without a full stop. */
export type Opinion =
  | { readonly cleaning: 'safe' | 'ask'; readonly why: readonly string[] }
  /** Nothing for this program: the tool's own remedy must do. `verdict`: `cannot-tell` where it is not given. */
  | { readonly cleaning: 'never'; readonly why: readonly string[]; readonly verdict?: LeftoverVerdict };

/** Which processes would be at work there. */
export interface Workers {
  /** Is this the command line of one? */
  readonly works: (argv: readonly string[]) => boolean;
  /** `folder`: in the folder it runs in; `anywhere`: that cannot be told from outside, so any one counts. */
  readonly reach: 'folder' | 'anywhere';
}

/** One kind of leftover of one tool. Its file says what was read in the tool's source and what is from elsewhere. */
export interface ToolGrammar {
  /** `npm-retired`: the same for ever. */
  readonly id: string;
  /** Whose leftover it is, for grouping: the catalogue's id where the tool has one there. */
  readonly tool: string;
  /** What it is, as the beginning of a sentence. */
  readonly what: string;
  /** On the name's bytes as latin1. */
  readonly pattern: RegExp;
  readonly kinds: readonly ('directory' | 'file')[];
  readonly spots: readonly Spot[];
  /** What it was called before, in the same folder. Absent: there was nothing before. Null: that cannot be told. */
  readonly original?: (seen: Seen) => string | null;
  /** It has to be left unchanged for this long, in ms, before it can be `safe`. */
  readonly quietMs: number;
  /** Lock files that whoever works on it holds: free ones, all of them, are a condition of `safe`. */
  readonly locks?: (seen: Seen) => readonly Raw[];
  readonly workers?: Workers;
  /** Who has anything open in the same folder works on it too. */
  readonly wholeFolder?: boolean;
  /** The tool's own way to get rid of it, as a sentence; null: it has none. */
  readonly remedy: string | null;
  /** Null: it only looks like one, and is nobody's business. */
  readonly judge: (seen: Seen) => Opinion | null;
}

export const minutes = (count: number): number => count * 60_000;
export const hours = (count: number): number => count * 3_600_000;
export const days = (count: number): number => count * 86_400_000;

/** No longer than a system may give a process number (PID_MAX_LIMIT has seven digits). */
export const pidDigits = '[1-9]\\d{0,6}';

export const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

export const any = /^/;

/** A project's folder of packages and those of its scopes; the person may have added that folder itself. */
export const modules: readonly Spot[] = [
  { from: 'project', named: /^node_modules$/, steps: [] },
  { from: 'project', named: /^node_modules$/, steps: [/^@/] },
  { from: 'project', steps: [/^node_modules$/] },
  { from: 'project', steps: [/^node_modules$/, /^@/] },
];

/** Where an environment of Python keeps its packages: that of a project, of the person, or the folder itself. */
export const sitePackages: readonly Spot[] = [
  { from: 'project', named: /^(?:site|dist)-packages$/, steps: [] },
  ...[[], [/^\.?v?env$/]].flatMap((top) => [
    { from: 'project' as const, steps: [...top, /^lib(?:64)?$/, /^(?:python|pypy)\d/, /^(?:site|dist)-packages$/] },
    { from: 'project' as const, steps: [...top, /^Lib$/, /^site-packages$/] },
  ]),
];

const lastSeparator = (path: Raw): number => path.lastIndexOf(sep.charCodeAt(0));

/** The folder that holds it. */
export const parentOf = (path: Raw): Raw => path.subarray(0, Math.max(0, lastSeparator(path)));

export const nameOf = (path: Raw): string => path.subarray(lastSeparator(path) + 1).toString('latin1');

/** `dir/name/name`, with names as latin1. */
export const inside = (dir: Raw, ...names: readonly string[]): Raw =>
  names.reduce((path, name) => joinRaw(path, Buffer.from(name, 'latin1')), dir);

/** For what its name alone condemns when nobody works on it. `why`: what the tool does with it. */
export const safe =
  (why: string): ToolGrammar['judge'] =>
  () => ({ cleaning: 'safe', why: [why] });

export const ask =
  (why: string): ToolGrammar['judge'] =>
  () => ({ cleaning: 'ask', why: [why] });
