import type { OperationId } from '../../shared/ids.ts';
import type { Session } from './session.ts';

/**
 * Runs something that deletes, or waits. The first Ctrl-C cancels every delete that is running, and each one that
 * starts after it, and those of `waiting` (waits, or with `isRunning` commands of tools); what is left stays a leftover. A second leaves at once.
 */
export const stoppable = async <T>(
  session: Session,
  body: () => Promise<T>,
  waiting: () => readonly OperationId[] = () => [],
  isRunning: () => boolean = () => false,
): Promise<T> => {
  const { client, interrupts, terminal, tell } = session;
  const live = new Set<OperationId>();
  // Answered by the body itself: a cancelled delete comes back with what is left.
  const cancel = (operation: OperationId) => void client.call('cancel', { operation }).catch(() => undefined);
  const end = client.on('operation', ({ id, state }) => {
    if (state !== 'deleting') {
      live.delete(id);
      return;
    }
    live.add(id);
    if (interrupts.requested) cancel(id);
  });
  const stop = () => {
    const waits = waiting();
    tell([
      waits.length > 0 && live.size === 0
        ? isRunning()
          ? 'Stopping it.'
          : 'Not waiting any longer.'
        : `Stopping. To go on later: ${terminal.self} recover. Press Ctrl-C again to leave at once.`,
    ]);
    for (const id of [...live, ...waits]) cancel(id);
  };
  try {
    return await interrupts.during(stop, body);
  } finally {
    end();
  }
};
