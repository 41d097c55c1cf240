import { isZombie, type ProcessFacts } from '../usage/processes.ts';

/** Can the process whose number a name carries still be the one that made it? */
export interface Maker {
  readonly state: 'gone' | 'working' | 'unknown';
  readonly evidence: string;
}

/**
 * A file system's time of change may lag by its granularity, and the start of a process is known to a second: only
 * a start that is later by more than this, in ms, is later.
 */
export const clockMarginMs = 2000;

/**
 * Judges process `pid` against a directory changed last at `ctimeMs`: a rename sets that time, so a process that
 * started after it cannot have made the rename, and its number has been given away again. Pure.
 */
export const judgeMaker = (pid: number, facts: ProcessFacts | 'dead' | 'hidden', ctimeMs: number): Maker => {
  if (facts === 'dead') return { state: 'gone', evidence: `process ${pid} does not run any more` };
  if (facts === 'hidden') {
    return { state: 'unknown', evidence: `a process ${pid} runs, but the system does not tell which one` };
  }
  if (facts.tgid !== pid) {
    return {
      state: 'gone',
      evidence: `${pid} is no process of its own now but a part of process ${facts.tgid}: its number was given away`,
    };
  }
  if (isZombie(facts)) {
    return { state: 'gone', evidence: `process ${pid} has ended and only waits to be forgotten by its parent` };
  }
  const named = `process ${pid} (${facts.command})`;
  if (facts.startedMs === null) {
    return { state: 'unknown', evidence: `${named} runs, and the clocks here do not tell since when` };
  }
  if (facts.startedMs > ctimeMs + clockMarginMs) {
    return {
      state: 'gone',
      evidence: `${named} started after this was set aside: its number was given to another program`,
    };
  }
  return { state: 'working', evidence: `${named} runs, and did so before this was last changed` };
};
