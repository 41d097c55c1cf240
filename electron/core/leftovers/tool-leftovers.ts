import type { Unreadable } from '../../../shared/model.ts';
import { isMountPoint, isShared, type Mount, mountOf, mounts, mountsBelow } from '../fs/mounts.ts';
import { showRaw } from '../fs/raw.ts';
import { processFacts, self } from '../usage/processes.ts';
import type { Finding } from './find.ts';
import { toolGrammars } from './grammars/index.ts';
import { insidersOf, possibleMaker } from './insiders.ts';
import { judgeMaker } from './maker.ts';
import { sampleTwice } from './sample.ts';
import {
  type Candidate,
  candidateOf,
  type KnownPlace,
  originalOf,
  pidOf,
  startsFor,
  workplace,
} from './tool-candidates.ts';
import { type LockState, lockState } from './tool-locks.ts';
import { usagesOf } from './tool-usage.ts';
import { judgeTool } from './tool-verdict.ts';
import { type WalkLimits, walkAll, walkLimits } from './tool-walk.ts';
import { allProcesses, workingOn } from './tool-workers.ts';

export type { KnownPlace } from './tool-candidates.ts';

/** A leftover that a tool's grammar knows. */
export interface ToolFinding extends Finding {
  /** The id of that grammar. */
  readonly grammar: string;
  /** What it was called before, for showing; null when it had no other name, or that cannot be told. */
  readonly original: string | null;
  /** The tool's own way to get rid of it, as a sentence; null: it has none. */
  readonly remedy: string | null;
  /** Lock files that were free: they are to be held while it is taken away. */
  readonly locks: readonly string[];
}

export interface ToolLeftovers {
  /** Sorted by path. */
  readonly findings: readonly ToolFinding[];
  /** What is there and could not be looked through. */
  readonly unreadable: readonly Unreadable[];
}

const myUid = process.getuid?.() ?? null;

const mountAround = (path: Buffer, all: readonly Mount[] | null) => {
  const type = all === null ? null : (mountOf(path, all)?.type ?? null);
  return {
    mountInside: all !== null && (isMountPoint(path, all) || mountsBelow(path, all).length > 0),
    sharedType: type !== null && isShared(type) ? type : null,
  };
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
  readonly processes?: typeof allProcesses;
}): Promise<ToolLeftovers> => {
  const unreadable: Unreadable[] = [];
  const starts = startsFor(ask.places, ask.projects, ask.temporary, unreadable);
  const byPath = new Map<string, Candidate>();
  for (const hit of await walkAll(starts, toolGrammars, unreadable, ask.limits ?? walkLimits)) {
    const candidate = candidateOf(hit, unreadable);
    const key = candidate?.rawPath.toString('latin1') ?? '';
    if (candidate !== null && !byPath.has(key)) byPath.set(key, candidate);
  }
  const candidates = [...byPath.values()].sort((a, b) => Buffer.compare(a.rawPath, b.rawPath));
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
  const insiders = insidersOf(new Set(candidates.flatMap((one) => pidOf(one) ?? [])));
  const processes = (ask.processes ?? allProcesses)();
  const all = mounts();
  const pidsMean = process.platform !== 'linux' || self().pidNamespace !== null;
  const findings = candidates.map((candidate): ToolFinding => {
    const { hit, seen, rawPath, opinion, device } = candidate;
    const { grammar, start } = hit;
    const { facts } = seen;
    const pid = pidOf(candidate);
    const lockPaths = opinion.cleaning === 'safe' ? (grammar.locks?.(seen) ?? []) : [];
    const original = originalOf(candidate);
    const mount = mountAround(rawPath, all);
    const pair = samples.get(candidate) ?? null;
    const verdict = judgeTool(grammar, opinion, {
      facts,
      nowMs: ask.now?.() ?? Date.now(),
      device,
      mine: myUid === null || facts.uid === myUid,
      ...mount,
      mountInside: mount.mountInside || pair?.some(({ crossed }) => crossed) === true,
      original,
      maker: pid === null ? null : judgeMaker(pid, processFacts(pid), facts.ctimeMs),
      insider: pid === null ? null : possibleMaker(insiders.get(pid) ?? [], facts.ctimeMs),
      pidsMean,
      samples: pair,
      usage: usages(candidate),
      locks: lockPaths.flatMap((path) => locks.get(path.toString('latin1')) ?? []),
      working:
        grammar.workers === undefined
          ? { state: 'nobody', told: null }
          : workingOn(workplace(seen), grammar.workers, processes),
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
      original: original?.shown ?? null,
      remedy: grammar.remedy,
      locks: lockPaths.map(showRaw),
    };
  });
  return { findings, unreadable };
};
