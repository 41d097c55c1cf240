import type { Command } from 'commander';
import type { Cache, Unit } from '../../../shared/model.ts';
import { age, bytes, count, counted, place } from '../../../shared/words.ts';
import { withExamples } from '../example.ts';
import { indented, type Line } from '../output/lines.ts';
import { type Column, roomOf, table } from '../output/table.ts';
import { type Act, need, type Session } from '../session.ts';
import type { Terminal } from '../terminal.ts';

interface Row {
  readonly name: string;
  readonly path: string;
  readonly unit: Unit | null;
  readonly state: string;
}

/** A row for each unit; one for a cache that has none or is not there. */
const rowsOf = (cache: Cache, severalOfTool: boolean, folded: boolean): readonly Row[] => {
  // `tool/unit` names no unit when the tool has several caches: there the id does.
  const id = severalOfTool ? [`id ${cache.id}`] : [];
  const problem = cache.problem ? [`cannot be cleared: ${cache.problem.message}`] : [];
  if (!cache.present || cache.units.length === 0) {
    const state = [...(cache.problem !== null ? [] : [cache.present ? 'empty' : 'not there']), ...problem, ...id];
    return [{ name: cache.tool, path: cache.root, unit: null, state: state.join(', ') }];
  }
  if (folded && cache.units.length > mostRows) return [foldedRow(cache, [...problem, ...id])];
  return cache.units.map((unit) => {
    const unread = unit.unreadable.length > 0 ? [`${counted(unit.unreadable.length, 'part')} cannot be read`] : [];
    const state = [...(unit.present ? [] : ['not there']), ...unread, ...problem, ...id];
    return { name: nameOf(cache, unit), path: unit.path, unit, state: state.join(', ') };
  });
};

/** What a person would write to mean it. */
const nameOf = (cache: Cache, unit: Unit): string =>
  unit.name !== '.' ? `${cache.tool}/${unit.name}` : cache.tool === 'other' ? cache.name : cache.tool;

/** A unit for each module makes thousands of some caches: they have a line together, unless a person asks for that tool. */
const mostRows = 25;

const sumOf = (units: readonly Unit[]): Unit | null => {
  const there = units.filter(({ present }) => present);
  const [first] = there;
  if (first === undefined) return null;
  const latest = there.flatMap(({ lastUsed }) => lastUsed ?? []).toSorted();
  const sum = (of: (unit: Unit) => number | undefined): number => there.reduce((all, unit) => all + (of(unit) ?? 0), 0);
  const isMeasured = there.every(({ bytes }) => bytes !== null);
  return {
    ...first,
    files: isMeasured ? sum(({ files }) => files ?? 0) : null,
    bytes: isMeasured
      ? {
          apparent: sum(({ bytes }) => bytes?.apparent),
          allocated: sum(({ bytes }) => bytes?.allocated),
          reclaimable: sum(({ bytes }) => bytes?.reclaimable),
        }
      : null,
    lastUsed: latest.at(-1) ?? null,
  };
};

const foldedRow = (cache: Cache, more: readonly string[]): Row => {
  const unread = cache.units.reduce((all, { unreadable }) => all + unreadable.length, 0);
  const state = [
    `${counted(cache.units.length, 'unit')}: list ${cache.tool}`,
    ...(unread > 0 ? [`${counted(unread, 'part')} cannot be read`] : []),
    ...more,
  ];
  return { name: cache.tool, path: cache.root, unit: sumOf(cache.units), state: state.join(', ') };
};

/** Only where it reads differently from the size. */
const comesBack = (unit: Unit | null): string => {
  const back = bytes(unit?.bytes?.reclaimable);
  return back === bytes(unit?.bytes?.allocated) ? '' : back;
};

const measured = (unit: Unit | null): Unit | null => (unit?.present ? unit : null);

