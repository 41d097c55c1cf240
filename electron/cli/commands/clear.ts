import { type Command, Option } from 'commander';
import { CodedError } from '../../../shared/errors.ts';
import type { Plan } from '../../../shared/model.ts';
import { secondsOf } from '../arguments.ts';
import { withExamples } from '../example.ts';
import { type ExitCode, exitOfOperations } from '../exit.ts';
import { operationsLines } from '../output/operation.ts';
import { type Agreed, isAboutUse, planLines } from '../output/plan.ts';
import { roomOf } from '../output/table.ts';
import { type Act, need, type Session } from '../session.ts';
import { resolveNames } from '../targets.ts';
import { untilEnded } from '../waiting.ts';

interface Options {
  readonly yes?: true;
  readonly dryRun?: true;
  readonly undoWindow: number;
  readonly evenIfInUse?: true;
  /** ms. */
  readonly wait?: number;
}

const isRefused = ({ refusals }: Plan, mayBeInUse: boolean): boolean =>
  refusals.some((refusal) => !(mayBeInUse && isAboutUse(refusal)));

/** A clear that can be undone needs no question: the window is the time to change one's mind. */
const mustAsk = ({ yes, undoWindow }: Options): boolean => !yes && undoWindow === 0;

const wordOf = ({ evenIfInUse, wait }: Options): Agreed =>
  evenIfInUse ? 'even-if-in-use' : wait === undefined ? 'when-unused' : 'when-idle';

/** Shows the plan and asks. The talk goes to stderr, so that the result alone is on stdout. */
const agreed = async ({ terminal, tell }: Session, plan: Plan, options: Options): Promise<boolean> => {
  tell(planLines(plan, terminal.home, roomOf(terminal.stderr), wordOf(options)));
  const answer = await terminal.ask('Clear this? [y/N] ');
  return answer !== null && /^\s*(y|yes)\s*$/i.test(answer);
};

const execute = async (session: Session, plan: Plan, options: Options): Promise<ExitCode> => {
  const { client, terminal, interrupts } = session;
  const args = {
    plan: plan.id,
    undoWindowMs: options.undoWindow,
    evenIfInUse: options.evenIfInUse === true,
    ...(options.wait !== undefined && { waitMs: options.wait }),
  };
  const operations = await untilEnded(session, async () => need(await client.call('clear', args)).operations);
  session.answer({ operations }, () => operationsLines(operations, terminal));
  const exit = exitOfOperations(operations);
  // What the person stopped waiting for was not refused by the program.
  return interrupts.requested && exit !== 2 ? 1 : exit;
};

const clear = async (session: Session, texts: readonly string[], options: Options): Promise<ExitCode> => {
  const { client, terminal, json } = session;
  const targets = await resolveNames(session, texts);
  const canAsk = terminal.canAsk && !json;
  // Measured only for somebody who reads it: without a question the path is free at once, however large it is.
  const measure = options.dryRun === true || (mustAsk(options) && canAsk);
  const plan = need(await client.call('plan', { targets, measure }));
  const refused = isRefused(plan, options.evenIfInUse === true || (options.wait !== undefined && !options.dryRun));
  if (options.dryRun) {
    session.answer({ plan }, () => planLines(plan, terminal.home, roomOf(terminal.stdout), wordOf(options)));
    return refused ? 3 : 0;
  }
  // A refused plan changes nothing when it is carried out: its refusals reach the history.
  if (refused || plan.steps.length === 0 || !mustAsk(options)) return execute(session, plan, options);
  if (!canAsk) {
    const message =
      'Nobody can be asked here: add --yes to clear, --undo-window SECONDS to be able to undo it, or --dry-run to see what would be done.';
    throw new CodedError({ code: 'invalid-argument', message });
  }
  if (await agreed(session, plan, options)) return execute(session, plan, options);
  session.tell(['Nothing was changed.']);
  return 1;
};

export const defineClear = (program: Command, act: Act): void => {
  const command = program
    .command('clear')
    .description('Sets caches aside by one rename each, and deletes them.')
    .argument('<cache-or-unit...>', 'ids, tools, units, or paths')
    .option('-y, --yes', 'do not ask')
    .option('--dry-run', 'show what would be done, and change nothing')
    .option('--undo-window <seconds>', 'keep it whole for so long, so that it can be undone', secondsOf, 0)
    .option('--even-if-in-use', 'also when a process is using it, or that cannot be told')
    .addOption(
      new Option('--wait [seconds]', 'when it is in use: wait for so long until it is idle, an hour if not said')
        .argParser(secondsOf)
        .preset('3600')
        .conflicts('evenIfInUse'),
    )
    .action((texts: readonly string[], options: Options) =>
      act((session) => clear(session, texts, options), options.dryRun ? 'leave' : 'resume'),
    );
  withExamples(
    command,
    'clear npm/_cacache',
    'clear pip npm --yes --undo-window 600',
    'clear npm --yes --wait 600',
    'clear npm --dry-run --json',
  );
};
