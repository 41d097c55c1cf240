import { formatCount } from '../../../shared/format.ts';
import type { EntryView, Unit } from '../../../shared/model.ts';
import { counted } from '../../../shared/words.ts';
import { Button } from '../../widgets/Button.tsx';
import { useBytes } from '../../widgets/values.tsx';
import type { Chosen } from './useChosen.ts';

interface Props {
  readonly state: EntryView;
  readonly filtered: boolean;
  /** How many rows are chosen, and what they amount to as soon as that is known. */
  readonly chosen: number;
  readonly sum: Chosen | null;
  /** The units that hold the chosen ones. */
  readonly units: readonly Unit[];
  readonly onNone: () => void;
  readonly onClear: () => void;
}

/** Entries are not cleared one by one: says what is cleared with them. */
const heldBy = (units: readonly Unit[]): string => {
  const [first, second] = units;
  if (units.length === 1 && first) {
    return first.name === '.'
      ? 'They stand in this folder, which is cleared as a whole.'
      : `They stand in ${first.name}, which is cleared as a whole.`;
  }
  const names =
    units.length === 2 ? `${first?.name} and ${second?.name}` : `${first?.name} and ${units.length - 1} other parts`;
  return `They stand in ${names}, which are cleared as a whole.`;
};

const Total = ({ state, filtered }: { readonly state: EntryView; readonly filtered: boolean }) => {
  const bytes = useBytes();
  const entries = filtered
    ? `${formatCount(state.matching)} of ${counted(state.all, 'entry', 'entries')}`
    : counted(state.matching, 'entry', 'entries');
  return (
    <>
      {state.done ? entries : `Reading… ${formatCount(state.all)} so far`}
      {state.done && state.columns.includes('bytes') && ` · ${bytes(state.bytes)}`}
      {state.damaged > 0 && <span className="entry-damaged"> · {formatCount(state.damaged)} damaged</span>}
    </>
  );
};

/** The line below the entries: how many there are, or what is chosen and what can be done about it. */
export const EntryFoot = ({ state, filtered, chosen, sum, units, onNone, onClear }: Props) => {
  const bytes = useBytes();
  if (chosen === 0) {
    return (
      <div className="contents-foot">
        <span className="grow" role="status">
          <Total state={state} filtered={filtered} />
        </span>
        {state.done && state.matching > 0 && (
          <span className="soft entries-hint">Space selects, Shift and Ctrl select more.</span>
        )}
      </div>
    );
  }
  return (
    <div className="contents-foot">
      <span className="grow" role="status">
        {formatCount(chosen)} selected
        {sum && state.columns.includes('bytes') && ` · ${bytes(sum.bytes)}`}
        {units.length > 0 && <span className="soft"> · {heldBy(units)}</span>}
      </span>
      <Button tone="plain" onClick={onNone}>
        Select none
      </Button>
      <Button tone="danger" disabled={units.length === 0} onClick={onClear}>
        Clear what holds them…
      </Button>
    </div>
  );
};
