import { isMountPoint, isShared, type Mount, mountOf, mountsBelow } from '../fs/mounts.ts';
import { rawText, showRaw } from '../fs/raw.ts';
import { processFacts } from '../usage/processes.ts';
import type { Finding } from './find.ts';
import { possibleMaker } from './insiders.ts';
import { judgeMaker } from './maker.ts';
import type { Sample } from './sample.ts';
import { type Candidate, candidateOf, originalOf, pidOf, workplace } from './tool-candidates.ts';
import { newEye } from './tool-eye.ts';
import type { LockState } from './tool-locks.ts';
import type { usagesOf } from './tool-usage.ts';
import { judgeTool } from './tool-verdict.ts';
import { type Process, workingOn } from './tool-workers.ts';

/** A leftover that a tool's grammar knows. */
export interface ToolFinding extends Finding {
  /** The id of that grammar. */
  readonly grammar: string;
  readonly what: string;
  /** What it was called before, for showing; null when it had no other name, or that cannot be told. */
  readonly original: string | null;
  /** The tool's own way to get rid of it, as a sentence; null: it has none. */
  readonly remedy: string | null;
  /** The root of the cache that it stands in; null: in none. */
  readonly cache: string | null;
  /** Lock files that were free: they are to be held while it is taken away. */
  readonly locks: readonly string[];
  /**
   * Right before it is taken away: what has come up since the verdict, as a sentence without a full stop; null: nothing.
   * Asks anew what may change within a moment (its original, what the grammar says, who works there), not who has it open.
   */
  readonly again: () => Promise<string | null>;
}

/** Asks for all processes; null where the system does not tell. */
export type Processes = () => Promise<readonly Process[] | null> | readonly Process[] | null;

/** What one look found out about everything around the candidates. */
export interface Known {
  readonly nowMs: () => number;
  /** Of folders that could be safe. */
  readonly samples: ReadonlyMap<Candidate, readonly [Sample, Sample] | null>;
  /** By the bytes of their paths as latin1. */
  readonly locks: ReadonlyMap<string, LockState>;
  readonly usages: Awaited<ReturnType<typeof usagesOf>>;
  readonly insiders: ReadonlyMap<number, readonly number[]>;
  readonly processes: readonly Process[] | null;
  readonly listed: Processes;
  readonly mounts: readonly Mount[] | null;
  readonly pidsMean: boolean;
}

const myUid = process.getuid?.() ?? null;

const mountAround = (path: Buffer, all: readonly Mount[] | null) => {
  const type = all === null ? null : (mountOf(path, all)?.type ?? null);
  return {
    mountInside: all !== null && (isMountPoint(path, all) || mountsBelow(path, all).length > 0),
    sharedType: type !== null && isShared(type) ? type : null,
  };
};

const lookAgain = async (
  { hit, seen, opinion }: Candidate,
  wasSafe: boolean,
  processes: Processes,
): Promise<string | null> => {
  const now = candidateOf(hit, [], newEye());
  if (now === null) return 'it is not what it was any more';
  const { workers } = hit.grammar;
  const working = workers === undefined ? null : workingOn(workplace(seen), workers, await processes());
  if (working?.state === 'here') return working.told;
  if (now.opinion.cleaning === 'never') return now.opinion.why.join('; ');
  // What a person agreed to by its name was in doubt before.
  if (!wasSafe) return null;
  const isSame = now.seen.facts.ctimeMs === seen.facts.ctimeMs && now.seen.facts.size === seen.facts.size;
  if (!isSame) return 'it has changed since it was looked at';
  if (now.opinion.cleaning !== opinion.cleaning) return now.opinion.why.join('; ');
  const original = originalOf(now);
  if (original !== undefined && original?.present !== true) return 'what it was called before is not there any more';
  return working?.state === 'maybe' ? working.told : null;
};

/** The verdict on a candidate, and all that is to be shown of it. */
export const findingOf = (candidate: Candidate, known: Known): ToolFinding => {
  const { hit, seen, rawPath, opinion, device } = candidate;
  const { grammar, start } = hit;
  const { facts } = seen;
  const pid = pidOf(candidate);
  const lockPaths = opinion.cleaning === 'safe' ? (grammar.locks?.(seen) ?? []) : [];
  const original = originalOf(candidate);
  const mount = mountAround(rawPath, known.mounts);
  const samples = known.samples.get(candidate) ?? null;
  const verdict = judgeTool(grammar, opinion, {
    facts,
    nowMs: known.nowMs(),
    device,
    mine: myUid === null || facts.uid === myUid,
    ...mount,
    mountInside: mount.mountInside || samples?.some(({ crossed }) => crossed) === true,
    original,
    maker: pid === null ? null : judgeMaker(pid, processFacts(pid), facts.ctimeMs),
    insider: pid === null ? null : possibleMaker(known.insiders.get(pid) ?? [], facts.ctimeMs),
    pidsMean: known.pidsMean,
    samples,
    usage: known.usages(candidate),
    locks: lockPaths.flatMap((path) => known.locks.get(path.toString('latin1')) ?? []),
    working:
      grammar.workers === undefined
        ? { state: 'nobody', told: null }
        : workingOn(workplace(seen), grammar.workers, known.processes),
  });
  return {
    ...verdict,
    rawPath,
    path: showRaw(rawPath),
    parse: null,
    facts,
    tool: start.from === 'cache' ? start.tool : grammar.tool,
    sinceMs: facts.ctimeMs,
    operation: null,
    grammar: grammar.id,
    what: grammar.what,
    original: original?.shown ?? null,
    remedy: grammar.remedy,
    cache: start.from === 'cache' ? rawText(start.real) : null,
    // One whose name is no text could not be tried, so that the verdict is not safe.
    locks: lockPaths.flatMap((path) => rawText(path) ?? []),
    again: () => lookAgain(candidate, verdict.cleaning === 'safe', known.listed),
  };
};
