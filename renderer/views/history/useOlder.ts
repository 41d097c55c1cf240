import { useEffect, useState } from 'react';
import type { Operation } from '../../../shared/model.ts';
import { attempt } from '../../state/actions.ts';

/** How many are read at first, and how many more each time. */
const step = 1000;
/** The chart's twelve weeks, and the one that has begun, in ms. */
const chartMs = 13 * 7 * 86_400_000;

interface Older {
  readonly operations: readonly Operation[];
  /** There are more than were read. */
  readonly more: boolean;
  readonly readMore: () => void;
}

/** What happened before that which the page was told at its start. */
export const useOlder = (): Older => {
  const [limit, setLimit] = useState(step);
  const [recent, setRecent] = useState<readonly Operation[]>([]);
  const [newest, setNewest] = useState<readonly Operation[]>([]);
  useEffect(() => {
    void attempt('history', { limit }).then((answer) => answer && setNewest(answer.operations));
  }, [limit]);
  const isCut = newest.length === limit;
  useEffect(() => {
    // Only a long history has weeks of the chart beyond its newest thousand.
    if (isCut) void attempt('history', { sinceMs: chartMs }).then((answer) => answer && setRecent(answer.operations));
  }, [isCut]);
  return {
    operations: newest.length > recent.length ? newest : recent,
    more: isCut,
    readMore: () => setLimit(Math.max(limit, recent.length) + step),
  };
};
