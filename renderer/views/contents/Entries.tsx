import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { type Cache, type EntryView, entryColumns } from '../../../shared/model.ts';
import { counted } from '../../../shared/words.ts';
import { useCommand } from '../../state/commands.ts';
import { search } from '../../state/ui.ts';
import { Button } from '../../widgets/Button.tsx';
import { Empty } from '../../widgets/Empty.tsx';
import { type Choice, type Column, Grid } from '../../widgets/Grid.tsx';
import { has, type Ranges, size, toggle } from '../../widgets/selection.ts';
import { useWidth } from '../../widgets/useWidth.ts';
import { begin } from '../clearing/begin.ts';
import { EntryCell, EntryDetail } from './EntryCell.tsx';
import { EntryFoot } from './EntryFoot.tsx';
import type { EntrySession } from './entry-session.ts';
import { useChosen } from './useChosen.ts';
import { useSession } from './useContents.ts';
import './Entries.css';

type Name = (typeof entryColumns)[number];

const columns: Readonly<Record<Name, Column>> = {
  name: { id: 'name', label: 'Name', width: 'minmax(150px, 3fr)', sortable: true },
  version: { id: 'version', label: 'Version', width: 'minmax(70px, 1fr)', sortable: true },
  kind: { id: 'kind', label: 'Kind', width: 'minmax(80px, 1fr)', sortable: true, optional: true },
  unit: { id: 'unit', label: 'Stands in', width: 'minmax(90px, 1fr)', sortable: true, optional: true },
  bytes: { id: 'bytes', label: 'Size', width: '80px', align: 'end', sortable: true },
  created: { id: 'created', label: 'Created', width: '104px', sortable: true, optional: true },
  lastUsed: { id: 'lastUsed', label: 'Last used', width: '104px', sortable: true },
};
const upFirst: ReadonlySet<Name> = new Set(['name', 'version', 'kind', 'unit']);
const isName = (id: string): id is Name => entryColumns.some((name) => name === id);
const always: ReadonlySet<Name> = new Set(['name', 'bytes']);
const none: Ranges = [];

interface Props {
  readonly cache: Cache;
  readonly session: EntrySession;
  readonly words: string;
  /** This tab is the one that is looked at. */
  readonly shown: boolean;
}

/** What a cache holds, in its tool's own terms. */
export const Entries = (props: Props) => {
  const { session, words, shown: looked } = props;
  useSession(session);
  useEffect(() => {
    if (looked) session.arrange(words, session.order);
  }, [session, looked, words]);
  const { shown, error } = session;
  if (error) return <Empty>{error.message}</Empty>;
  if (shown === null) return <Empty>Reading what is in it…</Empty>;
  return <Table {...props} state={shown} />;
};

const Table = ({ cache, session, shown: looked, state }: Props & { readonly state: EntryView }) => {
  const { ref, width } = useWidth<HTMLDivElement>();
  const box = useRef<HTMLDivElement>(null);
  // Other rows at the same places: what was chosen there means nothing any more.
  const rowsKey = `${state.view} ${state.revision}`;
  const [chosen, setChosen] = useState({ rowsKey, ranges: none });
  const ranges = chosen.rowsKey === rowsKey ? chosen.ranges : none;
  const choose = useCallback((next: Ranges) => setChosen({ rowsKey, ranges: next }), [rowsKey]);
  const [at, setAt] = useState(0);
  const current = Math.min(at, Math.max(0, state.matching - 1));
  const { top } = session;
  useLayoutEffect(() => {
    if (top === 0) return;
    setAt(0);
    box.current?.querySelector('.grid')?.scrollTo({ top: 0 });
  }, [top]);

  const shownColumns = useMemo(
    () =>
      entryColumns
        .filter((name) => always.has(name) || state.columns.includes(name))
        .map((name) => columns[name])
        .filter(({ optional }) => !optional || width > 760),
    [state.columns, width],
  );
  const select = (index: number, choice: Choice, from: number): void => {
    if (choice === 'only') choose([[index, index + 1]]);
    else if (choice === 'toggle') choose(toggle(ranges, index));
    else choose([[Math.min(index, from), Math.max(index, from) + 1]]);
  };
  const chosenSum = useChosen(state, ranges);
  const units = cache.units.filter(({ id }) => chosenSum?.units.includes(id));
  const clear = (): void => {
    if (chosenSum?.fresh) void begin(units.map((unit) => ({ kind: 'unit', cache, unit })));
  };
  useCommand('select-all', () => choose([[0, state.matching]]), looked && state.done && state.matching > 0);
  useCommand('clear', clear, looked && units.length > 0);

  return (
    <div
      className="entries"
      ref={(element) => {
        box.current = element;
        return ref(element);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && size(ranges) > 0) {
          event.preventDefault();
          choose(none);
        }
      }}
    >
      {state.problem !== null && (
        <p className="contents-problem" role="status">
          Not all could be read: {state.problem}
        </p>
      )}
      {state.matching === 0 ? (
        <Nothing state={state} filter={session.filter} />
      ) : (
        <Grid
          label="Entries"
          columns={shownColumns}
          count={state.matching}
          current={current}
          onCurrent={setAt}
          rowHeight={28}
          isSelected={(index) => has(ranges, index)}
          // While entries are read, others come to the same places: what is chosen would not stay so.
          {...(state.done && { onSelect: select })}
          sort={session.order}
          onSort={(by) => {
            if (!isName(by)) return;
            const { order } = session;
            session.arrange(session.filter, {
              by,
              descending: order.by === by ? !order.descending : !upFirst.has(by),
            });
          }}
          onRange={session.look}
          cell={(index, column) => <EntryCell entry={session.row(index)} column={column} />}
        />
      )}
      <EntryDetail entry={state.matching > 0 ? session.row(current) : undefined} />
      <EntryFoot
        state={state}
        filtered={session.filter !== ''}
        chosen={size(ranges)}
        sum={chosenSum}
        units={units}
        onNone={() => choose(none)}
        onClear={clear}
      />
    </div>
  );
};

const Nothing = ({ state, filter }: { readonly state: EntryView; readonly filter: string }) => {
  if (!state.done) return <Empty>Reading what is in it…</Empty>;
  if (filter === '' || state.all === 0) return <Empty>There is nothing in it.</Empty>;
  return (
    <Empty action={<Button onClick={() => search('')}>Show all entries</Button>}>
      None of {counted(state.all, 'entry', 'entries')} matches “{filter}”.
    </Empty>
  );
};
