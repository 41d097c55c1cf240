import { useEffect, useRef, useState } from 'react';
import type { Target } from '../../../shared/api.ts';
import type { ApiError } from '../../../shared/errors.ts';
import type { Plan } from '../../../shared/model.ts';
import { client } from '../../state/connection.ts';

/** While it is in use it is looked at again so often, in ms. */
const againMs = 2000;
/** While somebody takes one thing out after the other (ms between them), nothing is looked at yet. */
const settleMs = 150;

/** Codes that say that somebody uses it: a person may go on in spite of them. */
const usageCodes: ReadonlySet<string> = new Set(['in-use', 'cannot-tell']);

export const isUsed = ({ usage, refusals }: Plan): boolean =>
  usage !== 'idle' || refusals.some(({ code }) => usageCodes.has(code));

/** Refusals that no word of a person overrules. */
export const refusalsOf = (plan: Plan | null): readonly ApiError[] =>
  plan?.refusals.filter(({ code }) => !usageCodes.has(code)) ?? [];

export interface Looked {
  /** What a clear would do; null until that is known, and when it cannot be. */
  readonly plan: Plan | null;
  readonly error: ApiError | null;
  /** False: of other targets; those of now are still being looked at. */
  readonly fresh: boolean;
}

/** Looks what a clear would do; again and again while somebody uses it, and once more after `still` is over. */
export const usePlan = (targets: readonly Target[], still: boolean): Looked => {
  const [looked, setLooked] = useState<Omit<Looked, 'fresh'> & { readonly of: unknown }>({
    plan: null,
    error: null,
    of: null,
  });
  const isFirst = useRef(true);
  useEffect(() => {
    if (still) return;
    let over = false;
    const look = async (): Promise<void> => {
      const result = await client.call('plan', { targets: [...targets], measure: false });
      if (over) return;
      setLooked(
        result.ok ? { plan: result.value, error: null, of: targets } : { plan: null, error: result.error, of: targets },
      );
      if (result.ok && isUsed(result.value)) timer = setTimeout(() => void look(), againMs);
    };
    let timer = setTimeout(() => void look(), isFirst.current ? 0 : settleMs);
    isFirst.current = false;
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [targets, still]);
  return { plan: looked.plan, error: looked.error, fresh: looked.of === targets };
};
