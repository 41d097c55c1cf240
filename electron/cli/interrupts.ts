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

/**
 * Listens for Ctrl-C only while there is something to stop in good order; and once the person has asked to stop, to the
 * end of the program: a late copy of that key must not cut the end short.
 */
export const interruptsOf = (terminal: Terminal): Interrupts => {
  let requested = false;
  let last: number | null = null;
  let off: (() => void) | null = null;
  let current: { readonly stop: () => void; stopped: boolean } | null = null;
  const heard = (): void => {
    const now = terminal.now();
    const again = last !== null && now - last < sameKeyMs;
    if (again) return;
    last = now;
    if (current === null || current.stopped) {
      terminal.leave(leftByInterrupt);
      return;
    }
    current.stopped = true;
    requested = true;
    current.stop();
  };
  return {
    get requested() {
      return requested;
    },
    during: async (stop, body) => {
      const outer = current;
      off ??= terminal.onInterrupt(heard);
      current = { stop, stopped: false };
      try {
        return await body();
      } finally {
        current = outer;
        if (!requested && outer === null) {
          off?.();
          off = null;
        }
      }
    },
  };
};
