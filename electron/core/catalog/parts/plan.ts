import { join, sep } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import { childrenOf } from '../decode/walk.ts';
import type { PartPlan, UnitDefinition } from '../tool.ts';

const isLeftover = (name: string): boolean => /\.(?:stale|deleting)-\d/.test(name);

/** Is each part a plain name of a child? A key comes out of a cache, which anybody may have written. */
const arePlain = (parts: readonly string[]): boolean =>
  parts.every((part) => part !== '' && part !== '.' && part !== '..' && !/[\0\\]/.test(part));

/** A path below the root, `/` between, as the plan names it. */
export const belowRoot = (root: string, path: string): string =>
  path.slice(root.length).split(sep).join('/').replace(/^\/+/, '');

/** The path of a unit below its root and of what stands in it; `.` is the root itself. */
export const inUnit = (unit: UnitDefinition, path: string): string =>
  unit.name === '.' ? path : `${unit.name}/${path}`;

/** Says of a path below the root whether something stands there, reached through real folders only. */
export const standingIn = (root: string, read: Reader): ((path: string) => boolean) => {
  const folders = new Map<string, boolean>();
  const isFolder = (parts: readonly string[]): boolean => {
    if (parts.length === 0) return true;
    const name = parts.join('/');
    const known = folders.get(name);
    if (known !== undefined) return known;
    const is = isFolder(parts.slice(0, -1)) && read.facts(join(root, ...parts))?.kind === 'directory';
    folders.set(name, is);
    return is;
  };
  return (path) => {
    const parts = path.split('/');
    return arePlain(parts) && isFolder(parts.slice(0, -1)) && read.facts(join(root, ...parts)) !== null;
  };
};

/** Everything that a unit holds, as few moves as there can be: itself, or where it is the root the children of that. */
export const allOf = (root: string, unit: UnitDefinition, read: Reader): readonly string[] => {
  if (unit.name !== '.') return standingIn(root, read)(unit.name) ? [unit.name] : [];
  return childrenOf(read, root)
    .map(({ name }) => name)
    .filter((name) => arePlain([name]) && !isLeftover(name));
};

/** A plan of these moves: each path once, and none below another that moves, in the order of their first naming. */
export const planOf = (moves: Iterable<string>, more: Partial<Omit<PartPlan, 'moves'>> = {}): PartPlan => {
  const all = new Set(moves);
  const isBelowAnother = (path: string): boolean => {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
      if (all.has(path.slice(0, at))) return true;
    return false;
  };
  return {
    moves: [...all].filter((path) => !isBelowAnother(path)),
    rows: more.rows ?? [],
    also: more.also ?? [],
    stays: more.stays ?? [],
  };
};

/** `3 things` */
export const counted = (count: number, one: string, many: string): string =>
  count === 1 ? `One ${one}` : `${count} ${many}`;
