import { useEffect, useState } from 'react';
import type { EntrySummary, EntryView } from '../../../shared/model.ts';
import { client } from '../../state/connection.ts';

/** Why the cache takes what it takes, once all of it was read; null until then. The last one stays until the next is there. */
export const useSummary = ({ view, done, all }: EntryView): EntrySummary | null => {
  const [summary, setSummary] = useState<EntrySummary | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: of other entries there is another.
  useEffect(() => {
    if (!done) return;
    let over = false;
    void client.call('entrySummary', { view }).then((answer) => {
      if (!over && answer.ok) setSummary(answer.value);
    });
    return () => {
      over = true;
    };
  }, [view, done, all]);
  return summary;
};
