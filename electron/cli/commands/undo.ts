import { type Command, Option } from 'commander';
import { CodedError } from '../../../shared/errors.ts';
import { OperationId } from '../../../shared/ids.ts';
import type { UndoChoice } from '../../../shared/model.ts';
import { withExamples } from '../example.ts';
import { type ExitCode, exitOfOperations } from '../exit.ts';
import { operationLines } from '../output/operation.ts';
import { type Act, need, type Session } from '../session.ts';

interface Options {
  readonly beside?: true;
  readonly swap?: true;
}

const choiceOf = ({ beside, swap }: Options): UndoChoice => (beside ? 'beside' : swap ? 'swap' : 'refuse');

/** The choices as they are written here. The words of core are for every door. */
const howToChoose = 'To put the old one beside it, add --beside; to let the two change places, add --swap.';

const undo = async ({ client, terminal, answer }: Session, text: string, options: Options): Promise<ExitCode> => {
  const id = OperationId.safeParse(text);
  if (!id.success) {
    const message = `'${text}' is not the id of an operation: they look like o_0123456789ab, and 'history' lists them.`;
    throw new CodedError({ code: 'invalid-argument', message });
  }
  const result = await client.call('undo', { operation: id.data, ifRecreated: choiceOf(options) });
  if (!result.ok && result.error.code === 'recreated' && choiceOf(options) === 'refuse') {
    throw new CodedError({ ...result.error, message: `${result.error.message} ${howToChoose}` });
  }
  const operation = need(result);
  answer(operation, () => operationLines(operation, terminal));
  return exitOfOperations([operation]);
};

export const defineUndo = (program: Command, act: Act): void => {
  const command = program
    .command('undo')
    .description('Puts back what a clear has set aside and not deleted yet.')
    .argument('<operation>', "an operation's id, from 'clear' or 'history'")
    .addOption(
      new Option('--beside', 'when there is a new one by now: put the old one beside it, under a name with the date'),
    )
    .addOption(
      new Option(
        '--swap',
        'when there is a new one by now: let the two change places in one step; the new one is then set aside',
      ).conflicts('beside'),
    )
    .action((text: string, options: Options) => act((session) => undo(session, text, options), 'leave'));
  withExamples(command, 'undo o_0123456789ab', 'undo o_0123456789ab --swap');
};
