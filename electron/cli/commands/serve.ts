import type { Command } from 'commander';
import { openBrowser } from '../../serve/open-browser.ts';
import { serve } from '../../serve/serve.ts';
import { portOf } from '../arguments.ts';
import { withExamples } from '../example.ts';
import type { Act, Session } from '../session.ts';

interface Options {
  readonly port: number;
  readonly open: boolean;
}

const run = async (session: Session, { port, open }: Options): Promise<0> => {
  const { client, interrupts, json } = session;
  const served = await serve(client, port);
  // First, and on one line: others wait for it.
  if (json) session.answerLine({ url: served.url });
  else session.print([served.url]);
  session.tell(['Ctrl-C stops it. The address is good for one visit, and only on this machine.']);
  if (open) openBrowser(served.url);
  const ended = Promise.withResolvers<void>();
  await interrupts.during(ended.resolve, () => ended.promise);
  await served.close();
  return 0;
};

export const defineServe = (program: Command, act: Act): void => {
  const command = program
    .command('serve')
    .description('Shows caches, leftovers and history in a browser on this machine, to read.')
    .option('--port <number>', 'the port to listen on; any that is free without it', portOf, 0)
    .option('--no-open', 'do not open a browser')
    .action((options: Options) => act((session) => run(session, options), 'resume'));
  withExamples(command, 'serve --no-open', 'serve --port 8080');
};
