import fs from 'node:fs';
import path from 'node:path';
import type { Ran } from '../../support/run.ts';
import type { Box } from './box.ts';
import { killGroup } from './door.ts';
import { onlyAbout } from './only-about.ts';
import { untilWithin } from './until-within.ts';
import { underStrace } from './ways.ts';

/** The program, standing still at one exact place of its work. */
export interface Stopped {
  /** Its own number. */
  readonly pid: number;
  /** It goes on. Resolves when it has ended. */
  goOn(): Promise<Ran>;
  /** It ends here, with all that it started. */
  kill(): Promise<void>;
}

const running = (at: string): boolean =>
  fs.existsSync(at) && fs.readFileSync(at, 'latin1').includes('stopped by SIGSTOP');

/** The number of the program itself: what strace has started. */
const programOf = (strace: number): number => {
  const children = (pid: number): readonly number[] =>
    fs
      .readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .split(' ')
      .filter((word) => word !== '')
      .map(Number);
  const name = (pid: number): string => fs.readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  const visit = (pid: number): number | null => {
    if (name(pid) === 'strace') return children(pid)[0] ?? null;
    for (const child of children(pid)) {
      const found = visit(child);
      if (found !== null) return found;
    }
    return null;
  };
  const found = visit(strace);
  if (found === null) throw new Error('strace has started nothing');
  return found;
};

/**
 * Starts the program and stops it right behind a system call, by strace: all of it stands still until it is told to go
 * on, so that what a row does meanwhile comes at exactly that moment, on the slowest machine too. The history must be
 * there already (`box.begun()`). `about`: the paths that the call is about.
 */
const startStopped = async (
  box: Box,
  args: readonly string[],
  call: string,
  about: readonly string[] = [],
  within: readonly string[] = [],
): Promise<Stopped> => {
  const log = fs.mkdtempSync(path.join(box.scratch, 'stopped-'));
  const calls = path.join(log, 'calls');
  const tracing = [...underStrace(call), ...onlyAbout(...about), '-e', 'signal=STOP', '-o', calls];
  const { child, ended } = await box.start(args, { through: [...within, ...tracing] });
  const early = ended.then(({ code, stdout, stderr }) => {
    if (!running(calls)) throw new Error(`ended with ${code} before it was stopped: ${stdout}${stderr}`);
  });
  await Promise.race([untilWithin(120_000, () => running(calls), `a stop at ${call}`), early.then(() => undefined)]);
  return {
    pid: programOf(child.pid ?? 0),
    goOn: () => {
      process.kill(-(child.pid ?? 0), 'SIGCONT');
      return ended;
    },
    kill: async () => {
      killGroup(child);
      await ended;
    },
  };
};

/** Stopped when the intent is durable, and nothing has been renamed yet: all looks at the unit are over. */
export const stoppedBeforeRename = (box: Box, ...args: readonly string[]): Promise<Stopped> =>
  startStopped(box, args, 'fsync:signal=STOP:when=1', [path.join(box.state, 'history.db-wal')]);

/** Stopped right behind the rename that sets aside (P3). */
export const stoppedAside = (box: Box, args: readonly string[], within: readonly string[] = []): Promise<Stopped> =>
  startStopped(box, args, 'rename:signal=STOP:when=1', [], within);

/** Stopped when what was set aside has been looked at: the rename is being made durable (P3). */
export const stoppedLookedAt = (box: Box, ...args: readonly string[]): Promise<Stopped> =>
  startStopped(box, args, 'fsync:signal=STOP:when=1', [box.cache]);

/** Stopped right behind the rename that condemns (P4): nothing is deleted yet. */
export const stoppedCondemned = (box: Box, ...args: readonly string[]): Promise<Stopped> =>
  startStopped(box, args, 'rename:signal=STOP:when=2');
