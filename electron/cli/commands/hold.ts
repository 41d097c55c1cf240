import type { Command } from 'commander';
import { CodedError } from '../../../shared/errors.ts';
import type { Holder } from '../../../shared/model.ts';
import { nameFrom, secondsOf } from '../arguments.ts';
import { withExamples } from '../example.ts';
import { leftByInterrupt } from '../exit.ts';
import { runCommand } from '../run-command.ts';
import type { Act, Session } from '../session.ts';

interface Options {
  readonly timeout?: number;
}

const usage = (message: string): never => {
  throw new CodedError({ code: 'invalid-argument', message });
};

/** All words of the program up to `--`, and all after it, which commander does not tell apart. */
const commandOf = (words: readonly string[], self: string): readonly string[] => {
  const end = words.indexOf('--');
  if (end < 0) usage(`Write the command behind '--': ${self} hold npm -- npm install`);
  const command = words.slice(end + 1);
  if (command.length === 0) usage(`There is no command behind '--': ${self} hold npm -- npm install`);
  return command;
};

const waiting = (root: string, holders: readonly Holder[]): string => {
  const who = holders.map(({ command, pid }) => `${command} (process ${pid})`).join('; ');
  return `Waiting: ${root} is being cleared${who === '' ? '' : ` by ${who}`}.`;
};

const hold = async (
  session: Session,
  names: readonly string[],
  command: readonly string[],
  { timeout }: Options,
): Promise<number> => {
  const { terminal, tell, interrupts } = session;
  const abort = new AbortController();
  const held = await interrupts
    .during(
      () => abort.abort(),
      () =>
        session.hold(
          names.map((name) => nameFrom(terminal.cwd, name)),
          {
            command: command.join(' '),
            signal: abort.signal,
            ...(timeout !== undefined && { timeoutMs: timeout }),
            onWait: (root, holders) => tell([waiting(root, holders)]),
            onLost: (root) =>
              tell([
                `Somebody removed the lock of ${root}, and a clear came in between. It is held again when that is done.`,
              ]),
          },
        ),
    )
    .catch((thrown: unknown) => {
      if (abort.signal.aborted && thrown instanceof CodedError && thrown.code === 'cancelled') return null;
      throw thrown;
    });
  if (held === null) return leftByInterrupt;
  try {
    for (const { root, scope, network } of held.caches) {
      if (scope === 'this user only') {
        tell([`Note: ${root} is held for this user only, because no file can be made beside it.`]);
      }
      if (network !== null) {
        tell([`Note: ${root} is held on this machine only, because it stands on a network file system (${network}).`]);
      }
    }
    const { exit, problem } = await runCommand(command, terminal.cwd);
    if (problem !== null) tell([problem]);
    return exit;
  } finally {
    held.release();
  }
};

const help = `
Clears of these caches wait or are refused, by any door and any user, until the command has ended. What it leaves
running does not hold on. A command that is not there ends with 127, one that cannot be run with 126; else its own
exit code is passed through, 128 and the number for a signal. 3: a clear took longer than --timeout, and nothing was run.`;

export const defineHold = (program: Command, act: Act): void => {
  const command = program
    .command('hold')
    .description('Runs a command, and keeps clears off caches meanwhile.')
    .usage('[options] <cache...> -- <command> [arguments...]')
    .argument('[cache...]', 'ids, tools, units, or paths; then -- and the command')
    .option(
      '--timeout <seconds>',
      'how long to wait for a clear that is under way (default: until it is done)',
      secondsOf,
    )
    .addHelpText('after', help)
    .action((words: readonly string[], options: Options) => {
      const { rawArgs } = program as Command & { readonly rawArgs: readonly string[] };
      const behind = commandOf(rawArgs, program.name());
      const names = words.slice(0, words.length - behind.length);
      if (names.length === 0) usage(`Name the cache to hold: ${program.name()} hold npm -- npm install`);
      return act((session) => hold(session, names, behind, options), 'leave');
    });
  withExamples(command, 'hold npm -- npm ci', 'hold pip pip-tools -- pip-compile requirements.in');
};
