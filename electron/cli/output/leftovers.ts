import type { Leftover } from '../../../shared/model.ts';
import { age, bytes, count, counted, place, verdictWords } from '../../../shared/words.ts';
import type { Terminal } from '../terminal.ts';
import { accent, indented, type Line } from './lines.ts';
import { type Column, table } from './table.ts';

const cleanings = { safe: 'safe to clean', ask: 'only when named', never: 'never cleaned' } as const;
const origins = { ours: 'ours', 'pip-tools': 'pip-tools', unknown: 'unknown' } as const;

const columns = ({ home, now }: Terminal): readonly Column<Leftover>[] => [
  { title: 'Leftover', cell: ({ id }) => id },
  { title: 'Verdict', cell: ({ verdict }) => verdictWords[verdict] },
  { title: 'Cleaning', cell: ({ cleaning }) => cleanings[cleaning] },
  { title: 'Made by', cell: ({ origin }) => origins[origin] },
  { title: 'Since', cell: ({ since }) => age(since, now()) },
  { title: 'Size', cell: (leftover) => bytes(leftover.bytes?.allocated), align: 'right' },
  { title: 'Files', cell: ({ files }) => count(files), align: 'right' },
  { title: 'Place', cell: ({ path }) => place(path, home), shrinks: true },
];

/** Each leftover on a line, with its evidence below it. */
export const leftoversLines = (
  leftovers: readonly Leftover[],
  terminal: Terminal,
  room: number | null,
): readonly Line[] => {
  if (leftovers.length === 0) return ['There are no leftovers.'];
  const [titles = '', ...rows] = table(columns(terminal), leftovers, room);
  const safe = leftovers.filter(({ cleaning }) => cleaning === 'safe').length;
  return [
    titles,
    ...leftovers.flatMap(({ evidence }, at) => [rows[at] ?? '', ...indented(evidence, '    ')]),
    counted(leftovers.length, 'leftover') +
      (safe > 0
        ? `; ${safe === 1 ? 'one is' : `${safe} are`} safe to clean: ${terminal.self} leftovers --clean-safe`
        : '.'),
  ];
};

const changed = (one: Leftover, other: Leftover): boolean =>
  one.verdict !== other.verdict || one.cleaning !== other.cleaning || one.path !== other.path;

/** What is new, what has a new verdict, and what is gone. Sizes alone are no news. */
export const changeLines = (
  before: readonly Leftover[],
  after: readonly Leftover[],
  { home }: Pick<Terminal, 'home'>,
): readonly Line[] => {
  const old = new Map(before.map((leftover) => [leftover.id, leftover]));
  const now = new Set(after.map(({ id }) => id));
  const told = (word: string, { id, path, verdict, cleaning, evidence }: Leftover): readonly Line[] => [
    accent(`${word} ${id}: ${place(path, home)}, ${verdictWords[verdict]}, ${cleanings[cleaning]}`),
    ...indented(evidence, '    '),
  ];
  return [
    ...after.flatMap((leftover) => {
      const known = old.get(leftover.id);
      if (known === undefined) return told('New', leftover);
      return changed(known, leftover) ? told('Changed', leftover) : [];
    }),
    ...before.filter(({ id }) => !now.has(id)).map(({ id, path }) => `Gone ${id}: ${place(path, home)}`),
  ];
};
