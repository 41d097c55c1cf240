import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textOf } from './lines.ts';
import { type Column, table } from './table.ts';
import { shorten, widthOf } from './width.ts';

interface Row {
  readonly name: string;
  readonly size: string;
  readonly note: string;
}

const columns: readonly Column<Row>[] = [
  { title: 'Name', cell: ({ name }) => name, shrinks: true },
  { title: 'Size', cell: ({ size }) => size, align: 'right' },
  { title: 'Note', cell: ({ note }) => note },
];

const row = (name: string, size: string, note = ''): Row => ({ name, size, note });
const shown = (rows: readonly Row[], room: number | null = null) => table(columns, rows, room).map(textOf);

describe('table', () => {
  it('aligns columns, numbers to the right', () => {
    expect(shown([row('npm', '1.24 GB', 'x'), row('pip-tools', '999 B', 'y')])).toEqual([
      'Name          Size  Note',
      'npm        1.24 GB  x',
      'pip-tools    999 B  y',
    ]);
  });

  it('leaves out a column that is empty in every row, and trailing spaces', () => {
    expect(shown([row('a', '1 B')])).toEqual(['Name  Size', 'a      1 B']);
  });

  it('counts wide characters as two columns', () => {
    expect(shown([row('包', '1 B'), row('abcd', '2 B')])).toEqual(['Name  Size', '包     1 B', 'abcd   2 B']);
  });

  it('escapes what comes from a disk', () => {
    expect(shown([row('a\u001b[2J', '1 B')])[1]).toBe('a\\u{1b}[2J   1 B');
  });

  it('shortens the middle of a column that may shrink, when the room is not enough', () => {
    const rows = [row('/home/ada/.cache/a-very-long-name/_cacache', '1 B')];
    expect(shown(rows, 30)[1]).toBe('/home/ada/.…ame/_cacache   1 B');
    expect(shown(rows, null)[1]).toContain(rows[0]?.name);
  });
});

describe('shorten', () => {
  it('never gives more columns than asked for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, width) => {
        expect(widthOf(shorten(text, width))).toBeLessThanOrEqual(Math.max(width, 0));
      }),
    );
  });
});
