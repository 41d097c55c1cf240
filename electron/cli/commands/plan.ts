import type { Command } from 'commander';
import { withExamples } from '../example.ts';
import type { ExitCode } from '../exit.ts';
import { planLines } from '../output/plan.ts';
import { roomOf } from '../output/table.ts';
import { type Act, need, type Session } from '../session.ts';
import { resolveNames } from '../targets.ts';

const plan = async (session: Session, text: string): Promise<ExitCode> => {
  const { client, terminal } = session;
  const targets = await resolveNames(session, [text]);
  const made = need(await client.call('plan', { targets, measure: true }));
  session.answer({ plan: made }, () => planLines(made, terminal.home, roomOf(terminal.stdout)));
  return made.refusals.length > 0 ? 3 : 0;
};

export const definePlan = (program: Command, act: Act): void => {
  const command = program
    .command('plan')
    .description('Exactly what a clear would do. Changes nothing.')
    .argument('<cache-or-unit>', 'an id, a tool, a unit, or a path')
    .action((text: string) => act((session) => plan(session, text), 'leave'));
  withExamples(command, 'plan npm/_cacache');
};
