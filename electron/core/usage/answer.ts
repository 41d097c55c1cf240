import type { Holder, Usage } from '../../../shared/model.ts';
import { fs } from '../fs/seam.ts';
import { isContained } from './processes.ts';

/** What one pass over all processes saw. */
export interface Pass {
  /** By the paths as asked. */
  readonly holders: Map<string, Holder[]>;
  looked: number;
  /** How many of those act with another user's rights. */
  lookedForeign: number;
  foreignBlocked: number;
  readonly ownBlocked: string[];
  readonly shutOff: Set<string>;
}

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

/** What a pass means for one place, in words. */
export const answer = (seen: Pass, holders: readonly Holder[]): Usage => {
  const who =
    seen.lookedForeign === 0
      ? `your ${count(seen.looked, 'process')}`
      : `the ${count(seen.looked, 'process')} that could be looked into`;
  const others =
    seen.foreignBlocked === 0
      ? ''
      : `; ${count(seen.foreignBlocked, 'process')} of other users could not be looked into`;
  const number = holders.length === 0 ? 'none' : String(holders.length);
  return {
    verdict: holders.length > 0 ? 'in-use' : seen.ownBlocked.length > 0 ? 'cannot-tell' : 'idle',
    holders,
    evidence: [`${number} of ${who} ${holders.length > 1 ? 'have' : 'has'} it open${others}`, ...notes(seen)],
  };
};

/** The answer where nobody can be asked. */
export const cannotTell = (): Usage => ({
  verdict: 'cannot-tell',
  holders: [],
  evidence: [
    process.platform === 'linux'
      ? 'this system does not show its processes under /proc, so nobody can be asked who has it open'
      : 'which programs have a folder open can only be told on Linux so far',
  ],
});
