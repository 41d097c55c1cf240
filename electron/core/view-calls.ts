import type { Implementation } from '../../shared/api.ts';
import { CodedError } from '../../shared/errors.ts';
import type { Parts } from './parts.ts';

const notYet = (): never => {
  throw new CodedError({ code: 'not-available', message: 'Not yet.' });
};

type ViewCalls = Pick<
  Implementation,
  'openEntries' | 'arrangeEntries' | 'entryRows' | 'entrySelection' | 'openTree' | 'treeNodes' | 'closeView'
>;

/** The calls about what a page holds open: entries and trees. */
export const viewCalls = (_: Parts): ViewCalls => ({
  openEntries: async () => notYet(),
  arrangeEntries: async () => notYet(),
  entryRows: async () => notYet(),
  entrySelection: async () => notYet(),
  openTree: async () => notYet(),
  treeNodes: async () => notYet(),
  closeView: async () => notYet(),
});
