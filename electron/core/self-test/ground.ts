import type { Check } from '../../../shared/model.ts';
import type { ForkHelper } from '../clear/helper-process.ts';

/** What one trial stands on. */
export interface Ground {
  /** An empty folder of its own, removed afterwards. */
  readonly folder: string;
  /** Where this program really keeps its history: looked at, never written to. */
  readonly stateDir: string;
  readonly fork: ForkHelper;
  /** Aborted when the trial is over, or takes too long: every child ends then. */
  readonly signal: AbortSignal;
}

export type Finding = Pick<Check, 'result' | 'how'>;

/** One thing that a clear relies on, and how it is tried. What is thrown counts as 'fails'. */
export interface Trial {
  readonly name: string;
  readonly attempt: (ground: Ground) => Promise<Finding>;
}

export const holds = (how: string): Finding => ({ result: 'holds', how });
export const fails = (how: string): Finding => ({ result: 'fails', how });
/** It cannot be tried on this machine, or not by this user. */
export const notHere = (why: string): Finding => ({ result: 'not-here', how: why });

/** Electron's own process cannot be started as a Node: what needs that is tried from the terminal door. */
export const inDesktop = process.versions['electron'] !== undefined;
export const fromTerminal =
  'it needs processes that the desktop program cannot start: run `cache-inspector doctor --self-test`';
