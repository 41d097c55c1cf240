import { leftByInterrupt } from './exit.ts';
import type { Terminal } from './terminal.ts';

/**
 * One Ctrl-C can arrive more than once: the terminal signals every process in front of it, and npm and the launcher
 * pass on what they get. Signals this close together are one.
 */
const sameKeyMs = 400;

export interface Interrupts {
  /** Whether the person has asked to stop. */
  readonly requested: boolean;
  /** Runs `body`; the first Ctrl-C meanwhile calls `stop`, the second leaves the program at once. */
  during<T>(stop: () => void, body: () => Promise<T>): Promise<T>;
}

/** Listens for Ctrl-C only while there is something to stop in good order. */
export const interruptsOf = (terminal: Terminal): Interrupts => {
  let requested = false;
  let last: number | null = null;
  return {
    get requested() {
      return requested;
    },
    during: async (stop, body) => {
      let stopped = false;
      const off = terminal.onInterrupt(() => {
        const now = terminal.now();
        const again = last !== null && now - last < sameKeyMs;
        if (again) return;
        last = now;
        if (stopped) return terminal.leave(leftByInterrupt);
        stopped = true;
        requested = true;
        stop();
      });
      try {
        return await body();
      } finally {
        off();
      }
    },
  };
};
