import { useState } from 'react';
import { formatCount } from '../../../shared/format.ts';
import type { EntryId } from '../../../shared/ids.ts';
import type { Entry, PlanChosen } from '../../../shared/model.ts';
import { counted } from '../../../shared/words.ts';
import { type Choice, type Column, Grid } from '../../widgets/Grid.tsx';
import { Bytes } from '../../widgets/values.tsx';
import { entryTitle } from '../contents/EntryCell.tsx';

const columns: readonly Column[] = [
  { id: 'tick', label: 'Cleared', quiet: true, width: '16px' },
  { id: 'name', label: 'Name', width: 'minmax(120px, 3fr)' },
  { id: 'version', label: 'Version', width: 'minmax(60px, 1fr)' },
  { id: 'bytes', label: 'Size', width: '80px', align: 'end' },
];
const rowHeight = 26;
const mostRows = 8;

interface Props {
  /** All that were chosen at first, as far as they are shown. */
  readonly entries: readonly Entry[];
  readonly chosen: PlanChosen | null;
  /** What was taken out or in is still being looked at. */
  readonly looking: boolean;
  readonly without: ReadonlySet<EntryId>;
  readonly onWithout: (without: ReadonlySet<EntryId>) => void;
}

/** What is to be cleared, entry by entry: each can be taken out again. */
export const ChosenList = ({ entries, chosen, looking, without, onWithout }: Props) => {
  const [current, setCurrent] = useState(0);
  const columnsHere = entries.some(({ version }) => version !== null)
    ? columns
    : columns.filter(({ id }) => id !== 'version');
  const tick = (indices: readonly number[], to: boolean): void => {
    const next = new Set(without);
    for (const index of indices) {
      const id = entries[index]?.id;
      if (id === undefined) continue;
      if (to) next.delete(id);
      else next.add(id);
    }
    onWithout(next);
  };
  const isTicked = (index: number): boolean => {
    const id = entries[index]?.id;
    return id !== undefined && !without.has(id);
  };
  const select = (index: number, choice: Choice, from: number): void => {
    if (choice !== 'range') {
      tick([index], !isTicked(index));
      return;
    }
    const [first, last] = [Math.min(index, from), Math.max(index, from)];
    tick(
      Array.from({ length: last - first + 1 }, (_, at) => first + at),
      isTicked(from),
    );
  };
  const ticked = entries.filter(({ id }) => !without.has(id)).length;
  const rest = chosen === null ? 0 : Math.max(0, chosen.count - ticked);
  return (
    <section className="clear-chosen" aria-label="What is cleared">
      <div className="clear-chosen-list" style={{ height: Math.min(entries.length, mostRows) * rowHeight + 32 }}>
        <Grid
          label="Entries to clear"
          columns={columnsHere}
          count={entries.length}
          current={current}
          onCurrent={setCurrent}
          rowHeight={rowHeight}
          isSelected={isTicked}
          onSelect={select}
          cell={(index, column) => {
            const entry = entries[index];
            if (entry === undefined) return null;
            switch (column) {
              case 'tick':
                return (
                  <input
                    type="checkbox"
                    tabIndex={-1}
                    aria-label={`Clear ${entryTitle(entry)} ${entry.version ?? ''}`.trim()}
                    checked={isTicked(index)}
                    onChange={({ target }) => tick([index], target.checked)}
                  />
                );
              case 'name':
                return (
                  <span title={entry.url ?? entryTitle(entry)} dir="auto">
                    {entryTitle(entry)}
                  </span>
                );
              case 'version':
                return <span className="soft">{entry.version}</span>;
              default:
                return <Bytes value={entry.bytes} />;
            }
          }}
        />
      </div>
      <p className="soft clear-chosen-note" role="status">
        {looking && 'Working out what goes then… '}
        {!looking && rest > 0 && `and ${counted(rest, 'smaller one')}. `}
        Space takes one out, and in again.
        {without.size > 0 &&
          ` ${formatCount(without.size)} taken out: ${without.size === 1 ? 'it stays' : 'they stay'}.`}
      </p>
    </section>
  );
};

/** What goes along, and what stays though it was chosen, each with its reason. */
export const AlsoAndStays = ({ chosen }: { readonly chosen: PlanChosen }) => (
  <>
    {chosen.also.length > 0 && (
      <section className="clear-along">
        <h3>Goes along</h3>
        <ul>
          {chosen.also.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </section>
    )}
    {chosen.staysCount > 0 && (
      <section className="clear-stays">
        <h3>{counted(chosen.staysCount, 'entry stays', 'entries stay')} though chosen</h3>
        <ul>
          {chosen.stays.slice(0, 5).map(({ entry, why }) => (
            <li key={entry.id}>
              {entryTitle(entry)} {entry.version} <span className="soft">{why}</span>
            </li>
          ))}
          {chosen.staysCount > 5 && <li className="soft">and {counted(chosen.staysCount - 5, 'more', 'more')}</li>}
        </ul>
      </section>
    )}
  </>
);
