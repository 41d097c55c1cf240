import type { Command } from 'commander';
import { withExamples } from '../example.ts';
import { type ExitCode, exitOfOperations } from '../exit.ts';
import { operationIdOf } from '../operation-id.ts';
import { operationsLines } from '../output/operation.ts';
import { type Act, need, type Session } from '../session.ts';
import { untilEnded } from '../waiting.ts';

const resume = async (session: Session, text: string): Promise<ExitCode> => {
  const { client, terminal, interrupts } = session;
  const operation = operationIdOf(text);
  const operations = await untilEnded(session, async () => [need(await client.call('resume', { operation }))]);
  session.answer({ operations }, () => operationsLines(operations, terminal));
  const exit = exitOfOperations(operations);
  return interrupts.requested && exit !== 2 ? 1 : exit;
};

export const defineResume = (program: Command, act: Act): void => {
  const command = program
    .command('resume')
    .description('Goes on with a delete that stopped half way, or waits again for what was in use.')
    .argument('<operation>', "an operation's id, from 'clear' or 'history'")
    .action((text: string) => act((session) => resume(session, text), 'leave'));
  withExamples(command, 'resume o_0123456789ab');
};
