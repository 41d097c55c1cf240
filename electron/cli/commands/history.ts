import { type Command, Option } from 'commander';
import { type Operation, type OperationState, operationStates } from '../../../shared/model.ts';
import { bytes, counted, moment, subjectOf } from '../../../shared/words.ts';
import { durationOf, limitOf } from '../arguments.ts';
import { withExamples } from '../example.ts';
import type { Line } from '../output/lines.ts';
import { historyTrouble } from '../output/operation.ts';
import { type Column, roomOf, table } from '../output/table.ts';
import { type Act, need, type Session } from '../session.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly since?: number;
  readonly state?: OperationState;
  readonly limit?: number;
}

const columns = (home: string): readonly Column<Operation>[] => [
  { title: 'When', cell: ({ startedAt }) => moment(startedAt) },
  { title: 'Operation', cell: ({ id }) => id },
  { title: 'Kind', cell: ({ kind }) => kind },
  { title: 'What', cell: (operation) => subjectOf(operation, home), shrinks: true },
  { title: 'State', cell: ({ state }) => state },
  { title: 'Freed', cell: (operation) => bytes(operation.bytes.freed), align: 'right' },
  { title: 'Left', cell: ({ leftCount }) => (leftCount === 0 ? '' : counted(leftCount, 'item')), align: 'right' },
];

/** Each operation on a line, with what went wrong below it. */
const historyLines = (operations: readonly Operation[], { home, stdout }: Terminal): readonly Line[] => {
  const [titles = '', ...rows] = table(columns(home), operations, roomOf(stdout));
  return [titles, ...operations.flatMap((operation, at) => [rows[at] ?? '', ...historyTrouble(operation, home)])];
};

const history = async ({ client, terminal, answer }: Session, { since, state, limit }: Options): Promise<0> => {
  const { operations } = need(
    await client.call('history', {
      ...(since !== undefined && { sinceMs: since }),
      ...(state !== undefined && { state }),
      ...(limit !== undefined && { limit }),
    }),
  );
  answer({ operations }, () =>
    operations.length === 0
      ? ['Nothing has been cleared, as far as the history goes.']
      : historyLines(operations, terminal),
  );
  return 0;
};

export const defineHistory = (program: Command, act: Act): void => {
  const command = program
    .command('history')
    .description('Every clear there was, the newest first.')
    .option('--since <age>', 'only those of this last while: 30d, 12h', durationOf)
    .addOption(new Option('--state <state>', 'only those in this state').choices(operationStates))
    .option('--limit <count>', 'so many at most', limitOf)
    .action((options: Options) => act((session) => history(session, options), 'resume'));
  withExamples(command, 'history --since 30d', 'history --state partial --json');
};
