import type { Command } from 'commander';
import { withExamples } from '../example.ts';
import { type ExitCode, exitOfOperations } from '../exit.ts';
import { operationsLines } from '../output/operation.ts';
import { type Act, need, type Session } from '../session.ts';
import { stoppable } from '../stoppable.ts';

const recover = async (session: Session, now: boolean): Promise<ExitCode> => {
  const { client, terminal, interrupts } = session;
  const { operations } = need(await stoppable(session, () => client.call('recover', { now })));
  session.answer({ operations }, () =>
    operations.length === 0 ? ['There was nothing to recover.'] : operationsLines(operations, terminal),
  );
  const exit = exitOfOperations(operations);
  return interrupts.requested && exit === 0 ? 1 : exit;
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
