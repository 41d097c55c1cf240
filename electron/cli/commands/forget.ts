import type { Command } from 'commander';
import { place } from '../../../shared/words.ts';
import { withExamples } from '../example.ts';
import { type Act, need, type Session } from '../session.ts';
import { resolveName } from '../targets.ts';

const forget = async (session: Session, text: string): Promise<0> => {
  const { client, terminal } = session;
  const { cache: id } = await resolveName(session, text);
  const cache = need(await client.call('forget', { cache: id }));
  session.answer(cache, () => [`${place(cache.root, terminal.home)} is off the list. Nothing in it was touched.`]);
  return 0;
};

export const defineForget = (program: Command, act: Act): void => {
  const command = program
    .command('forget')
    .description('Takes a folder that you added off the list. Deletes nothing.')
    .argument('<cache>', 'its id or path')
    .action((text: string) => act((session) => forget(session, text), 'leave'));
  withExamples(command, 'forget ./build-cache');
};
