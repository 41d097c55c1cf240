import type { Implementation } from '../../shared/api.ts';
import { CodedError } from '../../shared/errors.ts';
import type { Parts } from './parts.ts';

const notYet = (): never => {
  throw new CodedError({ code: 'not-available', message: 'Not yet.' });
};

type PageCalls = Pick<Implementation, 'snapshot' | 'resume' | 'protect' | 'unprotect' | 'reveal' | 'pickFolder'>;

/** The calls that only a page needs: all at its start, and what a door can do for it. */
export const pageCalls = (_: Parts): PageCalls => ({
  snapshot: async () => notYet(),
  resume: async () => notYet(),
  protect: async () => notYet(),
  unprotect: async () => notYet(),
  reveal: async () => notYet(),
  pickFolder: async () => notYet(),
});
