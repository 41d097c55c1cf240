import { formatCount } from '../../../shared/format.ts';
import type { Cache, EntryView, Unit } from '../../../shared/model.ts';
import { counted } from '../../../shared/words.ts';
import { Button } from '../../widgets/Button.tsx';
import { useBytes } from '../../widgets/values.tsx';
import { beginOwn } from '../clearing/begin.ts';
import type { Chosen } from './useChosen.ts';

interface Props {
  readonly cache: Cache;
  readonly state: EntryView;
  /** Which of them are shown, as ` not used for 90 days`; null: all. */
  readonly saying: string | null;
  /** They are those that were asked for last. */
  readonly settled: boolean;
  /** How many rows are chosen, and what they amount to as soon as that is known. */
  readonly chosen: number;
  readonly sum: Chosen | null;
  /** The units that hold the chosen ones. */
  readonly units: readonly Unit[];
  readonly onNone: () => void;
  readonly onClear: () => void;
  readonly onClearShown: () => void;
}

/** Entries that cannot be cleared one by one: says what is cleared with them. */
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

const Total = ({ state, saying }: Pick<Props, 'state' | 'saying'>) => {
  const bytes = useBytes();
  const entries =
    saying === null
      ? counted(state.matching, 'entry', 'entries')
      : `${formatCount(state.matching)} of ${counted(state.all, 'entry', 'entries')}`;
  return (
    <>
      {state.done ? entries : `Reading… ${formatCount(state.all)} so far`}
      {/* The bar above says it to eyes. */}
      {saying !== null && <span className="hidden-words">{saying}</span>}
      {state.done && state.columns.includes('bytes') && ` · ${bytes(state.bytes)}`}
      {state.damaged > 0 && <span className="entry-damaged"> · {formatCount(state.damaged)} damaged</span>}
    </>
  );
};

/** What can be done where single entries cannot be cleared, and why not. */
const AsWhole = ({ cache }: { readonly cache: Cache }) => (
  <>
    <span className="soft entries-why">
      What {cache.name} keeps here belongs together: it is cleared as a whole, not entry by entry.
    </span>
    {cache.own !== null && cache.own.better === null && (
      <Button onClick={() => void beginOwn(cache.id)}>Run {cache.own.line}…</Button>
    )}
  </>
);

/** The line below the entries: how many there are, or what is chosen and what can be done about it. */
export const EntryFoot = (props: Props) => {
  const { cache, state, saying, settled, chosen, sum, units, onNone, onClear, onClearShown } = props;
  const bytes = useBytes();
  const usable = cache.problem === null;
  if (chosen === 0) {
    return (
      <div className="contents-foot">
        <span className="grow" role="status">
          <Total state={state} saying={saying} />
        </span>
        {state.done && state.matching > 0 && saying === null && (
          <span className="soft entries-hint">Space selects, Shift and Ctrl select more.</span>
        )}
        {state.done && state.matching > 0 && saying !== null && usable && (
          <>
            {!cache.parts && <AsWhole cache={cache} />}
            <Button tone="danger" disabled={!cache.parts || !settled} onClick={onClearShown}>
              Clear {counted(state.matching, 'entry', 'entries')}…
            </Button>
          </>
        )}
      </div>
    );
  }
  return (
    <div className="contents-foot">
      <span className="grow" role="status">
        {formatCount(chosen)} selected
        {sum && state.columns.includes('bytes') && ` · ${bytes(sum.bytes)}`}
        {units.length > 0 && !cache.parts && <span className="soft"> · {heldBy(units)}</span>}
      </span>
      <Button tone="plain" onClick={onNone}>
        Select none
      </Button>
      <Button tone="danger" disabled={units.length === 0 || !usable} onClick={onClear}>
        {cache.parts ? `Clear ${counted(chosen, 'entry', 'entries')}…` : 'Clear what holds them…'}
      </Button>
    </div>
  );
};
