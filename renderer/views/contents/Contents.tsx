import type { CacheId } from '../../../shared/ids.ts';
import type { Tab } from '../../state/ui.ts';

export const Contents = ({ cache, tab }: { readonly cache: CacheId; readonly tab: Tab }) => (
  <p>
    {cache} {tab}
  </p>
);
