import type { Implementation } from '../../shared/api.ts';
import { CodedError } from '../../shared/errors.ts';
import type { CacheId } from '../../shared/ids.ts';
import { closedBecause, type KnownCache } from './caches.ts';
import { cachesNow, type Parts } from './parts.ts';

type ViewCalls = Pick<
  Implementation,
  | 'openEntries'
  | 'arrangeEntries'
  | 'entryRows'
  | 'entrySelection'
  | 'entryGroups'
  | 'entrySummary'
  | 'openTree'
  | 'treeNodes'
  | 'closeView'
>;

/** A cache that can be looked into; one that cannot says why. */
const usable = async (parts: Parts, id: CacheId): Promise<KnownCache> => {
  const cache = (await cachesNow(parts)).find((it) => it.id === id);
  if (cache === undefined) {
    throw new CodedError({
      code: 'unknown-target',
      message: `There is no cache with the id ${id} any more. List them again.`,
    });
  }
  const closed = closedBecause(cache);
  if (closed !== null) throw new CodedError(closed);
  return cache;
};

/** The calls about what a page holds open: entries and trees. */
export const viewCalls = (parts: Parts): ViewCalls => ({
  openEntries: async ({ cache: id, units: only, ...arrangement }) => {
    const cache = await usable(parts, id);
    const units = cache.units.filter((unit) => only === undefined || only.includes(unit.id));
    return parts.views.openEntries(cache, units, arrangement);
  },
  arrangeEntries: async ({ view, ...arrangement }) => parts.views.arrange(view, arrangement),
  entryRows: async ({ view, from, count }) => parts.views.rows(view, from, count),
  entrySelection: async (wanted) => parts.views.selection(wanted),
  entryGroups: async (wanted) => parts.views.groups(wanted),
  entrySummary: async ({ view }) => parts.views.summary(view),
  openTree: async ({ cache, by }) => parts.views.openTree(await usable(parts, cache), by),
  treeNodes: async ({ view, from, count }) => parts.views.nodes(view, from, count),
  closeView: async ({ view }) => {
    await parts.views.close(view);
    return {};
  },
});
