import { expect, test } from 'vitest';
import { flatLines, keyOfName, namedLines, rowsOfLine } from './entry-lines.ts';

const names = { names: ['react', null, 'lone'], entries: [3, 2, 1] };
const shown = (open: readonly string[]) => {
  const lines = namedLines(names, new Set(open));
  return Array.from({ length: lines.count }, (_, at) => lines.at(at));
};

test('in a list each row is a line', () => {
  const lines = flatLines(1_000_000);
  expect([lines.count, lines.at(999_999)]).toEqual([1_000_000, { kind: 'row', row: 999_999, level: 1 }]);
});

test('a name stands for its rows, and one of a single row is that row', () => {
  expect(shown([])).toEqual([
    { kind: 'name', name: 0, rows: [0, 3], isOpen: false },
    { kind: 'name', name: 1, rows: [3, 5], isOpen: false },
    { kind: 'row', row: 5, level: 1 },
  ]);
  expect(shown([]).map(rowsOfLine)).toEqual([
    [0, 3],
    [3, 5],
    [5, 6],
  ]);
});

test('an opened name has its rows below it, and no other has', () => {
  expect(shown([keyOfName('react')])).toEqual([
    { kind: 'name', name: 0, rows: [0, 3], isOpen: true },
    { kind: 'row', row: 0, level: 2 },
    { kind: 'row', row: 1, level: 2 },
    { kind: 'row', row: 2, level: 2 },
    { kind: 'name', name: 1, rows: [3, 5], isOpen: false },
    { kind: 'row', row: 5, level: 1 },
  ]);
  expect(shown([keyOfName(null)]).map((line) => (line.kind === 'row' ? line.row : 'name'))).toEqual([
    'name',
    'name',
    3,
    4,
    5,
  ]);
  // A package may be called as nothing is: it is another one.
  expect(shown([keyOfName('none'), keyOfName('lone')])).toEqual(shown([]));
});
