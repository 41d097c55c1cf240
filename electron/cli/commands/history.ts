import { type Command, Option } from 'commander';
import { CodedError } from '../../../shared/errors.ts';
import { OperationId } from '../../../shared/ids.ts';
import { type Operation, type OperationState, operationStates } from '../../../shared/model.ts';
import { bytes, counted, moment, subjectOf } from '../../../shared/words.ts';
import { durationOf, limitOf } from '../arguments.ts';
import { withExamples } from '../example.ts';
import { historyDetails, historyTrouble } from '../output/history.ts';
import type { Line } from '../output/lines.ts';
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
const historyLines = (operations: readonly Operation[], terminal: Terminal): readonly Line[] => {
  const [titles = '', ...rows] = table(columns(terminal.home), operations, roomOf(terminal.stdout));
  return [titles, ...operations.flatMap((operation, at) => [rows[at] ?? '', ...historyTrouble(operation, terminal)])];
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
      ? [
          since === undefined && state === undefined
            ? 'Nothing has been cleared, as far as the history goes.'
            : 'The history has nothing of that.',
        ]
      : historyLines(operations, terminal),
  );
  return 0;
};

/** One operation, whole: the list names the first few of its errors only. */
const one = async ({ client, terminal, answer }: Session, text: string): Promise<0> => {
  const id = OperationId.safeParse(text);
  if (!id.success) {
    const message = `'${text}' is not the id of an operation: they look like o_0123456789ab, and 'history' lists them.`;
    throw new CodedError({ code: 'invalid-argument', message });
  }
  const { operations } = need(await client.call('history', {}));
  const operation = operations.find((it) => it.id === id.data);
  if (operation === undefined) {
    const message = `The history has no operation ${text}. 'history' lists those that it has.`;
    throw new CodedError({ code: 'unknown-target', message });
  }
  answer(operation, () => historyDetails(operation, terminal));
  return 0;
};

export const defineHistory = (program: Command, act: Act): void => {
  const command = program
    .command('history')
    .description(
      'Every clear there was, the newest first, with the first errors of each. With OPERATION, all of that one: each step with its moment, every error, what is left, where the copy stands, and what to do next.',
    )
    .argument('[operation]', "an operation's id: everything about this one")
    .option('--since <age>', 'only those of this last while: 30d, 12h', durationOf)
    .addOption(new Option('--state <state>', 'only those in this state').choices(operationStates))
    .option('--limit <count>', 'so many at most', limitOf)
    .action((text: string | undefined, options: Options) =>
      act((session) => (text === undefined ? history(session, options) : one(session, text)), 'resume'),
    );
  withExamples(command, 'history --since 30d', 'history o_0123456789ab', 'history --state partial --json');
};
