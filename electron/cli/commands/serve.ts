import type { Command } from 'commander';
import { portOf } from '../arguments.ts';
import { withExamples } from '../example.ts';
import type { Act, Session } from '../session.ts';

interface Options {
  readonly port: number;
  readonly open: boolean;
}

const run = async (session: Session, { port, open }: Options): Promise<0> => {
  const { client, interrupts, json, terminal } = session;
  // Loaded here: `--help` needs neither a server nor the core.
  const [{ openBrowser }, { serve }] = await Promise.all([
    import('../../serve/open-browser.ts'),
    import('../../serve/serve.ts'),
  ]);
  const served = await serve(client, { port });
  // First, and on one line: others wait for it.
  if (json) session.answerLine({ url: served.url });
  else session.print([served.url]);
  if (terminal.stderr.isTTY)
    session.tell(['Ctrl-C stops it. The address is good for one visit, on this machine only.']);
  if (open) openBrowser(served.url);
  void session.resume();
  const ended = Promise.withResolvers<void>();
  const stop = () => {
    session.tell([
      'Stopping. What is set aside can still be undone, and deletes go on with the next start of Cache Inspector.',
    ]);
    ended.resolve();
  };
  await interrupts.during(stop, async () => {
    await ended.promise;
    await served.close();
  });
  return 0;
};

const tunnel = `
A machine without a display is reached through an SSH tunnel, with the same port at both ends:
  there:  cache-inspector serve --port 4873 --no-open
  here:   ssh -L 4873:127.0.0.1:4873 host
Then open the printed address in a browser here.`;

export const defineServe = (program: Command, act: Act): void => {
  const command = program
    .command('serve')
    .description('Opens the page in a browser on this machine, and nowhere else.')
    .option('--port <number>', 'the port to listen on; any that is free without it', portOf, 0)
    .option('--no-open', 'do not open a browser')
    .action((options: Options) => act((session) => run(session, options), 'leave', { door: 'browser' }))
    .addHelpText('after', tunnel);
  withExamples(command, 'serve --no-open', 'serve --port 8080');
};
