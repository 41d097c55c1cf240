import type { Implementation, Target } from '../../shared/api.ts';
import { CodedError } from '../../shared/errors.ts';
import type { Cache, Kept, Unit } from '../../shared/model.ts';
import { examineFolder } from './add.ts';
import type { KnownCache, KnownUnit } from './caches.ts';
import { type DrawnPlan, drawPlan, type PlanContext, redrawPlan, type Wish } from './clear/plan.ts';
import { viewOf } from './clear/view.ts';
import { entriesOf } from './entries.ts';
import { locate } from './fs/place.ts';
import { reader } from './fs/reader.ts';
import { cachesNow, type Parts } from './parts.ts';
import { resolveText } from './resolve.ts';
import { unitView } from './sizes.ts';
import { usageOf } from './usage/holders.ts';

const cacheView = (cache: KnownCache, units: readonly Unit[]): Cache => ({
  id: cache.id,
  tool: cache.tool.id,
  name: cache.tool.name,
  root: cache.root,
  present: cache.facts !== null,
  because: cache.because,
  what: cache.tool.what,
  cost: cache.tool.cost,
  command: cache.tool.command,
  keeps: cache.problem === null ? cache.tool.keeps(cache.root, reader) : [],
  problem: cache.problem,
  units,
});

const measuredUnit = async (parts: Parts, unit: KnownUnit, measure: boolean): Promise<Unit> => {
  if (!measure || reader.facts(unit.path) === null) return unitView(unit, await parts.sizes.last(unit));
  const measured = await parts.sizes.measure(unit, (progress) =>
    parts.events.emit('measuring', { unit: unit.id, progress }),
  );
  const view = unitView(unit, measured);
  parts.events.emit('unitMeasured', { cache: unit.cache, unit: view });
  return view;
};

const find = (caches: readonly KnownCache[], id: string): KnownCache => {
  const cache = caches.find((it) => it.id === id);
  if (cache) return cache;
  throw new CodedError({
    code: 'unknown-target',
    message: `There is no cache with the id ${id} any more. List them again.`,
  });
};

/** The units of a target. A cache that cannot be used says why, here and now. */
const unitsOf = (target: Target, caches: readonly KnownCache[]): readonly Omit<Wish, 'sizes'>[] => {
  if ('cache' in target) {
    const cache = find(caches, target.cache);
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
    const { tool, root } = find(caches, target.cache);
    return tool.keeps(root, reader);
  });

const planContext = ({ protectedPlaces, engine }: Parts): PlanContext => ({
  protectedPlaces,
  pid: engine.self.pid,
  usageOf,
});

/** A plan that was drawn this short a time ago (ms) need not be looked at again. */
const freshMs = 1000;

const drawFor = async (parts: Parts, targets: readonly Target[], measure: boolean): Promise<DrawnPlan> => {
  const caches = await cachesNow(parts);
  const unique = new Map(targets.flatMap((target) => unitsOf(target, caches)).map((wish) => [wish.unit.id, wish]));
  const wishes: Wish[] = [];
  for (const wish of unique.values()) {
    const view = await measuredUnit(parts, wish.unit, measure);
    wishes.push({ ...wish, sizes: view.bytes });
  }
  return drawPlan(wishes, keptBy(targets, caches), planContext(parts));
};

type CacheCalls = Pick<Implementation, 'list' | 'resolve' | 'show' | 'plan' | 'clear' | 'add' | 'forget'>;

/** The calls about caches: see them, look into them, clear them. */
export const cacheCalls = (parts: Parts): CacheCalls => ({
  list: async ({ measure, tools }) => {
    const caches = await cachesNow(parts);
    for (const tool of tools ?? []) resolveText(tool, caches, parts.protectedPlaces);
    const wanted = caches.filter(({ id, tool }) => !tools?.length || tools.includes(tool.id) || tools.includes(id));
    const views: Cache[] = [];
    for (const cache of wanted) {
      const units: Unit[] = [];
      for (const unit of cache.units) units.push(await measuredUnit(parts, unit, measure));
      views.push(cacheView(cache, units));
    }
    return { caches: views };
  },

  resolve: async ({ text }) => resolveText(text, await cachesNow(parts), parts.protectedPlaces),

  show: async (args) => {
    const cache = find(await cachesNow(parts), args.cache);
    if (cache.problem !== null) throw new CodedError(cache.problem);
    return entriesOf(parts.decoder, cache, args);
  },

  plan: async ({ targets, measure }) => {
    const drawn = await drawFor(parts, targets, measure);
    parts.plans.add(drawn);
    return drawn.plan;
  },

  clear: async ({ plan, undoWindowMs, evenIfInUse }) => {
    const { drawn: shown, ageMs } = parts.plans.take(plan);
    const drawn = ageMs <= freshMs ? shown : await redrawPlan(shown, planContext(parts));
    const window = undoWindowMs ?? (await parts.store.settings()).undoWindowMs;
    const records = await parts.clears.execute(drawn, window, evenIfInUse);
    return { operations: records.map(viewOf) };
  },

  add: async ({ path, isCache }) => {
    const place = locate(path).path;
    const before = (await cachesNow(parts)).find(({ root, problem }) => root === place && problem === null);
    if (before)
      return cacheView(
        before,
        before.units.map((unit) => unitView(unit, null)),
      );
    const known = examineFolder(place, isCache, parts.protectedPlaces);
    await parts.store.addFolder(known, Date.now());
    const cache = (await cachesNow(parts)).find(({ root }) => root === known.path);
    if (!cache) throw new Error('a folder that was added is not listed');
    return cacheView(
      cache,
      cache.units.map((unit) => unitView(unit, null)),
    );
  },

  forget: async ({ cache: id }) => {
    const cache = find(await cachesNow(parts), id);
    if (!cache.added) {
      throw new CodedError({
        code: 'invalid-argument',
        message: `${cache.root} is ${cache.tool.name}'s own cache, not a folder that was added, so there is nothing to forget.`,
      });
    }
    await parts.store.forgetFolder(cache.root);
    return cacheView(cache, []);
  },
});
