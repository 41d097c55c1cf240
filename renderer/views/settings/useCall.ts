import { useRef, useState } from 'react';
import type { Answer, Args, CallName } from '../../../shared/api.ts';
import type { ApiError } from '../../../shared/errors.ts';
import { client } from '../../state/connection.ts';

interface Calling<Name extends CallName> {
  /** Null when it failed; the reason is in `error`. */
  readonly run: (args: Args<Name>) => Promise<Answer<Name> | null>;
  readonly busy: boolean;
  readonly error: ApiError | null;
  readonly forgive: () => void;
}

/** A call whose failure is told beside the control that made it. Of several only the last one's answer counts. */
export const useCall = <Name extends CallName>(name: Name): Calling<Name> => {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const turn = useRef(0);
  return {
    busy,
    error,
    forgive: () => setError(null),
    run: async (args) => {
      turn.current += 1;
      const mine = turn.current;
      setBusy(true);
      const result = await client.call(name, args);
      if (mine === turn.current) {
        setBusy(false);
        setError(result.ok ? null : result.error);
      }
      return result.ok ? result.value : null;
    },
  };
};
