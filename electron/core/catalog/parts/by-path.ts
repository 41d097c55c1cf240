import type { Reader } from '../../fs/reader.ts';
import { unitPath } from '../shape.ts';
import type { PartPlan, Tool, UnitDefinition, Wanted } from '../tool.ts';
import { allOf, inUnit, planOf, standingIn } from './plan.ts';

/** How the entries of a tool stand below their units. */
export interface ByPath {
  /** Why an entry cannot go without the rest of its unit, as a sentence; null when it can. */
  readonly stays?: (unit: UnitDefinition, key: string) => string | null;
  /**
   * The paths below the unit that are an entry, what leads to the rest first. Left out: its key. Those that are not there
   * are left out of the plan. `dir` is where the unit stands.
   */
  readonly paths?: (key: string, unit: UnitDefinition, dir: string, read: Reader) => readonly string[];
  /** Lower ones go first; all else in the order of the entries. */
  readonly order?: (path: string) => number;
}

/** Why something stays: reasons that several tools have. */
export const lockStays = 'it is a lock of the tool, and must stay where it is.';
export const wholeStays = 'what is in this folder belongs together, so it is only cleared as a whole.';

type Stays = PartPlan['stays'][number];

/** An entry of a unit that is a file: the whole of it, unless the unit has several entries in one file. */
const inFile = (unit: UnitDefinition, key: string): string | null =>
  key === '.' || key === unit.name || unit.name.endsWith(`/${key}`) ? unit.name : null;

const oneFile = 'it shares one file with others, and that file is only cleared as a whole.';

/** Moves for what is wanted of one unit, and what of it stays. Nothing outside of the unit moves. */
export const unitByPath = (
  root: string,
  { unit, keys }: Wanted,
  read: Reader,
  rules: ByPath = {},
): { readonly moves: readonly string[]; readonly stays: readonly Stays[] } => {
  if (keys === 'all') return { moves: allOf(root, unit, read), stays: [] };
  const stands = standingIn(root, read);
  const dir = unitPath(root, unit);
  const moves: string[] = [];
  const stays: Stays[] = [];
  for (const key of keys) {
    const why = rules.stays?.(unit, key) ?? null;
    const file = unit.kind === 'file' ? inFile(unit, key) : null;
    if (why !== null) stays.push({ unit: unit.name, key, why });
    else if (unit.kind === 'file' && file === null) stays.push({ unit: unit.name, key, why: oneFile });
    else if (file !== null) moves.push(...[file].filter(stands));
    // What decoders call the whole of a unit.
    else if (key === '.' && unit.name !== '.') moves.push(...allOf(root, unit, read));
    else
      for (const path of rules.paths?.(key, unit, dir, read) ?? [key])
        if (stands(inUnit(unit, path))) moves.push(inUnit(unit, path));
  }
  return { moves, stays };
};

/**
 * `parts` of a tool whose entries are files and folders that do not know of each other: their key is where they stand
 * below their unit. What is not there any more is left out, and so is what a key names outside of its unit.
 */
export const byPath =
  (rules: ByPath = {}): NonNullable<Tool['parts']> =>
  (root, wanted, read) => {
    const found = wanted.map((it) => unitByPath(root, it, read, rules));
    const moves = found.flatMap((it) => it.moves);
    const { order } = rules;
    return planOf(order === undefined ? moves : moves.toSorted((a, b) => order(a) - order(b)), {
      stays: found.flatMap((it) => it.stays),
    });
  };
