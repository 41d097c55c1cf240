import type { Command } from 'commander';
import { CodedError } from '../../../shared/errors.ts';
import { OperationId } from '../../../shared/ids.ts';
import { withExamples } from '../example.ts';
import { type ExitCode, exitOfOperations } from '../exit.ts';
import { operationLines } from '../output/operation.ts';
import { type Act, need, type Session } from '../session.ts';

const undo = async ({ client, terminal, answer }: Session, text: string): Promise<ExitCode> => {
  const id = OperationId.safeParse(text);
  if (!id.success) {
    const message = `'${text}' is not the id of an operation: they look like o_0123456789ab, and 'history' lists them.`;
    throw new CodedError({ code: 'invalid-argument', message });
  }
  const operation = need(await client.call('undo', { operation: id.data }));
  answer(operation, () => operationLines(operation, terminal));
  return exitOfOperations([operation]);
};

export const defineUndo = (program: Command, act: Act): void => {
  const command = program
    .command('undo')
    .description('Puts back what a clear has set aside and not deleted yet.')
    .argument('<operation>', "an operation's id, from 'clear' or 'history'")
    .action((text: string) => act((session) => undo(session, text), 'leave'));
  withExamples(command, 'undo o_0123456789ab');
};
