import { CodedError } from '../../../shared/errors.ts';
import type { EntryId } from '../../../shared/ids.ts';
import type { EntryGroups, EntrySummary } from '../../../shared/model.ts';
import type { Decoder } from '../catalog/decoder.ts';
import { type DecodeWish, decodeUnits, inWords } from './decode-units.ts';
import { type Arrangement, EntryList, type ListState, type Selection } from './entry-list.ts';

export interface OpenEntries extends DecodeWish {
  readonly arrangement: Arrangement;
  /** When it was asked for, ms since 1970. */
  readonly askedAt: number;
}

/** Whoever opens a view gets an answer by then (ms) if there are rows to show: a person sees no delay yet. */
const answerMs = 150;
/** A small cache gets at least this long (ms) after its first rows to be there as a whole. */
const graceMs = 30;
/** News is told this often (ms) at most. */
const newsMs = 100;

interface Span {
  readonly from: number;
  readonly count: number;
}

interface SelectionWish {
  readonly revision: number;
  readonly ranges: readonly (readonly [number, number])[];
}

interface GroupsWish extends Span {
  readonly revision: number;
}

/** @throws CodedError `view-expired` when the rows are others by now. */
const still = <T>(found: T | null): T => {
  if (found !== null) return found;
  throw new CodedError({
    code: 'view-expired',
    message: 'These rows have changed since they were selected: other ones stand there now. Select again.',
  });
};

/** The methods of a thread that holds the entries of one view. `tell` hears how reading goes on. */
export const entriesService = (decoder: Decoder, tell: (state: ListState) => void) => {
  let list = new EntryList([], {});
  let opened = false;
  let told: NodeJS.Timeout | null = null;

  const tellSoon = (): void => {
    told ??= setTimeout(() => {
      told = null;
      if (opened) tell(list.state());
    }, newsMs);
  };

  const read = async (wish: DecodeWish, first: () => void): Promise<void> => {
    const problems = await decodeUnits(decoder, wish, (unit, entries) => {
      list.add(unit, entries);
      if (list.length > 0) first();
      tellSoon();
    });
    list.finish(inWords(problems));
    if (told !== null) clearTimeout(told);
    if (opened) tell(list.state());
    await decoder.close();
  };

  return {
    /** Answers when all is read, or when there are rows and it has taken long enough. */
    open: async ({ arrangement, askedAt, ...wish }: OpenEntries): Promise<ListState> => {
      list = new EntryList(wish.units, arrangement);
      const enough = new Promise<void>((resolve) => {
        let waits = false;
        const first = (): void => {
          if (!waits) setTimeout(resolve, Math.max(graceMs, askedAt + answerMs - Date.now()));
          waits = true;
        };
        void read(wish, first).then(resolve, resolve);
      });
      await enough;
      opened = true;
      return list.state();
    },
    arrange: (arrangement: Arrangement): ListState => {
      list.arrange(arrangement);
      return list.state();
    },
    rows: ({ from, count }: Span) => list.rows(from, count),
    selection: ({ revision, ranges }: SelectionWish): Selection => still(list.selection(revision, ranges)),
    ids: ({ revision, ranges }: SelectionWish): readonly EntryId[] => still(list.ids(revision, ranges)),
    groups: ({ revision, from, count }: GroupsWish): EntryGroups => still(list.groups(revision, from, count)),
    summary: (): EntrySummary => list.summary(Date.now()),
  };
};

export type EntriesApi = ReturnType<typeof entriesService>;
