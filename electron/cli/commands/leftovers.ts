import { type Command, Option } from 'commander';
import { CodedError } from '../../../shared/errors.ts';
import { LeftoverId } from '../../../shared/ids.ts';
import type { Operation } from '../../../shared/model.ts';
import { withExamples } from '../example.ts';
import { type ExitCode, exitOfOperations } from '../exit.ts';
import { leftoversLines } from '../output/leftovers.ts';
import { operationsLines } from '../output/operation.ts';
import { roomOf } from '../output/table.ts';
import { type Act, need, type Session } from '../session.ts';
import { stoppable } from '../stoppable.ts';
import { watch } from './watch.ts';

interface Options {
  readonly clean?: readonly string[];
  readonly cleanSafe?: true;
  readonly watch?: true;
  readonly tool?: string;
}

const idOf = (text: string): LeftoverId => {
  const id = LeftoverId.safeParse(text);
  if (id.success) return id.data;
  const message = `'${text}' is not the id of a leftover: they look like l_0123456789ab, and 'leftovers' lists them.`;
  throw new CodedError({ code: 'invalid-argument', message });
};

type Which = 'safe' | LeftoverId[];

/** Of one tool, or of all. */
type Of = { readonly tool?: string };

const find = async ({ client }: Session, measure: boolean, of: Of) =>
  need(await client.call('leftovers', { measure, ...of })).leftovers;

const clean = async (session: Session, which: Which, of: Of): Promise<readonly Operation[]> => {
  // An id is of a leftover that has been seen: this process has to look first.
  await find(session, false, of);
  return need(await stoppable(session, () => session.client.call('clean', { which, ...of }))).operations;
};

const leftovers = async (session: Session, options: Options): Promise<ExitCode> => {
  const { terminal, interrupts } = session;
  if (options.watch) return watch(session);
  const which = options.cleanSafe ? 'safe' : options.clean?.map(idOf);
  const of = options.tool === undefined ? {} : { tool: options.tool };
  const operations = which === undefined ? null : await clean(session, which, of);
  const found = await find(session, operations === null, of);
  const lines = () => leftoversLines(found, terminal, roomOf(terminal.stdout));
  if (operations === null) {
    session.answer({ leftovers: found }, lines);
    return 0;
  }
  session.answer({ leftovers: found, operations }, () => [
    ...(operations.length === 0 ? ['There was nothing to clean.'] : operationsLines(operations, terminal)),
    ...lines(),
  ]);
  const exit = exitOfOperations(operations);
  return interrupts.requested && exit === 0 ? 1 : exit;
};

export const defineLeftovers = (program: Command, act: Act): void => {
  const command = program
    .command('leftovers')
    .description('What crashed clears and installs left behind, ours and other tools’, with what we know about each.')
    .addOption(new Option('--clean <id...>', 'delete these').conflicts(['cleanSafe', 'watch']))
    .addOption(new Option('--clean-safe', 'delete all that are safe to delete').conflicts('watch'))
    .addOption(new Option('--tool <id>', 'only those of this tool').conflicts('watch'))
    .option('--watch', 'go on, and tell every change as it comes; Ctrl-C ends')
    .action((options: Options) => act((session) => leftovers(session, options), 'resume'));
  withExamples(
    command,
    'leftovers',
    'leftovers --tool npm',
    'leftovers --clean l_0123456789ab',
    'leftovers --watch --json',
  );
};
