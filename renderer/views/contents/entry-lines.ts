import type { Range } from '../../widgets/selection.ts';

/** Names in the order of their rows, with how many rows each has. */
export interface Names {
  readonly names: readonly (string | null)[];
  readonly entries: readonly number[];
  readonly bytes: readonly number[];
  readonly newest: readonly (number | null)[];
}

/** One line of the table: a row of its own, or a name that stands for several. */
export type EntryLine =
  | { readonly kind: 'row'; readonly row: number; readonly level: number }
  | { readonly kind: 'name'; readonly name: number; readonly rows: Range; readonly isOpen: boolean };

/** The lines of a table of entries, of which there may be a million. */
export interface EntryLines {
  readonly count: number;
  readonly at: (line: number) => EntryLine;
}

/** One line for each row. */
export const flatLines = (rows: number): EntryLines => ({
  count: rows,
  at: (line) => ({ kind: 'row', row: line, level: 1 }),
});

/** A line for each name, and below those that are `open` one for each of their rows. A name of one row is that row. */
export const namedLines = (
  { names, entries }: Pick<Names, 'names' | 'entries'>,
  open: ReadonlySet<string>,
): EntryLines => {
  // For each line its name, and its row; -1 where it is the name itself.
  const nameOf: number[] = [];
  const rowOf: number[] = [];
  const starts = new Uint32Array(names.length + 1);
  for (let name = 0; name < names.length; name += 1) {
    const start = starts[name] ?? 0;
    const rows = entries[name] ?? 0;
    starts[name + 1] = start + rows;
    nameOf.push(name);
    rowOf.push(rows === 1 ? start : -1);
    if (rows === 1 || !open.has(keyOfName(names[name] ?? null))) continue;
    for (let row = start; row < start + rows; row += 1) {
      nameOf.push(name);
      rowOf.push(row);
    }
  }
  return {
    count: nameOf.length,
    at: (line) => {
      const name = nameOf[line] ?? 0;
      const row = rowOf[line] ?? 0;
      if (row >= 0) return { kind: 'row', row, level: (entries[name] ?? 0) === 1 ? 1 : 2 };
      const isOpen = open.has(keyOfName(names[name] ?? null));
      return { kind: 'name', name, rows: [starts[name] ?? 0, starts[name + 1] ?? 0], isOpen };
    },
  };
};

/** By what a name is remembered to be open; those without one are one as well. */
export const keyOfName = (name: string | null): string => (name === null ? 'none' : `name ${name}`);

/** The rows that a line stands for. */
export const rowsOfLine = (line: EntryLine): Range => (line.kind === 'name' ? line.rows : [line.row, line.row + 1]);
