import type { Command } from 'commander';
import { formatDuration } from '../../../shared/format.ts';
import type { Check, Doctor, SelfTest } from '../../../shared/model.ts';
import { counted, place } from '../../../shared/words.ts';
import { withExamples } from '../example.ts';
import type { ExitCode } from '../exit.ts';
import { accent, bad, indented, type Line } from '../output/lines.ts';
import { type Column, table } from '../output/table.ts';
import { type Act, need, type Session } from '../session.ts';

const pairs = (title: string): readonly Column<readonly [string, string]>[] => [
  { title, cell: ([name]) => name },
  { title: '', cell: ([, value]) => value },
];

const pairLines = (title: string, values: readonly (readonly [string, string])[]): readonly Line[] =>
  values.length === 0 ? [] : [...table(pairs(title), values, null), ''];

/** What this machine and this program are like, for a person. */
export const doctorLines = (doctor: Doctor, home: string): readonly Line[] => [
  ...pairLines('Versions', Object.entries(doctor.versions)),
  ...pairLines(
    'Places',
    Object.entries(doctor.places).map(([name, path]) => [name, place(path, home)]),
  ),
  ...pairLines(
    'Guarantees',
    doctor.guarantees.map(({ name, holds, how }) => [name, `${holds ? 'holds' : 'does not hold'}: ${how}`]),
  ),
  ...(doctor.unreadable.length === 0 ? ['Everything could be read.'] : [accent('Could not be read')]),
  ...indented(doctor.unreadable.map(({ path, message }) => `${place(path, home)}: ${message}`)),
  ...doctor.notices.map(({ level, message }) => `${level === 'warning' ? 'Warning' : 'Note'}: ${message}`),
];

const doctor = async ({ client, terminal, answer }: Session): Promise<0> => {
  const found = need(await client.call('doctor', {}));
  answer(found, () => doctorLines(found, terminal.home));
  return 0;
};

const results: { readonly [Name in Check['result']]: string } = {
  holds: 'holds',
  fails: 'DOES NOT HOLD',
  'not-here': 'cannot be tried here',
};

const checkColumns: readonly Column<Check>[] = [
  { title: 'What was tried', cell: ({ name }) => name },
  { title: 'Result', cell: ({ result }) => results[result] },
  { title: 'Took', cell: ({ ms }) => formatDuration(ms), align: 'right' },
];

const lastWords = (checks: readonly Check[]): Line => {
  const failed = checks.filter(({ result }) => result === 'fails').length;
  const untried = checks.filter(({ result }) => result === 'not-here').length;
  const unknown = untried === 0 ? '' : ` ${counted(untried, 'thing')} could not be tried on this machine.`;
  return failed === 0
    ? `Nothing failed.${unknown}`
    : bad(
        `${counted(failed, 'thing')} did not hold. Clear with care on this machine, and report what is above.${unknown}`,
      );
};

/** What was tried on this machine and what came of it, each with what was seen, or why it could not be tried. */
export const selfTestLines = ({ place: at, checks }: SelfTest, home: string): readonly Line[] => {
  const [titles = '', ...rows] = table(checkColumns, checks, null);
  return [
    titles,
    ...checks.flatMap((check, index) => [rows[index] ?? '', ...indented([check.how], '    ')]),
    '',
    `Tried in ${place(at, home)}, which is removed again.`,
    lastWords(checks),
  ];
};

const selfTest = async ({ client, terminal, answer, tell, json }: Session): Promise<ExitCode> => {
  if (!json)
    tell(['Trying on this machine what a clear relies on, in a temporary place. This takes about ten seconds.']);
  const tried = need(await client.call('selfTest', {}));
  answer(tried, () => selfTestLines(tried, terminal.home));
  return tried.checks.some(({ result }) => result === 'fails') ? 1 : 0;
};

export const defineDoctor = (program: Command, act: Act): void => {
  const command = program
    .command('doctor')
    .description('Versions, places, what holds on this machine, and what could not be read and why.')
    .option('--self-test', 'try in a temporary place what a clear relies on; exits with 1 when something does not hold')
    .action((options: { readonly selfTest?: true }) =>
      act(options.selfTest ? selfTest : doctor, 'leave', { lookOnly: true }),
    );
  withExamples(command, 'doctor --json', 'doctor --self-test');
};
