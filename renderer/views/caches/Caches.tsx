import { useMemo, useState } from 'react';
import type { CacheId } from '../../../shared/ids.ts';
import { counted } from '../../../shared/words.ts';
import { desktop } from '../../bridge/desktop.ts';
import { copy, measure, reveal } from '../../state/actions.ts';
import { useCommand } from '../../state/commands.ts';
import { useNow } from '../../state/connection.ts';
import { sizeOf } from '../../state/sums.ts';
import { goTo, openDialog, search, useUi } from '../../state/ui.ts';
import { Button } from '../../widgets/Button.tsx';
import { Empty } from '../../widgets/Empty.tsx';
import { type Choice, type Column, Grid } from '../../widgets/Grid.tsx';
import { useWidth } from '../../widgets/useWidth.ts';
import { begin } from '../clearing/begin.ts';
import { CacheCell } from './CacheCell.tsx';
import { Chosen } from './Chosen.tsx';
import { type CacheOrder, concerns, found, kept } from './condition.ts';
import { isThere, type Row, rowId, rowsOf } from './rows.ts';
import { useOrder } from './useOrder.ts';

const columns: readonly Column[] = [
  { id: 'name', label: 'Cache', width: 'minmax(118px, 1fr)', sortable: true },
  { id: 'place', label: 'Place', width: 'minmax(96px, 1.3fr)', sortable: true },
  { id: 'bar', label: 'Share', quiet: true, width: 'minmax(40px, 90px)', optional: true },
  { id: 'size', label: 'Size', width: '76px', align: 'end', sortable: true },
  { id: 'back', label: 'Comes back', width: '84px', align: 'end', optional: true },
  { id: 'entries', label: 'Files', width: '76px', align: 'end', sortable: true, optional: true },
  { id: 'used', label: 'Last used', width: '92px', sortable: true },
  { id: 'state', label: 'State', width: 'minmax(84px, 1.2fr)' },
  { id: 'clear', label: 'Clear', quiet: true, width: '70px', align: 'end' },
];

/** How each column is sorted at the first click: what a person looks for first. */
const downFirst: ReadonlySet<string> = new Set(['size', 'entries']);

