import type { Command } from 'commander';
import { CodedError } from '../../../shared/errors.ts';
import type { UnitId } from '../../../shared/ids.ts';
import type { Entry } from '../../../shared/model.ts';
import { age, bytes, counted, unknown } from '../../../shared/words.ts';
import { limitOf } from '../arguments.ts';
import { withExamples } from '../example.ts';
import { type FilterOptions, filterFrom, withFilters } from '../filters.ts';
import { type Column, roomOf, table } from '../output/table.ts';
import { type Act, need, type Session } from '../session.ts';
import { type Named, resolveName } from '../targets.ts';

interface Options extends FilterOptions {
  readonly unit?: string;
  readonly limit?: number;
}

/** Which units are meant: the one of --unit, those that the name itself said, or all of the cache (none named). */
const unitsOf = async (session: Session, named: Named, unit: string | undefined): Promise<UnitId[] | null> => {
  if (unit === undefined) {
    const units = named.targets.flatMap((target) => ('unit' in target ? [target.unit] : []));
    return units.length === 0 ? null : units;
  }
  const { caches } = need(await session.client.call('list', { measure: false }));
  const known = caches.find(({ id }) => id === named.cache)?.units ?? [];
  const found = known.find(({ name, id }) => name === unit || id === unit);
  if (found) return [found.id];
  const names = known.map(({ name }) => name).join(', ');
  const message = `There is no unit '${unit}' in this cache.${names === '' ? '' : ` It has: ${names}.`}`;
  throw new CodedError({ code: 'unknown-target', message });
};

const columns = (now: number): readonly Column<Entry>[] => [
  { title: 'Unit', cell: ({ unit }) => unit },
  { title: 'Kind', cell: ({ kind }) => kind },
  { title: 'Name', cell: ({ name, url }) => name ?? url ?? unknown, shrinks: true },
  { title: 'Version', cell: ({ version }) => version ?? '' },
  { title: 'Size', cell: (entry) => bytes(entry.bytes), align: 'right' },
  { title: 'Made', cell: ({ created }) => (created === null ? '' : age(created, now)) },
  { title: 'Last used', cell: ({ lastUsed }) => (lastUsed === null ? '' : age(lastUsed, now)) },
  {
    title: 'Used by',
    cell: ({ usedBy }) => (usedBy === null ? '' : usedBy.length === 0 ? 'nobody' : usedBy.join(', ')),
    shrinks: true,
  },
  { title: '', cell: ({ damaged }) => (damaged === null ? '' : `damaged: ${damaged}`) },
];

const show = async (session: Session, text: string, options: Options): Promise<0> => {
  const { client, terminal } = session;
  const named = await resolveName(session, text);
  const units = await unitsOf(session, named, options.unit);
  const { entries, total } = need(
    await client.call('show', {
      cache: named.cache,
      ...(units !== null && { units }),
      ...filterFrom(options),
      ...(options.limit !== undefined && { limit: options.limit }),
    }),
  );
  session.answer({ entries, total }, () => [
    ...(entries.length > 0 ? table(columns(terminal.now()), entries, roomOf(terminal.stdout)) : []),
    entries.length === total
      ? `${counted(total, 'entry', 'entries')}.`
      : `${entries.length} of ${counted(total, 'entry', 'entries')}.`,
  ]);
  return 0;
};

export const defineShow = (program: Command, act: Act): void => {
  const command = withFilters(
    program
      .command('show')
      .description("What a cache holds, in its tool's own terms.")
      .argument('<cache>', 'an id, a tool, a unit, or a path')
      .option('--unit <name>', 'only this unit'),
  )
    .option('--limit <count>', 'so many entries at most', limitOf)
    .action((text: string, options: Options) =>
      act((session) => show(session, text, options), 'resume', { lookOnly: true }),
    );
  withExamples(
    command,
    'show npm --filter react',
    'show pip --older-than 90d --json',
    'show cargo --not-newest --larger-than 1MB',
  );
};
