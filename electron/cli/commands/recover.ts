import type { Command } from 'commander';
import type { Operation } from '../../../shared/model.ts';
import { withExamples } from '../example.ts';
import { type ExitCode, isKept } from '../exit.ts';
import { operationsLines } from '../output/operation.ts';
import { type Act, need, type Session } from '../session.ts';
import { stoppable } from '../stoppable.ts';

/** A clear that was cut off before it touched anything ends as failed, and that is all there was to recover. */
const isOpen = (operation: Operation): boolean => {
  const { state, endedAt, errors } = operation;
  const isStuck = endedAt === null && errors.some(({ step }) => step === 'recover');
  return state === 'deleting' || state === 'partial' || isKept(operation) || isStuck;
};

const recover = async (session: Session, now: boolean): Promise<ExitCode> => {
  const { client, terminal, interrupts } = session;
  const { operations } = need(await stoppable(session, () => client.call('recover', { now })));
  session.answer({ operations }, () =>
    operations.length === 0 ? ['There was nothing to recover.'] : operationsLines(operations, terminal),
  );
  return interrupts.requested || operations.some(isOpen) ? 1 : 0;
};

export const defineRecover = (program: Command, act: Act): void => {
  const command = program
    .command('recover')
    .description('Finishes clears that were interrupted, and those whose process has ended within their undo window.')
    .option('--keep-undoable', 'leave alone what can still be undone')
    .action(({ keepUndoable }: { readonly keepUndoable?: true }) =>
      act((session) => recover(session, keepUndoable !== true), 'resume'),
    );
  withExamples(command, 'recover', 'recover --keep-undoable --json');
};
