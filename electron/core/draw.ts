import type { Target } from '../../shared/api.ts';
import { CodedError } from '../../shared/errors.ts';
import type { Kept, PlanChosen, Unit } from '../../shared/model.ts';
import { findCache } from './cache-views.ts';
import type { KnownCache, KnownUnit } from './caches.ts';
import { type Choice, chooseEntries, chooseInParts, type EntryTarget, isEntryTarget } from './chosen.ts';
import { type DrawnPlan, drawPlan, type PlanContext, type Wish } from './clear/plan.ts';
import { reader } from './fs/reader.ts';
import { cachesNow, type Parts, protectedNow } from './parts.ts';
import { unitView } from './sizes.ts';
import { usageOf } from './usage/holders.ts';

/** A unit as every door shows it; with `measure` it is walked, and who listens hears how that goes. */
export const measuredUnit = async (parts: Parts, unit: KnownUnit, measure: boolean): Promise<Unit> => {
  if (!measure || reader.facts(unit.path) === null) return unitView(unit, await parts.sizes.last(unit));
  const measured = await parts.sizes.measure(unit, (progress) =>
    parts.events.emit('measuring', { unit: unit.id, progress }),
  );
  const view = unitView(unit, measured);
  parts.events.emit('unitMeasured', { cache: unit.cache, unit: view });
  return view;
};

type UnitTarget = Exclude<Target, EntryTarget>;

/** The units of a target. A cache that cannot be used says why, here and now. */
const unitsOf = (target: UnitTarget, caches: readonly KnownCache[]): readonly Omit<Wish, 'sizes'>[] => {
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
    return findCache(caches, target.cache).keeps();
  });

/** What a plan is drawn with, as it is now. */
export const planContext = async (parts: Parts): Promise<PlanContext> => ({
  protectedPlaces: await protectedNow(parts),
  pid: parts.engine.self.pid,
  usageOf: (places) => usageOf(places, { thorough: true, stateDir: parts.stateDir }),
});

/** Single things take what their entries say, and nothing need be walked for it. */
const sized = async (parts: Parts, wish: Omit<Wish, 'sizes'>, measure: boolean): Promise<Wish> => {
  const { pieces } = wish;
  if (pieces === undefined) return { ...wish, sizes: (await measuredUnit(parts, wish.unit, measure)).bytes };
  const { bytes } = pieces;
  return { ...wish, sizes: { apparent: bytes, allocated: bytes, reclaimable: bytes } };
};

/** Whole units of a plan; those of a cache that cannot go one by one go in one clear. */
const wholeUnits = async (parts: Parts, wishes: readonly Omit<Wish, 'sizes'>[]): Promise<readonly Choice[]> => {
  const choices: Choice[] = [];
  for (const [cache, some] of Map.groupBy(wishes, (wish) => wish.cache)) {
    const units = some.map(({ unit }) => unit);
    choices.push((await chooseInParts(parts, cache, units)) ?? { wishes: some, chosen: nothingChosen });
  }
  return choices;
};

const nothingChosen: PlanChosen = { entries: [], count: 0, bytes: 0, also: [], stays: [], staysCount: 0 };

const together = (choices: readonly Choice[]): PlanChosen | null => {
  const all = choices.map(({ chosen }) => chosen).filter((it) => it !== nothingChosen);
  if (all.length === 0) return null;
  return all.reduce((sum, it) => ({
    entries: [...sum.entries, ...it.entries],
    count: sum.count + it.count,
    bytes: sum.bytes + it.bytes,
    also: [...sum.also, ...it.also],
    stays: [...sum.stays, ...it.stays],
    staysCount: sum.staysCount + it.staysCount,
  }));
};

/**
 * Looks at all that these targets mean, and draws the plan of clearing it. Reads only.
 * @throws CodedError what is wrong with a cache, or with the words for entries.
 */
export const drawFor = async (parts: Parts, targets: readonly Target[], measure: boolean): Promise<DrawnPlan> => {
  const caches = await cachesNow(parts);
  const units = targets.flatMap((target) => (isEntryTarget(target) ? [] : unitsOf(target, caches)));
  const choices = [...(await wholeUnits(parts, [...new Map(units.map((wish) => [wish.unit.id, wish])).values()]))];
  for (const target of targets) {
    if (isEntryTarget(target)) {
      choices.push(await chooseEntries(parts, target, caches, (id) => findCache(caches, id)));
    }
  }
  // A unit that goes as a whole takes its entries along, whoever named them.
  const named = new Map<string, Omit<Wish, 'sizes'>>();
  for (const wish of choices.flatMap(({ wishes }) => wishes)) {
    named.set(`${wish.unit.id} ${wish.pieces === undefined ? '' : named.size}`, wish);
  }
  const wishes: Wish[] = [];
  for (const wish of named.values()) wishes.push(await sized(parts, wish, measure));
  return drawPlan(wishes, keptBy(targets, caches), await planContext(parts), together(choices));
};
