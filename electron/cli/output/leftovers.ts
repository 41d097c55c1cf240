import type { Leftover } from '../../../shared/model.ts';
import { age, bytes, count, counted, place, verdictWords } from '../../../shared/words.ts';
import type { Terminal } from '../terminal.ts';
import { accent, indented, type Line } from './lines.ts';
import { type Column, table } from './table.ts';

const cleanings = { safe: 'safe to clean', ask: 'only when named', never: 'never cleaned' } as const;
const noTool = 'none known';

const columns = ({ home, now }: Terminal): readonly Column<Leftover>[] => [
  { title: 'Leftover', cell: ({ id }) => id },
  { title: 'Verdict', cell: ({ verdict }) => verdictWords[verdict] },
  { title: 'Cleaning', cell: ({ cleaning }) => cleanings[cleaning] },
  { title: 'Tool', cell: ({ tool }) => tool ?? noTool },
  { title: 'Since', cell: ({ since }) => age(since, now()) },
  { title: 'Size', cell: (leftover) => bytes(leftover.bytes?.allocated), align: 'right' },
  { title: 'Files', cell: ({ files }) => count(files), align: 'right' },
  { title: 'Place', cell: ({ path }) => place(path, home), shrinks: true },
];

/** By tool, in the order of their names, what no tool knows last; each in the order in which it was found. */
const byTool = (leftovers: readonly Leftover[]): readonly Leftover[] => {
  const key = ({ tool }: Leftover): string => (tool === null ? '1' : `0${tool}`);
  return leftovers.toSorted((one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0));
};

/** What it is, why we think so, and, where we do not clean it by ourselves, what its tool would do about it. */
const about = ({ what, original, evidence, remedy, cleaning }: Leftover, home: string): readonly string[] => [
  `${what}${original === null ? '' : `: it was ${place(original, home)}`}.`,
  ...evidence,
  ...(remedy === null || cleaning === 'safe' ? [] : [`What helps: ${remedy}`]),
];

/** Those of each tool together, each on a line with what is known of it below. */
export const leftoversLines = (
  leftovers: readonly Leftover[],
  terminal: Terminal,
  room: number | null,
): readonly Line[] => {
  if (leftovers.length === 0) return ['There are no leftovers.'];
  const sorted = byTool(leftovers);
  const [titles = '', ...rows] = table(columns(terminal), sorted, room);
  const safe = leftovers.filter(({ cleaning }) => cleaning === 'safe').length;
  return [
    titles,
    ...sorted.flatMap((leftover, at) => [rows[at] ?? '', ...indented(about(leftover, terminal.home), '    ')]),
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
  const told = (word: string, leftover: Leftover): readonly Line[] => [
    accent(
      `${word} ${leftover.id}: ${place(leftover.path, home)}, ${verdictWords[leftover.verdict]}, ${cleanings[leftover.cleaning]}`,
    ),
    ...indented(about(leftover, home), '    '),
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
