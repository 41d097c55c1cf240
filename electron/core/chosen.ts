import type { Target } from '../../shared/api.ts';
import { CodedError } from '../../shared/errors.ts';
import type { PlanChosen } from '../../shared/model.ts';
import { counted } from '../../shared/words.ts';
import { closedBecause, type KnownCache, type KnownUnit } from './caches.ts';
import type { Selected, SelectWish } from './catalog/select.ts';
import type { PiecesWish } from './clear/look-pieces.ts';
import type { Wish } from './clear/plan.ts';
import { reader } from './fs/reader.ts';
import type { Parts } from './parts.ts';

/** A target that means single entries of one cache. */
export type EntryTarget = Extract<Target, { readonly entriesOf: unknown } | { readonly view: unknown }>;
export const isEntryTarget = (target: Target): target is EntryTarget => 'entriesOf' in target || 'view' in target;

/** What a choice of entries comes to: units that go as wholes, single things that go in one clear, and what to tell. */
export interface Choice {
  readonly wishes: readonly Omit<Wish, 'sizes'>[];
  readonly chosen: PlanChosen;
}

/** Names of what goes, for the history. */
const mostNames = 20;

const nameOf = ({ name, version, url, kind }: Selected['entries'][number]): string =>
  [name ?? url ?? kind, version].filter((it) => it !== null).join(' ');

/** The units that things go out of: those that were chosen first, then others that what goes along stands in. */
const unitsTouched = ({ units }: KnownCache, { asked, plan }: Selected): readonly KnownUnit[] => {
  const byName = new Map(units.map((unit) => [unit.definition.name, unit]));
  const names = new Set(asked);
  for (const move of plan.moves) {
    for (let cut = move.length; cut > 0; cut = move.lastIndexOf('/', cut - 1)) {
      const name = move.slice(0, cut);
      if (byName.has(name)) names.add(name);
    }
  }
  return [...names].flatMap((name) => byName.get(name) ?? []);
};

const piecesOf = (cache: KnownCache, selected: Selected): PiecesWish | null => {
  if (selected.asked.length === 0) return null;
  const units = unitsTouched(cache, selected);
  const { moves, rows } = selected.plan;
  const single = selected.entries.filter(({ unit }) => !selected.whole.includes(unit));
  return {
    units,
    moves,
    rows,
    bytes: selected.pieceBytes,
    about: {
      entries: selected.pieceCount,
      moves: moves.length,
      rows: rows.length,
      names: single.slice(0, mostNames).map(nameOf),
    },
  };
};

const allStays = (cache: KnownCache, { stays, staysCount }: Selected): CodedError =>
  new CodedError({
    code: 'not-separable',
    path: cache.root,
    message: `${counted(staysCount, 'entry was', 'entries were')} chosen and none can be cleared by itself: ${stays[0]?.why ?? ''}`,
  });

/** What is to be cleared of one cache when these of its units, or entries of them, are chosen. */
const choose = async (
  parts: Parts,
  cache: KnownCache,
  units: readonly KnownUnit[],
  wish: SelectWish,
): Promise<Choice> => {
  const closed = closedBecause(cache) ?? cache.problem;
  if (closed !== null) throw new CodedError(closed);
  const there = units.filter(({ path }) => reader.facts(path) !== null);
  const selected = await parts.decoder.select({
    tool: cache.tool.id,
    root: cache.root,
    units: there.map(({ id, definition }) => ({ id, definition })),
    wish,
  });
  const pieces = piecesOf(cache, selected);
  const wishes: Omit<Wish, 'sizes'>[] = cache.units
    .filter(({ definition }) => selected.whole.includes(definition.name))
    .map((unit) => ({ cache, unit, saw: undefined }));
  const [first] = pieces?.units ?? [];
  if (pieces !== null && first !== undefined) wishes.push({ cache, unit: first, pieces, saw: undefined });
  if (wishes.length === 0 && selected.staysCount > 0) throw allStays(cache, selected);
  const { entries, count, bytes, stays, staysCount } = selected;
  return { wishes, chosen: { entries, count, bytes, also: selected.plan.also, stays, staysCount } };
};

/**
 * What the single entries of a target come to.
 * @throws CodedError `not-separable`, `unknown-target`, `view-expired`, and what is wrong with the cache.
 */
export const chooseEntries = async (
  parts: Parts,
  target: EntryTarget,
  caches: readonly KnownCache[],
  find: (id: string) => KnownCache,
): Promise<Choice> => {
  if ('view' in target) {
    const { cache, ids } = await parts.views.ids(target.view, target.revision, target.ranges);
    return choose(parts, find(cache), find(cache).units, { ids, without: target.without });
  }
  const { entriesOf, units, filter, where, ids, without } = target;
  const cache = find(entriesOf);
  const known = new Set(caches.flatMap((it) => it.units.map(({ id }) => id)));
  const missing = units?.find((id) => !known.has(id));
  if (missing !== undefined) {
    throw new CodedError({
      code: 'unknown-target',
      message: `There is no unit with the id ${missing} any more. List the caches again.`,
    });
  }
  const wanted = cache.units.filter(({ id }) => units === undefined || units.includes(id));
  return choose(parts, cache, wanted, { filter, where, ids, without });
};

/**
 * Units that take other things of their cache along, and those that go with them: one clear in parts. Null when that is
 * all of the cache, or none of them is such a unit: then each goes by itself.
 */
export const chooseInParts = async (
  parts: Parts,
  cache: KnownCache,
  units: readonly KnownUnit[],
): Promise<Choice | null> => {
  if (!units.some(({ definition }) => definition.inParts)) return null;
  const there = cache.units.filter(({ path }) => reader.facts(path) !== null);
  if (there.every((unit) => units.includes(unit))) return null;
  return choose(parts, cache, units, { whole: units.map(({ definition }) => definition.name) });
};
