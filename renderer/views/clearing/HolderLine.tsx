import type { Holder } from '../../../shared/model.ts';
import { Age } from '../../widgets/values.tsx';

/** One who is using something: who, since when, and how we know. */
export const HolderLine = ({ holder: { pid, command, since, evidence } }: { readonly holder: Holder }) => (
  <>
    <strong>{command}</strong> {pid > 0 && `(${pid})`}
    {since !== null && (
      <>
        , began <Age when={since} />
      </>
    )}
    : {evidence}
  </>
);
