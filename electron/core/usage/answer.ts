import type { Holder, Usage } from '../../../shared/model.ts';
import { fs } from '../fs/seam.ts';
import type { Pass } from './pass.ts';
import { isContained } from './processes.ts';

const count = (number: number, one: string, many = `${one}es`): string => `${number} ${number === 1 ? one : many}`;

const notes = (seen: Pass): readonly string[] => {
  const told: string[] = [];
  if (seen.ownBlocked.length > 0) {
    const [verb, be] = seen.ownBlocked.length === 1 ? ['does', 'is'] : ['do', 'are'];
    told.push(`${seen.ownBlocked.join(', ')} ${be} yours but ${verb} not let anybody look into what is open there`);
  }
  if (seen.shutOff.size > 0) {
    told.push(`not looked into, because such programs shut themselves off: ${[...seen.shutOff].sort().join(', ')}`);
  }
  // Under hidepid=2 not even the first process is shown (proc(5)).
  if (!fs.existsSync('/proc/1')) told.push('processes of other users are not shown to you at all');
  if (isContained()) told.push('processes outside this container cannot be seen from here');
  return told;
};

/** What is known of one place besides a pass. */
export interface Besides {
  readonly path: string;
  /** Who holds it by other means than those of a pass. */
  readonly extra: readonly Holder[];
  /** Something of its tool is being written, or was a moment ago, as a sentence; null: nothing is. */
  readonly writing: string | null;
  /** How often everybody was looked at, and over how long. */
  readonly looks: number;
  readonly overMs: number;
}

/** What a pass, the last of some, means for one place, in words. */
export const answer = (seen: Pass, { path, extra, writing, looks, overMs }: Besides): Usage => {
  const found = seen.holders.get(path) ?? [];
  const holders = [...found, ...extra.filter(({ pid }) => pid === 0 || !found.some((other) => other.pid === pid))];
  const who =
    seen.lookedForeign === 0
      ? `your ${count(seen.looked, 'process')}`
      : `the ${count(seen.looked, 'process')} that could be looked into`;
  const others =
    seen.foreignBlocked === 0
      ? ''
      : `; ${count(seen.foreignBlocked, 'process')} of other users could not be looked into`;
  const often = looks === 1 ? '' : `, at none of ${looks} looks within ${(overMs / 1000).toFixed(1)} s`;
  const said =
    holders.length === 0
      ? `none of ${who} has it open${often}`
      : found.length < holders.length || found.some(({ pid }) => pid === 0)
        ? `${count(holders.length, 'user of it', 'users of it')} found; looked into: ${who}`
        : `${found.length} of ${who} ${found.length === 1 ? 'uses' : 'use'} it`;
  const blind = seen.ownBlocked.length > 0 || writing !== null;
  return {
    verdict: holders.length > 0 ? 'in-use' : blind ? 'cannot-tell' : 'idle',
    holders,
    evidence: [said + others, ...(writing === null ? [] : [writing]), ...(seen.notes.get(path) ?? []), ...notes(seen)],
  };
};

/** The answer where nobody can be asked. `why` is a sentence. */
export const cannotTell = (why: string, extra: readonly Holder[]): Usage => ({
  verdict: extra.length > 0 ? 'in-use' : 'cannot-tell',
  holders: extra,
  evidence: [why],
});
