import { useEffect, useState } from 'react';
import type { Leftover } from '../../../shared/model.ts';
import { attempt } from '../../state/actions.ts';
import { type KnownSizes, someUnmeasured, withSizes } from './groups.ts';

/** Measures when the view opens and when there are new ones, one look at a time. News does not say sizes. */
export const useSizes = (leftovers: readonly Leftover[]): KnownSizes => {
  const [known, setKnown] = useState<KnownSizes>(new Map());
  const [looking, setLooking] = useState(false);
  const needed = !looking && someUnmeasured(leftovers, known);
  useEffect(() => {
    if (!needed) return;
    setLooking(true);
    void attempt('leftovers', { measure: true }).then((answer) => {
      setKnown((before) => withSizes(before, leftovers, answer?.leftovers ?? []));
      setLooking(false);
    });
  }, [needed, leftovers]);
  return known;
};
