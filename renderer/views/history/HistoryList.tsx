import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { OperationId } from '../../../shared/ids.ts';
import type { Operation } from '../../../shared/model.ts';
import { copy, undo } from '../../state/actions.ts';
import { useCommand } from '../../state/commands.ts';
import { useNow } from '../../state/connection.ts';
import { useRoving } from '../../widgets/useRoving.ts';
import { Bytes } from '../../widgets/values.tsx';
import { linesOf } from './days.ts';
import { OperationRow } from './OperationRow.tsx';
import { canUndo } from './outcome.ts';

/** Days and their operations, as many as there are: only those on screen exist. `above` scrolls with them. */
export const HistoryList = ({
  operations,
  above,
  below,
}: {
  readonly operations: readonly Operation[];
  readonly above: ReactNode;
  readonly below: ReactNode;
}) => {
  const leftovers = useNow((now) => now.leftovers);
  const [open, setOpen] = useState<ReadonlySet<OperationId>>(new Set());
  const scroller = useRef<HTMLDivElement>(null);
  const today = new Date().toDateString();
  // biome-ignore lint/correctness/useExhaustiveDependencies: on another day, today is yesterday.
  const lines = useMemo(() => linesOf(operations, new Date()), [operations, today]);
  const lineOf = useMemo(() => new Map(lines.map(({ key }, at) => [key, at])), [lines]);
  const keys = useMemo(() => operations.map(({ id }) => id), [operations]);

  const roving = useRoving(keys, (index) => virtual.scrollToIndex(lineOf.get(keys[index] ?? '') ?? 0));
  const current = operations[roving.current];
  const currentLine = lineOf.get(current?.id ?? '') ?? 0;
  const [margin, setMargin] = useState(0);
  // What stands above may be higher or lower with every other choice of rows.
  useLayoutEffect(() => setMargin(roving.list.current?.offsetTop ?? 0));
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lines[index]?.kind === 'day' ? 34 : 36),
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 10,
    scrollMargin: margin,
    // The row that the keyboard is at stays: with it the focus would go.
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), currentLine])].sort((a, b) => a - b),
  });
  const toggle = (id: OperationId, to = !open.has(id)): void => {
    const next = new Set(open);
    if (to) next.add(id);
    else next.delete(id);
    setOpen(next);
  };

  const meant = roving.within ? current : undefined;
  useCommand('undo', () => meant && void undo(meant.id), meant !== undefined && canUndo(meant));
  useCommand('open', () => meant && toggle(meant.id), meant !== undefined);
  useCommand('copy-path', () => current && void copy(current.path, 'Path'), current !== undefined);

  return (
    <div ref={scroller} className="view-scroll history-scroll">
      {above}
      <div
        ref={roving.list}
        role="treegrid"
        aria-label="History"
        aria-rowcount={lines.length}
        className="history-list"
        tabIndex={-1}
        style={{ height: virtual.getTotalSize() }}
        onFocus={roving.onFocus}
        onBlur={roving.onBlur}
        onKeyDown={(event) => {
          roving.onKeyDown(event);
          const onRow = (event.target as HTMLElement).dataset['row'] !== undefined;
          if (event.defaultPrevented || !onRow || !current) return;
          if (event.key === 'Enter' || event.key === ' ') toggle(current.id);
          else if (event.key === 'ArrowRight') toggle(current.id, true);
          else if (event.key === 'ArrowLeft') toggle(current.id, false);
          else return;
          event.preventDefault();
        }}
      >
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const line = lines[index];
          if (!line) return null;
          return (
            <div
              key={key}
              ref={virtual.measureElement}
              role="presentation"
              className="history-line"
              data-index={index}
              style={{ transform: `translateY(${start - margin}px)` }}
            >
              {line.kind === 'day' ? (
                <div role="row" className="history-day" aria-level={1}>
                  <div role="gridcell">
                    <h2>{line.title}</h2>
                  </div>
                  <span role="gridcell" className="soft">
                    <Bytes value={line.freed} /> came back
                  </span>
                </div>
              ) : (
                <OperationRow
                  operation={line.operation}
                  leftovers={leftovers}
                  isOpen={open.has(line.operation.id)}
                  isCurrent={line.operation.id === current?.id}
                  onToggle={() => toggle(line.operation.id)}
                />
              )}
            </div>
          );
        })}
      </div>
      {below}
    </div>
  );
};
