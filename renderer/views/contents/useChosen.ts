import { useEffect, useState } from 'react';
import type { Answer } from '../../../shared/api.ts';
import type { EntryView } from '../../../shared/model.ts';
import { client } from '../../state/connection.ts';
import type { Ranges } from '../../widgets/selection.ts';

export interface Chosen extends Answer<'entrySelection'> {
  /** False: of what was chosen a moment ago; the next sum is on its way. */
  readonly fresh: boolean;
}

/** While a selection grows this fast (ms between rows), it is not added up yet. */
const growingMs = 40;
/** More ranges than a call takes; nobody chooses so many by hand. */
const mostRanges = 10_000;

/** What chosen rows amount to, and which units hold them; null without any, and until it is known. */
export const useChosen = ({ view, revision }: EntryView, ranges: Ranges): Chosen | null => {
  const [sum, setSum] = useState<{ readonly of: Ranges; readonly chosen: Answer<'entrySelection'> } | null>(null);
  useEffect(() => {
    if (ranges.length === 0) setSum(null);
    if (ranges.length === 0 || ranges.length > mostRanges) return;
    let over = false;
    const timer = setTimeout(async () => {
      const wanted = ranges.map(([from, to]): [number, number] => [from, to]);
      const answer = await client.call('entrySelection', { view, revision, ranges: wanted });
      if (!over && answer.ok) setSum({ of: ranges, chosen: answer.value });
    }, growingMs);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [view, revision, ranges]);
  // The last sum stays to be read while the next is on its way.
  return ranges.length === 0 || sum === null ? null : { ...sum.chosen, fresh: sum.of === ranges };
};
