import type { Unreadable } from '../../../shared/model.ts';
import { isErrno, systemError } from '../fs/errno.ts';
import { mounts } from '../fs/mounts.ts';
import { joinRaw, type Raw, showRaw } from '../fs/raw.ts';
import { fs } from '../fs/seam.ts';
import { looksLike, parseLeftover } from './grammar.ts';
import { nameOf, type Spot, type ToolGrammar } from './grammars/tool-grammar.ts';

/** Where the steps of some spots begin, with the grammars whose spots they are. */
export interface Start {
  readonly real: Raw;
  /** As it was given. */
  readonly spelled: Raw;
  readonly from: Spot['from'];
  /** The tool of a cache. */
  readonly tool: string | null;
}

/** A name that fits a grammar's pattern where the grammar says. Nothing of it has been looked at yet. */
export interface Hit {
  readonly grammar: ToolGrammar;
  readonly match: RegExpExecArray;
  readonly name: Raw;
  readonly dir: Raw;
  readonly spelled: Raw;
  readonly start: Start;
}

export interface WalkLimits {
  /** Folders that are read below one start. */
  readonly folders: number;
  /** Names that fit, in all. */
  readonly hits: number;
}

export const walkLimits: WalkLimits = { folders: 20_000, hits: 2000 };

/** How far one spot of one grammar has come on the way down. */
interface Track {
  readonly grammar: ToolGrammar;
  readonly steps: readonly RegExp[];
  /** Levels that are looked through below the last step. */
  readonly deeper: number;
}

const begin = ({ from, tool, real }: Start, grammars: readonly ToolGrammar[]): readonly Track[] =>
  grammars.flatMap((grammar) =>
    grammar.spots
      .filter(
        (spot) =>
          spot.from === from &&
          spot.named?.test(nameOf(real)) !== false &&
          (from !== 'cache' || spot.tools?.includes(tool ?? '') === true),
      )
      .map(({ steps, deeper = 0 }) => ({ grammar, steps, deeper })),
  );

type Fit = readonly [ToolGrammar, RegExpExecArray];

/** What goes on in the folder of that name. Nobody looks for more in what has been found. */
const down = (tracks: readonly Track[], name: string, found: readonly Fit[]): readonly Track[] =>
  tracks.flatMap(({ grammar, steps: [next, ...rest], deeper }) => {
    if (found.some(([known]) => known === grammar)) return [];
    if (next === undefined) return deeper > 0 ? [{ grammar, steps: [], deeper: deeper - 1 }] : [];
    return next.test(name) ? [{ grammar, steps: rest, deeper }] : [];
  });

const fits = (tracks: readonly Track[], name: string): readonly Fit[] => {
  const found = new Map<ToolGrammar, RegExpExecArray>();
  for (const { grammar, steps } of tracks) {
    const match = steps.length === 0 && !found.has(grammar) ? grammar.pattern.exec(name) : null;
    if (match !== null) found.set(grammar, match);
  }
  return [...found];
};

interface Folder {
  readonly real: Raw;
  readonly spelled: Raw;
  readonly tracks: readonly Track[];
}

/** Folders that are read at once: each read waits for the disk most of its time. */
const atOnce = 8;

interface Found {
  readonly hits: readonly Hit[];
  readonly below: readonly Folder[];
}

/** The names in one folder that fit, and the folders in it that are to be read too. Stops when there is no room left. */
const readFolder = async (
  { real, spelled, tracks }: Folder,
  start: Start,
  points: ReadonlySet<string>,
  room: { hits: number },
): Promise<Found> => {
  const hits: Hit[] = [];
  const waiting: Folder[] = [];
  // Node types names as text although they are the bytes that were asked for.
  const options = { encoding: 'buffer' as BufferEncoding, bufferSize: 512 };
  for await (const entry of await fs.promises.opendir(real, options)) {
    const name = entry.name as unknown as Raw;
    const text = name.toString('latin1');
    const found = fits(tracks, text);
    room.hits -= found.length;
    if (room.hits < 0) break;
    for (const [grammar, match] of found) hits.push({ grammar, match, name, dir: real, spelled, start });
    const path = entry.isDirectory() ? joinRaw(real, name) : null;
    const below = path === null || points.has(path.toString('latin1')) ? [] : down(tracks, text, found);
    // What somebody set aside stays as it is: it may be put back.
    if (below.length > 0 && (parseLeftover(name) !== null || looksLike(name) !== null)) continue;
    if (path !== null && below.length > 0) waiting.push({ real: path, spelled: joinRaw(spelled, name), tracks: below });
  }
  return { hits, below: waiting };
};

/**
 * The names below one start that fit, each folder read once for all grammars and only as far down as they say. Follows
 * no link and enters no mount. What cannot be read, or is too much, is told in `problems`.
 */
const walk = async (
  start: Start,
  grammars: readonly ToolGrammar[],
  room: { hits: number },
  limits: WalkLimits,
  problems: Unreadable[],
  signal: AbortSignal | undefined,
): Promise<readonly Hit[]> => {
  const points = new Set(mounts()?.map(({ point }) => point));
  const hits: Hit[] = [];
  const tell = (path: Raw, errno: number, message: string): void => {
    problems.push({ path: showRaw(path), errno, message });
  };
  const read = async (folder: Folder): Promise<readonly Folder[]> => {
    try {
      const found = await readFolder(folder, start, points, room);
      hits.push(...found.hits);
      return found.below;
    } catch (thrown) {
      const problem = systemError(thrown);
      if (problem === null) throw thrown;
      if (!isErrno(thrown, 'ENOENT', 'ENOTDIR')) tell(folder.real, problem.errno, problem.message);
      return [];
    }
  };
  const tracks = begin(start, grammars);
  const waiting: Folder[] = tracks.length === 0 ? [] : [{ ...start, tracks }];
  let count = 0;
  while (waiting.length > 0) {
    signal?.throwIfAborted();
    if (count >= limits.folders || room.hits < 0) {
      tell(start.real, 0, 'there is too much in it to look for leftovers everywhere: the rest was not looked at');
      break;
    }
    // The newest first, which are the deepest: what waits stays little.
    const next = waiting.splice(-Math.min(atOnce, limits.folders - count));
    count += next.length;
    for (const below of await Promise.all(next.map(read))) waiting.push(...below);
  }
  return hits;
};

/** All names that fit below all starts, by path and grammar each once. */
export const walkAll = async (
  starts: readonly Start[],
  grammars: readonly ToolGrammar[],
  problems: Unreadable[],
  limits: WalkLimits = walkLimits,
  signal?: AbortSignal,
): Promise<readonly Hit[]> => {
  const room = { hits: limits.hits };
  const found = new Map<string, Hit>();
  for (const start of starts) {
    for (const hit of await walk(start, grammars, room, limits, problems, signal)) {
      const key = `${hit.grammar.id} ${joinRaw(hit.dir, hit.name).toString('latin1')}`;
      if (!found.has(key)) found.set(key, hit);
    }
  }
  return [...found.values()];
};
