import type { Unreadable } from '../../../shared/model.ts';
import { mounts } from '../fs/mounts.ts';
import { self } from '../usage/processes.ts';
import { breather } from './breather.ts';
import { toolGrammars } from './grammars/index.ts';
import { parentOf } from './grammars/tool-grammar.ts';
import { insidersOf } from './insiders.ts';
import { sampleTwice } from './sample.ts';
import { type Candidate, candidateOf, type KnownPlace, pidOf, startsFor } from './tool-candidates.ts';
import { newEye } from './tool-eye.ts';
import { findingOf, type Known, type Processes, type ToolFinding } from './tool-finding.ts';
import { type LockState, lockState } from './tool-locks.ts';
import { usagesOf } from './tool-usage.ts';
import { type WalkLimits, walkAll, walkLimits } from './tool-walk.ts';
import { allProcesses } from './tool-workers.ts';

export type { KnownPlace } from './tool-candidates.ts';
export type { ToolFinding } from './tool-finding.ts';

export interface ToolLeftovers {
  /** Sorted by path. */
  readonly findings: readonly ToolFinding[];
  /** What is there and could not be looked through. */
  readonly unreadable: readonly Unreadable[];
}

const myUid = process.getuid?.() ?? null;

/** In a folder that all users share, what others left is theirs, and no news. */
const isAnothers = ({ hit: { start }, seen: { facts } }: Candidate): boolean =>
  start.from === 'temporary' && myUid !== null && facts.uid !== myUid;

/** What stands in another one goes with it. */
const outermost = (sorted: readonly Candidate[]): readonly Candidate[] => {
  const kept = new Set<string>();
  return sorted.filter(({ rawPath }) => {
    for (let above = parentOf(rawPath); above.length > 0; above = parentOf(above)) {
      if (kept.has(above.toString('latin1'))) return false;
    }
    kept.add(rawPath.toString('latin1'));
    return true;
  });
};

const locksOf = async (candidates: readonly Candidate[]): Promise<ReadonlyMap<string, LockState>> => {
  const states = new Map<string, LockState>();
  for (const { hit, seen, opinion } of candidates) {
    if (opinion.cleaning !== 'safe') continue;
    for (const path of hit.grammar.locks?.(seen) ?? []) {
      const key = path.toString('latin1');
      if (!states.has(key)) states.set(key, await lockState(path));
    }
  }
  return states;
};

/**
 * Finds what the tools of all caches left beside and inside them, in the projects that a person added, and, by the few
 * names that say so, in the folder for temporary files. Only where a grammar says, and only so deep; links are not
 * followed, mounts not entered. Each comes with a verdict and its reasons. Changes nothing; a lock file that decides
 * is held for an instant (`lockState`). Takes at least `sampleGapMs` when there is a folder to look into.
 */
export const findToolLeftovers = async (ask: {
  readonly places: readonly KnownPlace[];
  readonly projects: readonly string[];
  /** The system's folder for temporary files; null: not looked at. */
  readonly temporary: string | null;
  readonly sampleGapMs?: number;
  readonly limits?: WalkLimits;
  /** For tests: no file can be given the time of its last change. */
  readonly now?: () => number;
  /** For tests: whatever else runs on the machine would decide otherwise. */
  readonly processes?: Processes;
  /** Ends it early; what it throws then is the signal's reason. */
  readonly signal?: AbortSignal;
}): Promise<ToolLeftovers> => {
  const unreadable: Unreadable[] = [];
  const starts = startsFor(ask.places, ask.projects, ask.temporary, unreadable);
  const byPath = new Map<string, Candidate>();
  const breathe = breather();
  const eye = newEye();
  for (const hit of await walkAll(starts, toolGrammars, unreadable, ask.limits ?? walkLimits, ask.signal)) {
    await breathe();
    ask.signal?.throwIfAborted();
    const candidate = candidateOf(hit, unreadable, eye);
    const key = candidate?.rawPath.toString('latin1') ?? '';
    if (candidate !== null && !isAnothers(candidate) && !byPath.has(key)) byPath.set(key, candidate);
  }
  const candidates = outermost([...byPath.values()].sort((a, b) => Buffer.compare(a.rawPath, b.rawPath)));
  if (candidates.length === 0) return { findings: [], unreadable };
  const worth = candidates.filter(
    ({ seen, opinion }) => seen.facts.kind === 'directory' && opinion.cleaning === 'safe',
  );
  const pairs = await sampleTwice(
    worth.map(({ rawPath }) => rawPath),
    ask.sampleGapMs,
  );
  const samples = new Map(worth.map((candidate, at) => [candidate, pairs[at] ?? null]));
  const locks = await locksOf(candidates);
  const usages = await usagesOf(candidates, ask.places);
  const insiders = await insidersOf(new Set(candidates.flatMap((one) => pidOf(one) ?? [])));
  const listed = ask.processes ?? allProcesses;
  const known: Known = {
    nowMs: ask.now ?? Date.now,
    samples,
    locks,
    usages,
    insiders,
    processes: await listed(),
    listed,
    mounts: mounts(),
    pidsMean: process.platform !== 'linux' || self().pidNamespace !== null,
  };
  const findings: ToolFinding[] = [];
  for (const candidate of candidates) {
    await breathe();
    findings.push(findingOf(candidate, known));
  }
  return { findings, unreadable };
};
