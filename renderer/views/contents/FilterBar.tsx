import type { EntryFilter } from '../../../shared/filter.ts';
import type { Cache, EntryView } from '../../../shared/model.ts';
import { runCommand } from '../../state/commands.ts';
import { search } from '../../state/ui.ts';
import { Button } from '../../widgets/Button.tsx';
import { useBytes } from '../../widgets/values.tsx';
import { ChoicePill, Pill } from './FilterPill.tsx';
import { ageWords, lengthOf, lengthWords, sizeOf, usualAges, usualSizes } from './filter-words.ts';
import './FilterBar.css';

interface Props {
  readonly cache: Cache;
  readonly state: EntryView;
  readonly words: string;
  readonly where: EntryFilter;
  readonly onWhere: (where: EntryFilter) => void;
}

/** What a filter cannot ask here, as a sentence each; null: it can. Nothing is known while entries are still read. */
const reasons = ({ name }: Cache, { done, columns }: EntryView) => {
  const unless = (known: boolean, why: string): string | null => (done && !known ? why : null);
  return {
    age: unless(
      columns.includes('lastUsed') || columns.includes('created'),
      `${name} does not record when these were used or made.`,
    ),
    size: unless(columns.includes('bytes'), `How much each of them takes cannot be told.`),
    version: unless(columns.includes('name') && columns.includes('version'), `These have no versions.`),
    unused: unless(columns.includes('usedBy'), `${name} keeps no book of who uses what.`),
  };
};

/** Which entries are shown, as a sentence whose parts are switched on and off. */
export const FilterBar = ({ cache, state, words, where, onWhere }: Props) => {
  const bytes = useBytes();
  const why = reasons(cache, state);
  const used = !state.done || state.columns.includes('lastUsed');
  const set = (part: EntryFilter): void => onWhere({ ...where, ...part });
  const isAll = words === '' && Object.values(where).every((part) => part === undefined);
  return (
    <div className="filter-bar" role="group" aria-label="Which entries are shown">
      <span className="filter-start">Show {isAll ? 'all entries, or those' : 'entries'}</span>
      <ChoicePill
        label={used ? 'not used for' : 'made over … ago'}
        about={used ? 'Not used for' : 'Made so long ago'}
        value={where.olderThanMs}
        usual={usualAges}
        say={lengthWords}
        says={(ms) => ageWords(ms, { used })}
        parse={lengthOf}
        example="45 days"
        why={why.age}
        onChange={(olderThanMs) => set({ olderThanMs })}
      />
      <ChoicePill
        label="larger than"
        about="Larger than"
        value={where.largerThan}
        usual={usualSizes}
        say={bytes}
        says={(size) => `larger than ${bytes(size)}`}
        parse={sizeOf}
        example="250 MB"
        why={why.size}
        onChange={(largerThan) => set({ largerThan })}
      />
      <Pill
        on={where.notNewest === true}
        why={why.version}
        onChange={(on) => set({ notNewest: on ? true : undefined })}
      >
        not the newest version
      </Pill>
      <Pill on={where.unused === true} why={why.unused} onChange={(on) => set({ unused: on ? true : undefined })}>
        used by no project
      </Pill>
      <Pill on={where.damaged === true} onChange={(on) => set({ damaged: on ? true : undefined })}>
        damaged
      </Pill>
      <Pill on={words !== ''} onChange={(on) => (on ? runCommand('search') : search(''))}>
        {words === '' ? 'with a word…' : `with “${words}” in it`}
      </Pill>
      {!isAll && (
        <Button
          tone="link"
          onClick={() => {
            onWhere({});
            search('');
          }}
        >
          Show all
        </Button>
      )}
    </div>
  );
};
