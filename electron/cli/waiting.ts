import type { OperationId } from '../../shared/ids.ts';
import type { Operation } from '../../shared/model.ts';
import { subjectOf } from '../../shared/words.ts';
import { waitingLine } from './output/operation.ts';
import type { Session } from './session.ts';
import { stoppable } from './stoppable.ts';

const everyMs = 1000;

/** Whether this is all that comes of it in this process. */
const isSettled = ({ state, holders, undoUntil }: Operation, now: number): boolean => {
  if (state === 'waiting' || state === 'deleting' || state === 'running') return false;
  // Without a window it is deleted next, unless somebody still has it open.
  return state !== 'set-aside' || holders.length > 0 || Date.parse(undoUntil ?? '') > now;
};

/**
 * Runs a call that answers with operations, and stays until each that waits has come to its end, telling who is waited
 * for whenever that changes. Ctrl-C ends the waits, and stops deletes.
 */
export const untilEnded = (
  session: Session,
  call: () => Promise<readonly Operation[]>,
): Promise<readonly Operation[]> => {
  const { client, terminal, interrupts } = session;
  const newest = new Map<OperationId, Operation>();
  let mine: readonly Operation[] = [];
  let said = '';
  let changed = (): void => undefined;
  const end = client.on('operation', (operation) => {
    newest.set(operation.id, operation);
    changed();
  });
  const current = (): readonly Operation[] =>
    mine.map((operation) => {
      const news = newest.get(operation.id);
      return news !== undefined && news.steps.length >= operation.steps.length ? news : operation;
    });
  const waits = () => current().filter(({ state }) => state === 'waiting' || state === 'running');
  const say = (): void => {
    const lines = waits().map((operation) => {
      const subject = subjectOf(operation, terminal.home);
      return operation.state === 'running' ? `Running ${subject}.` : waitingLine(operation, subject);
    });
    const text = lines.join(' ');
    if (text === '') return;
    if (terminal.stderr.isTTY) session.show(`${text} Ctrl-C ends that.`);
    else if (text !== said && !session.json) session.tell(lines);
    said = text;
  };
  const settled = (): Promise<void> =>
    new Promise((resolve) => {
      // Core does not keep a process running that only waits: this does.
      const timer = setInterval(() => changed(), everyMs);
      changed = () => {
        say();
        if (!current().every((operation) => isSettled(operation, terminal.now()))) return;
        clearInterval(timer);
        changed = () => undefined;
        resolve();
      };
      changed();
    });
  const body = async (): Promise<readonly Operation[]> => {
    mine = await call();
    if (!mine.some(({ state }) => state === 'waiting' || state === 'running')) return mine;
    if (interrupts.requested) await Promise.all(waits().map(({ id }) => client.call('cancel', { operation: id })));
    await settled();
    return current();
  };
  const isRunning = (): boolean => waits().some(({ state }) => state === 'running');
  return stoppable(session, body, () => waits().map(({ id }) => id), isRunning).finally(end);
};
