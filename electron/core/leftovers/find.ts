import type { Unreadable } from '../../../shared/model.ts';
import type { Facts } from '../fs/identity.ts';
import { isMountPoint, isShared, type Mount, mountOf, mounts, mountsBelow } from '../fs/mounts.ts';
import { type Raw, showRaw } from '../fs/raw.ts';
import { isAlive, processFacts, self } from '../usage/processes.ts';
import { byRealPath, type Candidate, candidatesIn, type Journal, type Place } from './candidates.ts';
import type { LeftoverName } from './grammar.ts';
import { insidersOf, possibleMaker } from './insiders.ts';
import { type Sample, sampleTwice } from './sample.ts';
import { judge, type Verdict } from './verdict.ts';

export type { Place } from './candidates.ts';

export interface Finding extends Verdict {
  /** The exact bytes: act by this, never by `path`. */
  readonly rawPath: Raw;
  readonly path: string;
  /** Null when the name merely looks like a leftover's. */
  readonly parse: LeftoverName | null;
  readonly facts: Facts;
  /** Null when only our journal says that it belongs here. */
  readonly tool: string | null;
  /** The time of its last change, in ms: for a set-aside tree the time of the rename. */
  readonly sinceMs: number;
  readonly operation: string | null;
}

export interface Found {
  /** Sorted by path. */
  readonly findings: readonly Finding[];
  /** Folders that are there and could not be looked through. */
  readonly unreadable: readonly Unreadable[];
}

const myUid = process.getuid?.() ?? null;

const finding = (
  candidate: Candidate,
  samples: readonly [Sample, Sample] | null,
  all: readonly Mount[] | null,
  insiders: ReadonlyMap<number, readonly number[]>,
): Finding => {
  const { rawPath, facts, exact, lookAlike, place, journal } = candidate;
  const mount = all === null ? null : mountOf(rawPath, all);
  const mounted = all !== null && (isMountPoint(rawPath, all) || mountsBelow(rawPath, all).length > 0);
  const verdict = judge({
    facts,
    nowMs: Date.now(),
    exact,
    lookAlike,
    inToolRoot: place?.isToolRoot === true && place.tool === exact?.origin,
    journal,
    sameBoot: journal !== null && journal.boot !== null && journal.boot === self().bootId,
    owner: journal === null ? null : journal.owner === null ? 'dead' : isAlive(journal.owner),
    process: exact === null ? null : processFacts(exact.pid),
    insider: exact === null ? null : possibleMaker(insiders.get(exact.pid) ?? [], facts.ctimeMs),
    mine: myUid === null || facts.uid === myUid,
    mountInside: mounted || samples?.some(({ crossed }) => crossed) === true,
    sharedType: mount !== null && isShared(mount.type) ? mount.type : null,
    pidsMean: process.platform !== 'linux' || self().pidNamespace !== null,
    samples,
  });
  return {
    ...verdict,
    rawPath,
    path: showRaw(rawPath),
    parse: exact,
    facts,
    tool: place?.tool ?? null,
    sinceMs: facts.ctimeMs,
    operation: journal?.operation ?? null,
  };
};

/**
 * Finds what clears have left in these places: children named as leftovers are whose base is one of the place's
 * units, or whose token `journal` knows. Everything else is nobody's business. Each comes with a verdict and its
 * evidence. A folder given twice is looked through once, a missing one is fine. Takes at least `sampleGapMs` when
 * there is anything to sample. Changes nothing on disk.
 */
export const findLeftovers = async (ask: {
  readonly places: readonly Place[];
  readonly journal: Journal;
  readonly sampleGapMs?: number;
}): Promise<Found> => {
  const unreadable: Unreadable[] = [];
  const candidates: Candidate[] = [];
  for (const [dir, places] of byRealPath(ask.places, unreadable)) {
    candidates.push(...(await candidatesIn(Buffer.from(dir, 'latin1'), places, ask.journal, unreadable)));
  }
  candidates.sort((a, b) => Buffer.compare(a.rawPath, b.rawPath));
  // Look-alikes are never touched, whatever goes on in them.
  const worth = candidates.filter(({ exact, facts }) => exact !== null && facts.kind === 'directory');
  const pairs = await sampleTwice(
    worth.map(({ rawPath }) => rawPath),
    ask.sampleGapMs,
  );
  const samples = new Map(worth.map((candidate, at) => [candidate, pairs[at] ?? null]));
  const all = mounts();
  const insiders = await insidersOf(new Set(candidates.flatMap(({ exact }) => exact?.pid ?? [])));
  return { findings: candidates.map((one) => finding(one, samples.get(one) ?? null, all, insiders)), unreadable };
};
