import type { Operation, Progress } from '../../../shared/model.ts';
import type { Store } from '../store/store.ts';
import type { Owner } from '../usage/processes.ts';
import type { DeleteReport } from './delete-job.ts';
import type { DeleteOrder } from './deleter.ts';

/** What the steps of a clear need from the rest of core, passed in so that each can be tested on its own. */
export interface Engine {
  readonly store: Store;
  /** Which door this is, for the history: `terminal`, `browser`, `desktop`. */
  readonly door: string;
  readonly stateDir: string;
  readonly self: Owner;
  readonly now: () => number;
  readonly deleteTree: (
    order: DeleteOrder,
    options: { readonly signal?: AbortSignal; readonly onProgress?: (progress: Progress) => void },
  ) => Promise<DeleteReport>;
  readonly changed: (operation: Operation) => void;
  readonly deleting: (operation: Operation['id'], progress: Progress) => void;
}
