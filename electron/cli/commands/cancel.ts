import type { Command } from 'commander';
import { withExamples } from '../example.ts';
import type { ExitCode } from '../exit.ts';
import { operationIdOf } from '../operation-id.ts';
import { type Act, need, type Session } from '../session.ts';

const cancel = async ({ client, terminal, answer }: Session, text: string): Promise<ExitCode> => {
  const operation = operationIdOf(text);
  const { stopped } = need(await client.call('cancel', { operation }));
  answer({ stopped }, () => [
    stopped
      ? 'It is not waited for any longer; nothing was touched.'
      : `${operation} is not waiting, so there was nothing to end. A delete is stopped where it runs. For what became of it: ${terminal.self} history ${operation}`,
  ]);
  return stopped ? 0 : 1;
};

export const defineCancel = (program: Command, act: Act): void => {
  const command = program
    .command('cancel')
    .description(
      'Ends the wait of a clear that was to be made when its cache is idle, whichever window or terminal waits.',
    )
    .argument('<operation>', "an operation's id, from 'clear' or 'history'")
    .action((text: string) => act((session) => cancel(session, text), 'leave'));
  withExamples(command, 'cancel o_0123456789ab');
};
