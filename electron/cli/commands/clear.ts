import { type Command, Option } from 'commander';
import type { Target } from '../../../shared/api.ts';
import { CodedError } from '../../../shared/errors.ts';
import { EntryId } from '../../../shared/ids.ts';
import type { Operation, Plan } from '../../../shared/model.ts';
import { place } from '../../../shared/words.ts';
import { secondsOf } from '../arguments.ts';
import { withExamples } from '../example.ts';
import { type ExitCode, exitOfOperations } from '../exit.ts';
import { type FilterOptions, filterFrom, withFilters } from '../filters.ts';
import { operationsLines } from '../output/operation.ts';
import { type Agreed, isAboutUse, planLines } from '../output/plan.ts';
import { roomOf } from '../output/table.ts';
import { type Act, need, type Session } from '../session.ts';
import { resolveName, resolveNames } from '../targets.ts';
import { untilEnded } from '../waiting.ts';

interface Options extends FilterOptions {
  readonly entry?: readonly string[];
  readonly own?: true;
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

/** A cache without a unit: what stands there, if anything does, is kept. */
const nothingThere = ({ keeps }: Plan, home: string): readonly string[] => [
  'There is nothing there that can be cleared. 0 B freed.',
  ...keeps.slice(0, mostKept).map(({ path, why }) => `  stays: ${place(path, home)}: ${why}`),
  ...(keeps.length > mostKept ? [`  and ${keeps.length - mostKept} more`] : []),
];

const mostKept = 10;

const execute = async (session: Session, plan: Plan, options: Options): Promise<ExitCode> => {
  const { client, terminal, interrupts } = session;
  const args = {
    plan: plan.id,
    undoWindowMs: options.undoWindow,
    evenIfInUse: options.evenIfInUse === true,
    ...(options.wait !== undefined && { waitMs: options.wait }),
  };
  const operations = await untilEnded(session, async () => need(await client.call('clear', args)).operations);
  session.answer({ operations }, () =>
    operations.length === 0 ? nothingThere(plan, terminal.home) : operationsLines(operations, terminal),
  );
  const exit = exitOfOperations(operations);
  // What the person stopped waiting for was not refused by the program.
  return interrupts.requested && exit !== 2 ? 1 : exit;
};

const meantBy = (entries: readonly string[]): EntryId[] =>
  entries.map((text) => {
    const id = EntryId.safeParse(text);
    if (id.success) return id.data;
    const message = `'${text}' is not the id of an entry: they look like e_0123456789abcdef, and 'show --json' lists them.`;
    throw new CodedError({ code: 'invalid-argument', message });
  });

/** Whole units, or, when the person said which entries they mean, those of them. */
const targetsOf = async (session: Session, texts: readonly string[], options: Options): Promise<Target[]> => {
  const filter = filterFrom(options);
  if (filter === null && options.entry === undefined) return resolveNames(session, texts);
  const targets: Target[] = [];
  for (const text of texts) {
    const { cache, targets: named } = await resolveName(session, text);
    const units = named.flatMap((target) => ('unit' in target ? [target.unit] : []));
    targets.push({
      entriesOf: cache,
      ...(units.length > 0 && { units }),
      ...filter,
      ...(options.entry !== undefined && { ids: meantBy(options.entry) }),
    });
  }
  return targets;
};

/** The tool's own command for each cache, one after another. */
const byOwn = async (session: Session, texts: readonly string[]): Promise<ExitCode> => {
  const { client, terminal } = session;
  const operations: Operation[] = [];
  for (const cache of new Set(
    (await Promise.all(texts.map((text) => resolveName(session, text)))).map((it) => it.cache),
  )) {
    operations.push(...(await untilEnded(session, async () => [need(await client.call('runOwn', { cache }))])));
  }
  session.answer({ operations }, () => operationsLines(operations, terminal));
  return exitOfOperations(operations);
};

const clear = async (session: Session, texts: readonly string[], options: Options): Promise<ExitCode> => {
  const { client, terminal, json } = session;
  const targets = await targetsOf(session, texts, options);
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
  if (plan.chosen?.count === 0 && plan.steps.length === 0 && !refused) {
    const lines = ['No entry is like that, so there is nothing to clear. 0 B freed.'];
    session.answer({ operations: [] }, () => lines);
    return 0;
  }
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
  const command = withFilters(
    program
      .command('clear')
      .description('Sets caches aside by one rename each, and deletes them. With words about entries: only those.')
      .argument('<cache-or-unit...>', 'ids, tools, units, or paths'),
  )
    .option('--entry <id...>', "only these entries, by their ids from 'show --json'")
    .addOption(
      new Option('--own', "run the tool's own command instead; 'list --json' shows it").conflicts([
        'entry',
        'filter',
        'olderThan',
        'largerThan',
        'notNewest',
        'unused',
        'damaged',
        'dryRun',
        'wait',
        'evenIfInUse',
      ]),
    )
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
      act(
        (session) => (options.own ? byOwn(session, texts) : clear(session, texts, options)),
        options.dryRun ? 'leave' : 'resume',
      ),
    );
  withExamples(
    command,
    'clear npm/_cacache',
    'clear pip npm --yes --undo-window 600',
    'clear npm --yes --wait 600',
    'clear npm --dry-run --json',
    'clear cargo --older-than 90d --dry-run',
    'clear pnpm --own',
  );
};
