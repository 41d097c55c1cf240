import { useEffect, useRef } from 'react';
import type { LeftoverId } from '../../../shared/ids.ts';
import type { Leftover } from '../../../shared/model.ts';

/** Those that came while one watches. A copy that we claimed is the one that stood there, under another name. */
export const useNewOnes = (leftovers: readonly Leftover[]): ((leftover: Leftover) => boolean) => {
  const seen = useRef<ReadonlySet<LeftoverId> | null>(null);
  useEffect(() => {
    seen.current ??= new Set(leftovers.map(({ id }) => id));
  }, [leftovers]);
  return ({ id, origin, verdict }) =>
    seen.current !== null && !seen.current.has(id) && !(origin === 'ours' && verdict === 'in-progress');
};
