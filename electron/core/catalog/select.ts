import { type EntryFilter, isMeant, Newest } from '../../../shared/filter.ts';
import type { EntryId, UnitId } from '../../../shared/ids.ts';
import type { Entry } from '../../../shared/model.ts';
import type { Reader } from '../fs/reader.ts';
import { entryHash, entryId, seenText } from './entry-id.ts';
import type { PartPlan, RawEntry, Tool, UnitDefinition, Wanted } from './tool.ts';

/** Which entries a person chose. All that is said must hold; nothing said: all of them. */
export interface SelectWish {
  readonly filter?: string | undefined;
  readonly where?: EntryFilter | undefined;
  readonly ids?: readonly EntryId[] | undefined;
  /** Those that they took out again. */
  readonly without?: readonly EntryId[] | undefined;
  /** Units that were chosen as a whole, by name: all that is in them goes. */
  readonly whole?: readonly string[] | undefined;
}

export interface SelectUnit {
  readonly id: UnitId;
  readonly definition: UnitDefinition;
}

/** What a choice of entries comes to. Structured-clonable. */
export interface Selected {
  /** Names of units all of whose entries were chosen: they go as wholes. */
  readonly whole: readonly string[];
  /** Names of units out of which single things were chosen; what goes along may stand in others. */
  readonly asked: readonly string[];
  readonly plan: Pick<PartPlan, 'moves' | 'rows' | 'also'>;
  /** Of all that goes, the largest first: a thousand at most. */
  readonly entries: readonly Entry[];
  readonly count: number;
  readonly bytes: number;
  /** Of what goes one by one. */
  readonly pieceCount: number;
  readonly pieceBytes: number;
  readonly stays: readonly { readonly entry: Entry; readonly why: string }[];
  readonly staysCount: number;
}

/** So many entries of a plan are shown; all of them are counted. */
const mostShown = 1000;
const mostStays = 100;

interface Chosen {
  readonly unit: SelectUnit;
  readonly entry: RawEntry;
}

/** Says whether an entry is chosen, once every entry has been seen. */
const chooser = (wish: SelectWish, now: number, newest: Newest) => {
  const wanted = wish.filter?.toLowerCase();
  const ids = wish.ids === undefined ? null : new Set(wish.ids);
  const without = new Set(wish.without);
  const whole = new Set(wish.whole);
  return ({ unit, entry }: Chosen): boolean => {
    if (wish.whole !== undefined) return whole.has(unit.definition.name);
    if (ids !== null || without.size > 0) {
      const id = entryId(entryHash(unit.id, entry.key));
      if (without.has(id) || ids?.has(id) === false) return false;
    }
    if (wanted !== undefined && !seenText(entry).toLowerCase().includes(wanted)) return false;
    return isMeant({ ...entry, unit: unit.definition.name }, wish.where ?? {}, now, newest);
  };
};

/** Why nothing of a tool can be taken out of its units, with what can be done instead. */
const asWhole = ({ name, own }: Tool): string =>
  `what ${name} caches there belongs together, so it is only cleared as a whole.${own === undefined ? '' : ` ‘${own.argv.join(' ')}’ is its own way: ${own.does}`}`;

const named = ({ unit, entry: { key, ...entry } }: Chosen): Entry => ({
  id: entryId(entryHash(unit.id, key)),
  unit: unit.definition.name,
  ...entry,
});

const largestFirst = (all: readonly Chosen[], most: number): readonly Entry[] =>
  all
    .toSorted((a, b) => (b.entry.bytes ?? 0) - (a.entry.bytes ?? 0))
    .slice(0, most)
    .map(named);

const bytesOf = (all: readonly Chosen[]): number => all.reduce((sum, { entry }) => sum + (entry.bytes ?? 0), 0);

/** Without what goes anyway, since all of its unit does. The tool has to know of those: what they lead to goes too. */
const beside = (whole: readonly string[], plan: PartPlan): PartPlan => {
  const isApart = (move: string): boolean =>
    !whole.some((unit) => unit === '.' || move === unit || move.startsWith(`${unit}/`));
  return { ...plan, moves: plan.moves.filter(isApart) };
};

const nothing: PartPlan = { moves: [], rows: [], also: [], stays: [] };

/**
 * Reads the entries of units, and says what has to go so that those that are chosen are gone and the rest is right in the
 * tool's own sense. A unit all of whose entries are chosen goes as a whole, if it can. Reads only. Runs in a worker.
 */
export const select = async (
  tool: Tool,
  root: string,
  units: readonly SelectUnit[],
  wish: SelectWish,
  read: Reader,
  now: number,
): Promise<Selected> => {
  const all: Chosen[] = [];
  const newest = new Newest();
  for (const unit of units) {
    for await (const entry of tool.entries(root, unit.definition, read)) {
      newest.add({ ...entry, unit: unit.definition.name });
      all.push({ unit, entry });
    }
  }
  const isChosen = chooser(wish, now, newest);
  const chosen = all.filter(isChosen);
  const totals = new Map<SelectUnit, number>();
  for (const { unit } of all) totals.set(unit, (totals.get(unit) ?? 0) + 1);
  const byUnit = new Map<SelectUnit, Chosen[]>();
  for (const unit of units) if (wish.whole?.includes(unit.definition.name)) byUnit.set(unit, []);
  for (const one of chosen) {
    const some = byUnit.get(one.unit);
    if (some === undefined) byUnit.set(one.unit, [one]);
    else some.push(one);
  }

  const whole: string[] = [];
  const wanted: Wanted[] = [];
  const wholes: Wanted[] = [];
  const alone: Chosen[] = [];
  const stays: { readonly chosen: Chosen; readonly why: string }[] = [];
  const areInParts = [...byUnit.keys()].some(({ definition }) => definition.inParts);
  for (const [unit, some] of byUnit) {
    const isAll = wish.whole !== undefined || some.length === totals.get(unit);
    if (isAll && !areInParts) {
      whole.push(unit.definition.name);
      wholes.push({ unit: unit.definition, keys: 'all' });
    } else if (tool.parts === undefined) stays.push(...some.map((one) => ({ chosen: one, why: asWhole(tool) })));
    else {
      alone.push(...some);
      const keys = isAll ? ('all' as const) : new Set(some.map(({ entry }) => entry.key));
      wanted.push({ unit: unit.definition, keys });
    }
  }
  const plan =
    wanted.length === 0 ? nothing : beside(whole, tool.parts?.(root, [...wanted, ...wholes], read) ?? nothing);
  const kept = new Map(plan.stays.map(({ unit, key, why }) => [`${unit}\0${key}`, why]));
  const goes: Chosen[] = [];
  for (const one of alone) {
    const why = kept.get(`${one.unit.definition.name}\0${one.entry.key}`);
    if (why === undefined) goes.push(one);
    else stays.push({ chosen: one, why });
  }
  const going = [...chosen.filter(({ unit }) => whole.includes(unit.definition.name)), ...goes];
  return {
    whole,
    asked: plan.moves.length + plan.rows.length === 0 ? [] : wanted.map(({ unit }) => unit.name),
    plan: { moves: plan.moves, rows: plan.rows, also: plan.also },
    entries: largestFirst(going, mostShown),
    count: going.length,
    bytes: bytesOf(going),
    pieceCount: goes.length,
    pieceBytes: bytesOf(goes),
    stays: stays.slice(0, mostStays).map(({ chosen: one, why }) => ({ entry: named(one), why })),
    staysCount: stays.length,
  };
};
