import type { Unreadable } from '../../../shared/model.ts';
import { keepsBirths } from '../fs/births.ts';
import { isErrno, systemError } from '../fs/errno.ts';
import { type Facts, look } from '../fs/identity.ts';
import { joinRaw, type Raw, raw, showRaw } from '../fs/raw.ts';
import { fs } from '../fs/seam.ts';
import { namesIn } from './children.ts';
import { isFrom, type LeftoverName, type LookAlike, looksLike, parseLeftover } from './grammar.ts';
import type { JournalRecord } from './verdict.ts';

/** A folder whose direct children are looked at. */
export interface Place {
  readonly dir: string;
  /** The id of the tool whose cache this is. */
  readonly tool: string;
  /** What the tool's clearable units are called in this folder. */
  readonly units: readonly string[];
  /** True when `dir` is the root of the tool's cache itself. */
  readonly isToolRoot: boolean;
}

/** A child that could be a leftover, by its name or by our journal. */
export interface Candidate {
  readonly rawPath: Raw;
  readonly facts: Facts;
  readonly exact: LeftoverName | null;
  readonly lookAlike: LookAlike | null;
  readonly place: Place | null;
  readonly journal: JournalRecord | null;
}

interface Named extends Pick<Candidate, 'exact' | 'lookAlike'> {
  readonly name: Raw;
}

/**
 * What our journal knows of the thing that stands there under a name with this token; null for those of others. After a
 * swap two operations have given that name: then it is the one whose thing this is.
 */
export type Journal = (token: string, facts: Facts) => JournalRecord | null;

/** One folder by all the places that are really it, however their paths are written. */
export const byRealPath = (places: readonly Place[], problems: Unreadable[]): ReadonlyMap<string, readonly Place[]> => {
  const folders = new Map<string, Place[]>();
  for (const place of places) {
    try {
      const real = fs.realpathSync.native(place.dir, 'buffer').toString('latin1');
      folders.set(real, [...(folders.get(real) ?? []), place]);
    } catch (error) {
      unreadable(problems, raw(place.dir), error);
    }
  }
  return folders;
};

const unreadable = (problems: Unreadable[], path: Raw, error: unknown): void => {
  const problem = systemError(error);
  if (problem === null) throw error;
  if (isErrno(error, 'ENOENT', 'ENOTDIR')) return;
  problems.push({ path: showRaw(path), errno: problem.errno, message: problem.message });
};

/** The candidates directly in `dir`; what cannot be read is added to `problems`. */
export const candidatesIn = async (
  dir: Raw,
  places: readonly Place[],
  journal: Journal,
  problems: Unreadable[],
): Promise<readonly Candidate[]> => {
  const names: Named[] = [];
  try {
    for await (const name of namesIn(dir)) {
      const exact = parseLeftover(name);
      const lookAlike = exact === null ? looksLike(name) : null;
      if (exact !== null || lookAlike !== null) names.push({ name, exact, lookAlike });
    }
  } catch (error) {
    unreadable(problems, dir, error);
    return [];
  }
  const candidates: Candidate[] = [];
  const lasting = names.length > 0 && keepsBirths(dir);
  for (const { name, exact, lookAlike } of names) {
    const token = exact?.token ?? null;
    const owning = places.filter(({ units }) => units.some((unit) => belongs(exact, lookAlike, raw(unit))));
    if (owning.length === 0 && token === null) continue;
    const place = owning.find(({ tool, isToolRoot }) => isToolRoot && tool === exact?.origin) ?? owning[0] ?? null;
    const rawPath = joinRaw(dir, name);
    try {
      const seen = look(rawPath);
      if (seen === null) continue;
      const facts = lasting ? seen : { ...seen, born: null };
      const record = token === null ? null : journal(token, facts);
      if (owning.length === 0 && record === null) continue;
      candidates.push({ rawPath, facts, exact, lookAlike, place, journal: record });
    } catch (error) {
      unreadable(problems, rawPath, error);
    }
  }
  return candidates;
};

const belongs = (exact: LeftoverName | null, lookAlike: LookAlike | null, unit: Raw): boolean =>
  exact === null ? (lookAlike?.base.equals(unit) ?? false) : isFrom(exact, unit);
