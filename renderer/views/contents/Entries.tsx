import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { EntryFilter } from '../../../shared/filter.ts';
import type { Cache, EntryView } from '../../../shared/model.ts';
import { counted } from '../../../shared/words.ts';
import { useCommand } from '../../state/commands.ts';
import { sizeOf } from '../../state/sums.ts';
import { search } from '../../state/ui.ts';
import { Button } from '../../widgets/Button.tsx';
import { Empty } from '../../widgets/Empty.tsx';
import { type Ranges, size } from '../../widgets/selection.ts';
import { useWidth } from '../../widgets/useWidth.ts';
import { useBytes } from '../../widgets/values.tsx';
import { begin, beginEntries } from '../clearing/begin.ts';
import { EntryDetail } from './EntryCell.tsx';
import { EntryFoot } from './EntryFoot.tsx';
import { EntryGrid } from './EntryGrid.tsx';
import { flatLines, namedLines, rowsOfLine } from './entry-lines.ts';
import type { EntrySession } from './entry-session.ts';
import { FilterBar } from './FilterBar.tsx';
import { Pill } from './FilterPill.tsx';
import { filterWords } from './filter-words.ts';
import { Reason } from './Reason.tsx';
import { useChosen } from './useChosen.ts';
import { useSession } from './useContents.ts';
import { useSummary } from './useSummary.ts';
import './Entries.css';

const none: Ranges = [];

/** Which entries a person wants to see, besides the words that they search for. */
export interface Looking {
  readonly where: EntryFilter;
  readonly grouped: boolean;
}

interface Props {
  readonly cache: Cache;
  readonly session: EntrySession;
  readonly words: string;
  readonly looking: Looking;
  readonly onLooking: (looking: Looking) => void;
  /** This tab is the one that is looked at. */
  readonly shown: boolean;
}

/** What a cache holds, in its tool's own terms. */
export const Entries = (props: Props) => {
  const { session, words, looking, shown: looked } = props;
  useSession(session);
  useEffect(() => {
    if (looked) session.arrange({ filter: words, ...looking });
  }, [session, looked, words, looking]);
  const { shown, error } = session;
  if (error) return <Empty>{error.message}</Empty>;
  if (shown === null) return <Empty>Reading what is in it…</Empty>;
  return <Table {...props} state={shown} />;
};

const datesOf = ({ columns }: EntryView): 'used' | 'made' | null =>
  columns.includes('lastUsed') ? 'used' : columns.includes('created') ? 'made' : null;

const Table = ({
  cache,
  session,
  words,
  looking,
  onLooking,
  shown: looked,
  state,
}: Props & { readonly state: EntryView }) => {
  const { ref, width } = useWidth<HTMLDivElement>();
  const box = useRef<HTMLDivElement>(null);
  const bytes = useBytes();
  const summary = useSummary(state);
  const { names } = session;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const lines = useMemo(
    () => (names === null ? flatLines(state.matching) : namedLines(names, open)),
    [names, open, state.matching],
  );
  // Other rows at the same places: what was chosen there means nothing any more.
  const rowsKey = `${state.view} ${state.revision}`;
  const [chosen, setChosen] = useState({ rowsKey, ranges: none });
  const ranges = chosen.rowsKey === rowsKey ? chosen.ranges : none;
  const choose = useCallback((next: Ranges) => setChosen({ rowsKey, ranges: next }), [rowsKey]);
  const [at, setAt] = useState(0);
  const current = Math.min(at, Math.max(0, lines.count - 1));
  const { top } = session;
  useLayoutEffect(() => {
    if (top === 0) return;
    setAt(0);
    box.current?.querySelector('.grid')?.scrollTo({ top: 0 });
  }, [top]);

  const chosenSum = useChosen(state, ranges);
  const units = cache.units.filter(({ id }) => chosenSum?.units.includes(id));
  const count = size(ranges);
  const clearChosen = (): void => {
    if (!chosenSum?.fresh) return;
    if (!cache.parts) return void begin(units.map((unit) => ({ kind: 'unit', cache, unit })));
    const { view, revision } = state;
    beginEntries(cache, count, [{ view, revision, ranges: ranges.map(([from, to]) => [from, to]) }]);
  };
  const { filter, where } = session.wish;
  const clearShown = (): void =>
    beginEntries(cache, state.matching, [{ entriesOf: cache.id, where, ...(filter !== '' && { filter }) }]);
  const canClear = cache.problem === null && state.done && cache.parts && session.isSettled;
  useCommand('select-all', () => choose([[0, state.matching]]), looked && state.done && state.matching > 0);
  useCommand('clear', clearChosen, looked && units.length > 0);
  useCommand('clear', clearShown, looked && canClear && count === 0 && !session.isWhole && state.matching > 0);

  const line = lines.count > 0 ? lines.at(current) : null;
  const dated = datesOf(state);
  const saying = filterWords(where, filter, { used: dated !== 'made', bytes });
  return (
    <div
      className="entries"
      ref={(element) => {
        box.current = element;
        return ref(element);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && count > 0) {
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
      <div className="entries-top">
        {summary === null ? (
          <p className="entries-reason" />
        ) : (
          <Reason
            summary={summary}
            onDisk={sizeOf(cache).allocated}
            dated={dated}
            onOld={(olderThanMs) => onLooking({ ...looking, where: { ...looking.where, olderThanMs } })}
          />
        )}
        {state.columns.includes('name') && (
          <Pill on={looking.grouped} onChange={(grouped) => onLooking({ ...looking, grouped })}>
            group by name
          </Pill>
        )}
      </div>
      <FilterBar
        cache={cache}
        state={state}
        words={words}
        where={looking.where}
        onWhere={(next) => onLooking({ ...looking, where: next })}
      />
      {state.matching === 0 ? (
        <Nothing
          state={state}
          filter={filter}
          saying={saying}
          onAll={() => {
            onLooking({ ...looking, where: {} });
            search('');
          }}
        />
      ) : (
        <EntryGrid
          session={session}
          state={state}
          lines={lines}
          width={width}
          current={current}
          onCurrent={setAt}
          ranges={ranges}
          onRanges={choose}
          onFold={(name, to) => {
            const next = new Set(open);
            if (to) next.add(name);
            else next.delete(name);
            setOpen(next);
          }}
        />
      )}
      <EntryDetail entry={line === null ? undefined : session.row(rowsOfLine(line)[0])} />
      <EntryFoot
        cache={cache}
        state={state}
        saying={session.isWhole ? null : saying}
        settled={session.isSettled}
        chosen={count}
        sum={chosenSum}
        units={units}
        onNone={() => choose(none)}
        onClear={clearChosen}
        onClearShown={clearShown}
      />
    </div>
  );
};

interface NothingProps {
  readonly state: EntryView;
  readonly filter: string;
  readonly saying: string;
  readonly onAll: () => void;
}

const Nothing = ({ state, filter, saying, onAll }: NothingProps) => {
  if (!state.done) return <Empty>Reading what is in it…</Empty>;
  if (saying === '' || state.all === 0) return <Empty>There is nothing in it.</Empty>;
  const all = counted(state.all, 'entry', 'entries');
  const isWords = saying === filterWords({}, filter, { used: true, bytes: String });
  return (
    <Empty action={<Button onClick={onAll}>Show all entries</Button>}>
      {isWords ? `None of ${all} matches “${filter}”.` : `Of ${all} none fits:${saying}.`}
    </Empty>
  );
};
