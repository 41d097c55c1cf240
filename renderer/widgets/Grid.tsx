import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import './Grid.css';

export interface Column {
  readonly id: string;
  readonly label: string;
  /** Its label is for screen readers: what stands in it says to eyes what it is. */
  readonly quiet?: boolean;
  /** A CSS grid track: `minmax(120px, 1fr)`, `90px`. */
  readonly width: string;
  readonly align?: 'end';
  readonly sortable?: boolean;
  /** Left out where the window is narrow. */
  readonly optional?: boolean;
}

export interface Sort {
  readonly by: string;
  readonly descending: boolean;
}

/** How a row was pointed at: alone, in addition, or up to here from where the last one was. */
export type Choice = 'only' | 'toggle' | 'range';

interface Props {
  readonly label: string;
  readonly columns: readonly Column[];
  readonly count: number;
  /** The row that the keyboard is at. */
  readonly current: number;
  readonly onCurrent: (index: number) => void;
  readonly cell: (index: number, column: string) => ReactNode;
  readonly isSelected?: (index: number) => boolean;
  readonly onSelect?: (index: number, choice: Choice, from: number) => void;
  readonly sort?: Sort;
  readonly onSort?: (column: string) => void;
  readonly onOpen?: (index: number) => void;
  readonly onContextMenu?: (index: number) => void;
  /** Tree rows: their depth from 1 and whether they are open; `undefined` expanded: nothing below. */
  readonly level?: (index: number) => number;
  readonly expanded?: (index: number) => boolean | undefined;
  readonly onExpand?: (index: number, open: boolean) => void;
  readonly rowKey?: (index: number) => string;
  readonly rowHeight?: number;
  /** Words for the row that a screen reader hears first. */
  readonly rowLabel?: (index: number) => string;
  /** Which rows are on screen, for who fetches them. */
  readonly onRange?: (from: number, to: number) => void;
}

/**
 * A table of any number of rows, of which only those on screen exist. One stop for the keyboard: the table keeps the
 * focus and says which row it is at, so nothing is lost when that row is scrolled away.
 */
export const Grid = (props: Props) => {
  const { columns, count, current, cell, sort, level, rowHeight = 32 } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const anchor = useRef(current);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, (items.at(-1)?.index ?? -1) + 1];
  const { onRange } = props;
  useEffect(() => onRange?.(first, last), [onRange, first, last]);

  const move = (to: number, event: KeyboardEvent): void => {
    const index = Math.max(0, Math.min(count - 1, to));
    props.onCurrent(index);
    virtual.scrollToIndex(index);
    if (event.shiftKey && props.onSelect) props.onSelect(index, 'range', anchor.current);
    else anchor.current = index;
  };
  const page = (): number => Math.max(1, Math.floor((scroller.current?.clientHeight ?? rowHeight) / rowHeight) - 2);
  const sideways = (open: boolean): boolean => {
    const is = props.expanded?.(current);
    if (!props.onExpand || is === undefined || is === open) return false;
    props.onExpand(current, open);
    return true;
  };
  const toParent = (): number => {
    const own = level?.(current) ?? 1;
    for (let at = current - 1; at >= 0; at -= 1) if ((level?.(at) ?? 1) < own) return at;
    return current;
  };
  const onKey = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget || event.altKey || count === 0) return;
    if ((event.ctrlKey || event.metaKey) && event.key !== 'Home' && event.key !== 'End') return;
    if (event.key === 'ArrowDown') move(current + 1, event);
    else if (event.key === 'ArrowUp') move(current - 1, event);
    else if (event.key === 'Home') move(0, event);
    else if (event.key === 'End') move(count - 1, event);
    else if (event.key === 'PageDown') move(current + page(), event);
    else if (event.key === 'PageUp') move(current - page(), event);
    else if (event.key === 'ArrowRight' && props.onExpand) {
      if (!sideways(true) && props.expanded?.(current)) move(current + 1, event);
    } else if (event.key === 'ArrowLeft' && props.onExpand) {
      if (!sideways(false)) move(toParent(), event);
    } else if (event.key === ' ' && props.onSelect) props.onSelect(current, 'toggle', current);
    else if (event.key === 'Enter' && props.onOpen) props.onOpen(current);
    else if ((event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) && props.onContextMenu)
      props.onContextMenu(current);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onClick = (index: number, event: MouseEvent): void => {
    if ((event.target as Element).closest('button, a, input')) return;
    props.onCurrent(index);
    const choice = event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'only';
    props.onSelect?.(index, choice, anchor.current);
    if (choice !== 'range') anchor.current = index;
  };
  const tracks = columns.map(({ width }) => width).join(' ');
  return (
    <div
      ref={scroller}
      className="grid"
      role={level ? 'treegrid' : 'grid'}
      aria-label={props.label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-multiselectable={props.onSelect ? true : undefined}
      aria-activedescendant={current >= first && current < last ? `${id}-${current}` : undefined}
      tabIndex={0}
      onKeyDown={onKey}
    >
      <div className="grid-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: tracks }}>
        {columns.map((column, at) => (
          <Head key={column.id} column={column} index={at} sort={sort} onSort={props.onSort} />
        ))}
      </div>
      <div className="grid-body" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => (
          <div
            key={props.rowKey?.(index) ?? index}
            id={`${id}-${index}`}
            className="grid-row"
            role="row"
            aria-rowindex={index + 2}
            aria-label={props.rowLabel?.(index)}
            aria-selected={props.onSelect ? (props.isSelected?.(index) ?? false) : undefined}
            aria-level={level?.(index)}
            aria-expanded={props.expanded?.(index)}
            data-current={index === current || undefined}
            style={{ gridTemplateColumns: tracks, height: rowHeight, transform: `translateY(${start}px)` }}
            onClick={(event) => onClick(index, event)}
            onDoubleClick={(event) => {
              if (!(event.target as Element).closest('button, a, input')) props.onOpen?.(index);
            }}
            onContextMenu={(event) => {
              if (!props.onContextMenu) return;
              event.preventDefault();
              props.onCurrent(index);
              props.onContextMenu(index);
            }}
          >
            {columns.map((column, at) => (
              <div
                key={column.id}
                className="grid-cell"
                role="gridcell"
                aria-colindex={at + 1}
                data-align={column.align}
              >
                {cell(index, column.id)}
              </div>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
};

const Head = ({
  column,
  index,
  sort,
  onSort,
}: {
  readonly column: Column;
  readonly index: number;
  readonly sort: Sort | undefined;
  readonly onSort: ((column: string) => void) | undefined;
}) => {
  const sorted = sort?.by === column.id ? (sort.descending ? 'descending' : 'ascending') : undefined;
  return (
    <div
      className="grid-cell"
      role="columnheader"
      aria-colindex={index + 1}
      aria-sort={sorted}
      data-align={column.align}
    >
      {column.sortable && onSort ? (
        <button type="button" className="grid-sort" data-sorted={sorted} onClick={() => onSort(column.id)}>
          {column.label}
        </button>
      ) : (
        <span className={column.quiet ? 'hidden-words' : undefined}>{column.label}</span>
      )}
    </div>
  );
};
