import type { Implementation } from '../../shared/api.ts';
import { CodedError } from '../../shared/errors.ts';
import type { Cache, Unit } from '../../shared/model.ts';
import { examineFolder } from './add.ts';
import { cacheView, findCache, tellCaches } from './cache-views.ts';
import { closedBecause } from './caches.ts';
import { carryOut } from './carry-out.ts';
import { redrawPlan } from './clear/plan.ts';
import { viewOf } from './clear/view.ts';
import { drawFor, measuredUnit, planContext } from './draw.ts';
import { entriesOf } from './entries.ts';
import { locate } from './fs/place.ts';
import { cachesNow, type Parts, protectedNow } from './parts.ts';
import { resolveText } from './resolve.ts';
import { unitView } from './sizes.ts';

type CacheCalls = Pick<Implementation, 'list' | 'resolve' | 'show' | 'plan' | 'clear' | 'add' | 'forget'>;

/** The calls about caches: see them, look into them, clear them. */
export const cacheCalls = (parts: Parts): CacheCalls => ({
  list: async ({ measure, tools }) => {
    const caches = await cachesNow(parts);
    const places = await protectedNow(parts);
    const isTool = (text: string): boolean => caches.some(({ tool }) => tool.id === text);
    const named = new Set((tools ?? []).flatMap((it) => (isTool(it) ? [] : resolveText(it, caches, places).cache)));
    const wanted = caches.filter(({ id, tool }) => !tools?.length || tools.includes(tool.id) || named.has(id));
    const views: Cache[] = [];
    for (const cache of wanted) {
      const units: Unit[] = [];
      for (const unit of cache.units) units.push(await measuredUnit(parts, unit, measure));
      views.push(cacheView(cache, units));
    }
    return { caches: views };
  },

  resolve: async ({ text }) => resolveText(text, await cachesNow(parts), await protectedNow(parts)),

  show: async (args) => {
    const cache = findCache(await cachesNow(parts), args.cache);
    const closed = closedBecause(cache);
    if (closed !== null) throw new CodedError(closed);
    return entriesOf(parts.decoder, cache, args);
  },

  plan: async ({ targets, measure }) => {
    const drawn = await drawFor(parts, targets, measure);
    parts.plans.add(drawn);
    return drawn.plan;
  },

  clear: async (args) => ({
    operations: (await carryOut(parts, args, (drawn) => planContext(parts).then((now) => redrawPlan(drawn, now)))).map(
      viewOf,
    ),
  }),

  add: async ({ path, isCache }) => {
    const place = locate(path).path;
    const before = (await cachesNow(parts)).find(({ root, problem }) => root === place && problem === null);
    if (before)
      return cacheView(
        before,
        before.units.map((unit) => unitView(unit, null)),
      );
    const known = examineFolder(place, isCache, await protectedNow(parts));
    await parts.store.addFolder(known, Date.now());
    const cache = (await cachesNow(parts)).find(({ root }) => root === known.path);
    if (!cache) throw new Error('a folder that was added is not listed');
    await tellCaches(parts);
    return cacheView(
      cache,
      cache.units.map((unit) => unitView(unit, null)),
    );
  },

  forget: async ({ cache: id }) => {
    const cache = findCache(await cachesNow(parts), id);
    if (!cache.added) {
      throw new CodedError({
        code: 'invalid-argument',
        message: `${cache.root} is ${cache.tool.name}'s own cache, not a folder that was added, so there is nothing to forget.`,
      });
    }
    await parts.store.forgetFolder(cache.root);
    await tellCaches(parts);
    return cacheView(cache, []);
  },
});
