import { accent, type Line } from './lines.ts';
import { printable } from './printable.ts';
import { shorten, widthOf } from './width.ts';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  readonly align?: 'right';
  /** Gives way on a narrow terminal: its middle is left out. */
  readonly shrinks?: true;
}

const gap = '  ';
const narrowest = 12;

/** How wide each column is, the shrinking ones less than they would like when the room is not enough. */
const widthsIn = (wanted: readonly number[], shrinks: readonly boolean[], room: number): readonly number[] => {
  let excess = wanted.reduce((sum, width) => sum + width, gap.length * (wanted.length - 1)) - room;
  return wanted.map((width, at) => {
    if (excess <= 0 || !shrinks[at]) return width;
    const given = Math.max(Math.min(width, narrowest), width - excess);
    excess -= width - given;
    return given;
  });
};

/**
 * Aligned columns under their titles; the first line is the titles, then one a row. A column in which no row has
 * anything is left out. `room`: the terminal's columns, or null where nothing may be shortened (a pipe, a file).
 */
export const table = <Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  room: number | null,
): readonly Line[] => {
  const filled = columns
    .map((column) => ({ ...column, cells: rows.map((row) => printable(column.cell(row))) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const wanted = filled.map(({ title, cells }) =>
    cells.reduce((most, cell) => Math.max(most, widthOf(cell)), title.length),
  );
  const widths =
    room === null
      ? wanted
      : widthsIn(
          wanted,
          filled.map(({ shrinks }) => shrinks === true),
          room,
        );
  const lineOf = (cellOf: (column: (typeof filled)[number]) => string): string =>
    filled
      .map((column, at) => {
        const width = widths[at] ?? 0;
        const cell = column.shrinks ? shorten(cellOf(column), width) : cellOf(column);
        const padding = ' '.repeat(Math.max(0, width - widthOf(cell)));
        return column.align === 'right' ? padding + cell : cell + padding;
      })
      .join(gap)
      .trimEnd();
  return [accent(lineOf(({ title }) => title)), ...rows.map((_, at) => lineOf(({ cells }) => cells[at] ?? ''))];
};

/** The room a table has on this stream. */
export const roomOf = (stream: { readonly isTTY: boolean; readonly columns: number }): number | null =>
  stream.isTTY ? stream.columns : null;