/** Every cache of this machine, largest first. */
export const Caches = () => {
  const caches = useNow((now) => now.caches);
  const canReveal = useNow(({ door }) => door.reveal);
  const text = useUi((ui) => ui.search);
  const [sort, setSort] = useState<{ readonly by: CacheOrder; readonly descending: boolean }>({
    by: 'size',
    descending: true,
  });
  const [open, setOpen] = useState<ReadonlySet<CacheId>>(new Set());
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [currentId, setCurrentId] = useState<string | null>(null);
  const { ref, width } = useWidth<HTMLDivElement>();
  const shared = caches.some((cache) => sizeOf(cache).reclaimable !== sizeOf(cache).allocated);

  const order = useOrder(caches, sort);
  const operations = useNow((now) => now.operations);
  const [withAbsent, setWithAbsent] = useState(false);
  // Whoever types a tool's name wants to see it, there or not.
  const listed = useMemo(
    () => (withAbsent || text !== '' ? caches : caches.filter((cache) => concerns(cache, operations))),
    [caches, operations, withAbsent, text],
  );
  const shown = useMemo(() => rowsOf(kept(found(listed, text), order), open), [listed, text, order, open]);
  const most = useMemo(() => Math.max(0, ...caches.map((cache) => sizeOf(cache).allocated ?? 0)), [caches]);
  const at = shown.findIndex((row) => rowId(row) === currentId);
  const current = Math.max(0, at);
  const row = shown[current];
  // What has been cleared is not chosen any more.
  const picked = shown.filter((it) => chosen.has(rowId(it)) && isThere(it));
  // What a command is about: the chosen lines, or else the one that the keyboard is at.
  const meant = picked.length > 0 ? picked : row ? [row] : [];

  const select = (index: number, choice: Choice, from: number): void => {
    const id = (it: Row | undefined): string[] => (it ? [rowId(it)] : []);
    if (choice === 'only') setChosen(new Set());
    else if (choice === 'range') {
      setChosen(new Set(shown.slice(Math.min(index, from), Math.max(index, from) + 1).map(rowId)));
    } else {
      const [one] = id(shown[index]);
      if (one !== undefined) setChosen(new Set(chosen).symmetricDifference(new Set([one])));
    }
  };
  const expand = (index: number, opened: boolean): void => {
    const cache = shown[index]?.cache.id;
    if (cache === undefined) return;
    const next = new Set(open);
    if (opened) next.add(cache);
    else next.delete(cache);
    setOpen(next);
  };
  const look = (index: number): void => {
    const there = shown[index];
    if (there && there.cache.problem === null) goTo({ view: 'contents', cache: there.cache.id, tab: 'entries' });
    else if (there) goTo({ view: 'contents', cache: there.cache.id, tab: 'about' });
  };
  const place = row ? (row.kind === 'cache' ? row.cache.root : row.unit.path) : '';

  useCommand('open', () => look(current), row !== undefined);
  useCommand('clear', () => void begin(meant), meant.length > 0);
  useCommand('measure', () => void measure(meant.map(({ cache }) => cache.id)), meant.length > 0);
  useCommand('select-all', () => setChosen(new Set(shown.map(rowId))), shown.length > 0);
  useCommand('copy-path', () => void copy(place, 'Path'), row !== undefined);
  useCommand(
    'reveal',
    () => row && void reveal(row.kind === 'cache' ? { cache: row.cache.id } : { unit: row.unit.id }),
    row !== undefined && canReveal,
  );

  const add = <Button onClick={() => openDialog('add-folder')}>Add a folder…</Button>;
  const absent = caches.length - listed.length;
  const others = (absent > 0 || withAbsent) && (
    <Button tone="link" onClick={() => setWithAbsent(!withAbsent)}>
      {withAbsent ? 'Only what is here' : `${counted(absent, 'other tool')} not on this machine`}
    </Button>
  );
  const title = <h1 className="hidden-words">Caches</h1>;
  if (listed.length === 0) {
    return (
      <>
        {title}
        <Empty
          action={
            <>
              {add} {others}
            </>
          }
        >
          No cache of a known tool is on this machine.
        </Empty>
      </>
    );
  }
  if (shown.length === 0) {
    return (
      <>
        {title}
        <Empty action={<Button onClick={() => search('')}>Show all caches</Button>}>No cache matches “{text}”.</Empty>
      </>
    );
  }
  return (
    <div className="caches" ref={ref}>
      {title}
      <Grid
        label="Caches"
        columns={columns.filter(({ id, optional }) => (!optional || width > 900) && (id !== 'back' || shared))}
        count={shown.length}
        current={current}
        onCurrent={(index) => setCurrentId(shown[index] ? rowId(shown[index]) : null)}
        rowKey={(index) => (shown[index] ? rowId(shown[index]) : String(index))}
        rowHeight={36}
        isSelected={(index) => shown[index] !== undefined && picked.includes(shown[index])}
        onSelect={select}
        sort={sort}
        onSort={(id) => {
          const by = id as CacheOrder;
          setSort({ by, descending: sort.by === by ? !sort.descending : downFirst.has(by) });
        }}
        onOpen={look}
        level={(index) => (shown[index]?.kind === 'unit' ? 2 : 1)}
        expanded={(index) => {
          const it = shown[index];
          return it?.kind === 'cache' && it.cache.units.length > 0 ? open.has(it.cache.id) : undefined;
        }}
        onExpand={expand}
        onContextMenu={() => desktop?.contextMenu(['open', 'clear', 'measure', 'reveal', 'copy-path'])}
        cell={(index, column) => {
          const it = shown[index];
          if (!it) return null;
          return (
            <CacheCell
              row={it}
              column={column}
              most={most}
              open={it.kind === 'cache' && open.has(it.cache.id)}
              onExpand={(opened) => expand(index, opened)}
              onOpen={() => look(index)}
            />
          );
        }}
      />
      <Chosen rows={picked} onNone={() => setChosen(new Set())} add={add} others={others} />
    </div>
  );
};
