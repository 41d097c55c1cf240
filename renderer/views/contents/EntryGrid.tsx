import { useCallback, useMemo } from 'react';
import { type EntryView, entryColumns } from '../../../shared/model.ts';
import { type Choice, type Column, Grid } from '../../widgets/Grid.tsx';
import { add, type Range, type Ranges, remove } from '../../widgets/selection.ts';
import { EntryCell, NameCell } from './EntryCell.tsx';
import { type EntryLines, keyOfName, rowsOfLine } from './entry-lines.ts';
import type { EntrySession } from './entry-session.ts';

type Name = (typeof entryColumns)[number];

const columns: Readonly<Record<Name, Column>> = {
  name: { id: 'name', label: 'Name', width: 'minmax(150px, 3fr)', sortable: true },
  version: { id: 'version', label: 'Version', width: 'minmax(70px, 1fr)', sortable: true },
  kind: { id: 'kind', label: 'Kind', width: 'minmax(80px, 1fr)', sortable: true, optional: true },
  unit: { id: 'unit', label: 'Stands in', width: 'minmax(90px, 1fr)', sortable: true, optional: true },
  usedBy: { id: 'usedBy', label: 'Used by', width: 'minmax(80px, 1fr)', sortable: true },
  bytes: { id: 'bytes', label: 'Size', width: '140px', align: 'end', sortable: true },
  created: { id: 'created', label: 'Created', width: '104px', sortable: true, optional: true },
  lastUsed: { id: 'lastUsed', label: 'Last used', width: '104px', sortable: true },
};
const upFirst: ReadonlySet<Name> = new Set(['name', 'version', 'kind', 'unit', 'usedBy']);
const isName = (id: string): id is Name => entryColumns.some((name) => name === id);
/** Where the window is narrower than this (CSS pixels), some columns and the bars are left out. */
const wide = 760;

interface Props {
  readonly session: EntrySession;
  readonly state: EntryView;
  readonly lines: EntryLines;
  readonly width: number;
  readonly current: number;
  readonly onCurrent: (line: number) => void;
  readonly ranges: Ranges;
  readonly onRanges: (ranges: Ranges) => void;
  readonly onFold: (name: string, open: boolean) => void;
}

const within = (ranges: Ranges, [from, to]: Range): boolean =>
  ranges.some(([start, end]) => start <= from && to <= end);

/** Entries as a table, or as a tree of names. */
export const EntryGrid = (props: Props) => {
  const { session, state, lines, width, current, ranges, onRanges, onFold } = props;
  const { names } = session;
  const isWide = width > wide;
  const shown = useMemo(
    () =>
      entryColumns
        .filter((name) => name === 'name' || state.columns.includes(name))
        .map((name) => columns[name])
        .filter(({ optional }) => !optional || isWide)
        .map((column) => (column.id === 'bytes' && !isWide ? { ...column, width: '80px' } : column)),
    [state.columns, isWide],
  );
  const most = names === null ? state.most : names.bytes.reduce((largest, bytes) => Math.max(largest, bytes), 0);
  const onRange = useCallback(
    (from: number, to: number): void => {
      if (names === null) {
        session.look(from, to);
        return;
      }
      const rows: number[] = [];
      for (let at = from; at < Math.min(to, lines.count); at += 1) {
        const line = lines.at(at);
        if (line.kind === 'row') rows.push(line.row);
      }
      session.lookAt(rows.sort((a, b) => a - b));
    },
    [session, names, lines],
  );
  const rowsAt = (line: number): Range => rowsOfLine(lines.at(line));
  const select = (line: number, choice: Choice, from: number): void => {
    const rows = rowsAt(line);
    if (choice === 'only') onRanges([rows]);
    else if (choice === 'toggle') onRanges(within(ranges, rows) ? remove(ranges, rows) : add(ranges, rows));
    else {
      const anchor = rowsAt(from);
      onRanges([[Math.min(rows[0], anchor[0]), Math.max(rows[1], anchor[1])]]);
    }
  };
  const nameAt = (line: number): number | null => {
    const found = lines.at(line);
    return found.kind === 'name' ? found.name : null;
  };
  const fold = (line: number, open: boolean): void => {
    const name = nameAt(line);
    if (name !== null) onFold(keyOfName(names?.names[name] ?? null), open);
  };
  const tree = names !== null && {
    level: (line: number) => {
      const found = lines.at(line);
      return found.kind === 'row' ? found.level : 1;
    },
    expanded: (line: number) => {
      const found = lines.at(line);
      return found.kind === 'name' ? found.isOpen : undefined;
    },
    onExpand: fold,
    onOpen: (line: number) => {
      const found = lines.at(line);
      if (found.kind === 'name') fold(line, !found.isOpen);
    },
  };
  return (
    <Grid
      label="Entries"
      columns={shown}
      count={lines.count}
      current={current}
      onCurrent={props.onCurrent}
      rowHeight={28}
      isSelected={(line) => ranges.length > 0 && within(ranges, rowsAt(line))}
      // While entries are read, others come to the same places: what is chosen would not stay so.
      {...(state.done && { onSelect: select })}
      {...tree}
      sort={session.wish.order}
      onSort={(by) => {
        if (!isName(by)) return;
        const { order } = session.wish;
        session.arrange({ order: { by, descending: order.by === by ? !order.descending : !upFirst.has(by) } });
      }}
      onRange={onRange}
      cell={(at, column) => {
        const line = lines.at(at);
        if (line.kind === 'name' && names !== null) {
          return (
            <NameCell
              names={names}
              name={line.name}
              column={column}
              most={isWide ? most : null}
              dated={state.columns.includes('lastUsed') ? 'lastUsed' : 'created'}
              open={line.isOpen}
              onToggle={() => fold(at, !line.isOpen)}
            />
          );
        }
        const row = line.kind === 'row' ? line.row : line.rows[0];
        const level = names === null ? 0 : line.kind === 'row' ? line.level : 1;
        return <EntryCell entry={session.row(row)} column={column} most={isWide ? most : null} level={level} />;
      }}
    />
  );
};