const columns = ({ home, now }: Terminal): readonly Column<Row>[] => [
  { title: 'Cache', cell: ({ name }) => name },
  { title: 'Place', cell: ({ path }) => place(path, home), shrinks: true },
  { title: 'Size', cell: ({ unit }) => bytes(measured(unit)?.bytes?.allocated), align: 'right' },
  { title: 'Comes back', cell: ({ unit }) => comesBack(unit), align: 'right' },
  { title: 'Files', cell: ({ unit }) => count(measured(unit)?.files ?? null), align: 'right' },
  { title: 'Last used', cell: ({ unit }) => age(unit?.lastUsed ?? null, now()) },
  { title: '', cell: ({ state }) => state },
];

const totals = (caches: readonly Cache[]): string => {
  const units = caches.flatMap((cache) => cache.units).filter(({ present }) => present);
  const sum = (of: (unit: Unit) => number) => units.reduce((total, unit) => total + of(unit), 0);
  const unmeasured = units.filter((unit) => unit.bytes === null).length;
  const unreadable = sum((unit) => unit.unreadable.length);
  const size = sum((unit) => unit.bytes?.allocated ?? 0);
  const back = sum((unit) => unit.bytes?.reclaimable ?? 0);
  return [
    `Total ${bytes(size)} in ${counted(units.length, 'unit')}`,
    bytes(back) === bytes(size) ? '' : `, of which clearing gives back ${bytes(back)}`,
    unmeasured > 0 ? `, ${counted(unmeasured, 'unit')} not measured yet` : '',
    unreadable > 0 ? `, without ${counted(unreadable, 'part')} that cannot be read` : '',
    '.',
  ].join('');
};

/** A known tool's cache that this machine does not have: worth a word, not a line. */
const isAbsent = ({ present, problem, added }: Cache): boolean => !present && problem === null && !added;

const absentLine = (caches: readonly Cache[]): readonly Line[] => {
  const tools = [...new Set(caches.map(({ tool }) => tool))];
  return tools.length === 0 ? [] : [`Not on this machine: ${tools.join(', ')}.`];
};

/** The list for a person. `named`: they asked for these tools, so each has a line, there or not. */
export const listLines = (all: readonly Cache[], terminal: Terminal, named = false): readonly Line[] => {
  const absent = named ? [] : all.filter(isAbsent);
  const caches = all.filter((cache) => !absent.includes(cache));
  const tools = new Map<string, number>();
  for (const { tool } of caches) tools.set(tool, (tools.get(tool) ?? 0) + 1);
  const rows = caches.flatMap((cache) =>
    rowsOf(cache, cache.tool !== 'other' && (tools.get(cache.tool) ?? 0) > 1, !named),
  );
  if (rows.length === 0) return ['There is no cache of a known tool here.', ...absentLine(absent)];
  const unread = caches.flatMap(({ units }) => units.flatMap(({ unreadable }) => unreadable));
  return [
    ...table(columns(terminal), rows, roomOf(terminal.stdout)),
    totals(caches),
    ...absentLine(absent),
    ...(unread.length > 0 ? ['Cannot be read:'] : []),
    ...indented(unread.map(({ path, message }) => `${place(path, terminal.home)}: ${message}`)),
  ];
};

const list = async (session: Session, tools: readonly string[], measure: boolean): Promise<0> => {
  const args = { measure, ...(tools.length > 0 && { tools: [...tools] }) };
  const { caches } = need(await session.client.call('list', args));
  session.answer({ caches }, () => listLines(caches, session.terminal, tools.length > 0));
  return 0;
};

export const defineList = (program: Command, act: Act): void => {
  const command = program
    .command('list')
    .description('Every cache of this machine, with what it holds and what clearing it gives back.')
    .argument('[tool...]', 'only these tools')
    .option('--no-scan', 'do not measure: the last known sizes')
    .action((tools: readonly string[], { scan }: { readonly scan: boolean }) =>
      act((session) => list(session, tools, scan), 'resume', { lookOnly: true }),
    );
  withExamples(command, 'list', 'list npm pip --json');
};
