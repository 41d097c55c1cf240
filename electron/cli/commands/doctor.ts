import type { Command } from 'commander';
import type { Doctor } from '../../../shared/model.ts';
import { place } from '../../../shared/words.ts';
import { withExamples } from '../example.ts';
import { accent, indented, type Line } from '../output/lines.ts';
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

export const defineDoctor = (program: Command, act: Act): void => {
  const command = program
    .command('doctor')
    .description('Versions, places, what holds on this machine, and what could not be read and why.')
    .action(() => act(doctor, 'leave'));
  withExamples(command, 'doctor --json');
};
