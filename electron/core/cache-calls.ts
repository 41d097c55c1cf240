import type { Implementation, Target } from '../../shared/api.ts';
import { CodedError } from '../../shared/errors.ts';
import type { Cache, Kept, Unit } from '../../shared/model.ts';
import { examineFolder } from './add.ts';
import { cacheView, findCache, tellCaches } from './cache-views.ts';
import { closedBecause, type KnownCache, type KnownUnit } from './caches.ts';
import { carryOut } from './carry-out.ts';
import { type DrawnPlan, drawPlan, type PlanContext, redrawPlan, type Wish } from './clear/plan.ts';
import { viewOf } from './clear/view.ts';
import { entriesOf } from './entries.ts';
import { locate } from './fs/place.ts';
import { reader } from './fs/reader.ts';
import { cachesNow, type Parts, protectedNow } from './parts.ts';
import { resolveText } from './resolve.ts';
import { unitView } from './sizes.ts';
import { usageOf } from './usage/holders.ts';

const measuredUnit = async (parts: Parts, unit: KnownUnit, measure: boolean): Promise<Unit> => {
  if (!measure || reader.facts(unit.path) === null) return unitView(unit, await parts.sizes.last(unit));
  const measured = await parts.sizes.measure(unit, (progress) =>
    parts.events.emit('measuring', { unit: unit.id, progress }),
  );
  const view = unitView(unit, measured);
  parts.events.emit('unitMeasured', { cache: unit.cache, unit: view });
  return view;
};

/** The units of a target. A cache that cannot be used says why, here and now. */
const unitsOf = (target: Target, caches: readonly KnownCache[]): readonly Omit<Wish, 'sizes'>[] => {
  if ('cache' in target) {
    const cache = findCache(caches, target.cache);
    if (cache.problem !== null) throw new CodedError(cache.problem);
    const there = cache.units.filter(({ path }) => reader.facts(path) !== null);
    // A cache with nothing in it is still an answer: one unit that is not there.
    const units = there.length > 0 ? there : cache.units.slice(0, 1);
    return units.map((unit) => ({ cache, unit, saw: undefined }));
  }
  for (const cache of caches) {
    const unit = cache.units.find(({ id }) => id === target.unit);
    if (unit) return [{ cache, unit, saw: target.saw }];
  }
  throw new CodedError({
    code: 'unknown-target',
    message: `There is no unit with the id ${target.unit} any more. List the caches again.`,
  });
};

/** What stays, of every cache that is cleared as a whole. */
const keptBy = (targets: readonly Target[], caches: readonly KnownCache[]): readonly Kept[] =>
  targets.flatMap((target) => {
    if (!('cache' in target)) return [];
    const { tool, root } = findCache(caches, target.cache);
    return tool.keeps(root, reader);
  });

/** What a plan is drawn with, as it is now. */
export const planContext = async (parts: Parts): Promise<PlanContext> => ({
  protectedPlaces: await protectedNow(parts),
  pid: parts.engine.self.pid,
  usageOf: (places) => usageOf(places, { thorough: true, stateDir: parts.stateDir }),
});

const drawFor = async (parts: Parts, targets: readonly Target[], measure: boolean): Promise<DrawnPlan> => {
  const caches = await cachesNow(parts);
  const unique = new Map(targets.flatMap((target) => unitsOf(target, caches)).map((wish) => [wish.unit.id, wish]));
  const wishes: Wish[] = [];
  for (const wish of unique.values()) {
    const view = await measuredUnit(parts, wish.unit, measure);
    wishes.push({ ...wish, sizes: view.bytes });
  }
  return drawPlan(wishes, keptBy(targets, caches), await planContext(parts));
};

type CacheCalls = Pick<Implementation, 'list' | 'resolve' | 'show' | 'plan' | 'clear' | 'add' | 'forget'>;

/** The calls about caches: see them, look into them, clear them. */
export const cacheCalls = (parts: Parts): CacheCalls => ({
  list: async ({ measure, tools }) => {
    const caches = await cachesNow(parts);
    const places = await protectedNow(parts);
    for (const tool of tools ?? []) resolveText(tool, caches, places);
    const wanted = caches.filter(({ id, tool }) => !tools?.length || tools.includes(tool.id) || tools.includes(id));
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
