import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished } from 'vitest';
import type { PartPlan, RawEntry, Tool, Wanted } from '../../electron/core/catalog/tool.ts';
import { reader } from '../../electron/core/fs/reader.ts';
import { removeFolder } from './temporary.ts';

export interface Told extends RawEntry {
  readonly in: string;
}

/** All entries of a tool's cache. */
export const toldIn = async (tool: Tool, root: string): Promise<readonly Told[]> => {
  const all: Told[] = [];
  for (const unit of tool.units(root, reader))
    for await (const entry of tool.entries(root, unit, reader)) all.push({ ...entry, in: unit.name });
  return all;
};

const idOf = (entry: Told): string => `${entry.in}: ${entry.key}`;

/** Every name below a folder with what it is, its identity, its time and what is in it. Times of folders are left out. */
export const everything = (dir: string): Readonly<Record<string, string>> => {
  const seen: Record<string, string> = {};
  const look = (path: string): void => {
    const stats = lstatSync(path);
    const name = path.slice(dir.length);
    if (stats.isSymbolicLink()) seen[name] = `link ${readlinkSync(path)}`;
    else if (stats.isDirectory()) {
      seen[name] = `folder ${stats.ino} ${stats.mode}`;
      for (const child of readdirSync(path)) look(join(path, child));
    } else {
      const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
      seen[name] = `${stats.ino} ${stats.mode} ${stats.mtimeMs} ${hash}`;
    }
  };
  look(dir);
  return seen;
};

/** As core asks: units of which all entries were chosen are wanted as a whole. */
export const wantedOf = (tool: Tool, root: string, all: readonly Told[], chosen: readonly Told[]): readonly Wanted[] =>
  tool.units(root, reader).flatMap((unit): readonly Wanted[] => {
    const [its, some] = [all, chosen].map((entries) => entries.filter((entry) => entry.in === unit.name));
    if (some === undefined || some.length === 0) return [];
    return [{ unit, keys: some.length === its?.length ? 'all' : new Set(some.map(({ key }) => key)) }];
  });

/** What must hold for every plan: it moves what is there, each thing once, nothing that is kept, and nothing but of its units. */
export const expectSound = (tool: Tool, root: string, plan: PartPlan): void => {
  expect(new Set(plan.moves).size).toBe(plan.moves.length);
  const units = tool.units(root, reader).map(({ name }) => name);
  const kept = tool.keeps(root, reader).map(({ path }) => path);
  for (const path of plan.moves) {
    expect(path.split('/')).not.toContain('..');
    expect(reader.facts(join(root, path)), path).not.toBeNull();
    expect(
      units.some((unit) => unit === '.' || path === unit || path.startsWith(`${unit}/`)),
      path,
    ).toBe(true);
    expect(plan.moves.filter((other) => other.startsWith(`${path}/`))).toEqual([]);
    for (const its of kept)
      expect(
        join(root, path) === its || its.startsWith(`${join(root, path)}/`) || join(root, path).startsWith(`${its}/`),
        its,
      ).toBe(false);
  }
};

export interface Cleared {
  readonly plan: PartPlan;
  /** Entries that are gone, and those that are there. */
  readonly gone: readonly string[];
  readonly rest: readonly string[];
  /** Puts everything back, and sees that all is as it was, bit by bit. */
  readonly undo: () => void;
}

/**
 * Chooses entries, moves what the plan says, and sees that exactly those are gone that were chosen and do not stay, with none of
 * the rest damaged that was whole.
 */
export const cleared = async (
  tool: Tool,
  root: string,
  choose: (entry: Told) => boolean,
  options: { readonly moreMayGo?: boolean } = {},
): Promise<Cleared> => {
  const all = await toldIn(tool, root);
  const chosen = all.filter(choose);
  const wanted = wantedOf(tool, root, all, chosen);
  const before = everything(root);
  const plan = tool.parts?.(root, wanted, reader) ?? { moves: [], rows: [], also: [], stays: [] };
  expect(everything(root)).toEqual(before);
  expectSound(tool, root, plan);
  const aside = `${root}.stale-1`;
  mkdirSync(aside, { recursive: true });
  onTestFinished(() => removeFolder(aside));
  for (const { file, table, row } of plan.rows) {
    const db = new DatabaseSync(join(root, file));
    const where = Object.keys(row).map((name) => `"${name}" IS ?`);
    const ran = db.prepare(`DELETE FROM "${table}" WHERE ${where.join(' AND ')}`).run(...Object.values(row));
    expect(ran.changes).toBe(1);
    db.close();
  }
  for (const [index, path] of plan.moves.entries()) renameSync(join(root, path), join(aside, String(index)));

  const stays = new Set(plan.stays.map(({ unit, key }) => `${unit}: ${key}`));
  const left = await toldIn(tool, root);
  const ids = new Set(left.map(idOf));
  const gone = all.filter((entry) => !ids.has(idOf(entry)));
  const expected = chosen.map(idOf).filter((id) => !stays.has(id));
  if (options.moreMayGo) expect(gone.map(idOf)).toEqual(expect.arrayContaining(expected));
  else expect(gone.map(idOf).sort()).toEqual(expected.sort());
  const known = new Set(all.map(idOf));
  // A folder that is empty now may be an entry of no bytes.
  expect(left.filter((entry) => !known.has(idOf(entry)) && entry.bytes !== 0).map(idOf)).toEqual([]);
  const damagedBefore = new Set(all.filter(({ damaged }) => damaged !== null).map(idOf));
  expect(left.filter((entry) => entry.damaged !== null && !damagedBefore.has(idOf(entry)))).toEqual([]);
  return {
    plan,
    gone: gone.map(idOf),
    rest: left.map(idOf),
    undo: () => {
      for (const [index, path] of [...plan.moves.entries()].reverse()) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        renameSync(join(aside, String(index)), join(root, path));
      }
      for (const { file, table, row } of plan.rows) {
        const db = new DatabaseSync(join(root, file));
        const names = Object.keys(row);
        db.prepare(
          `INSERT INTO "${table}" (${names.map((name) => `"${name}"`).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
        ).run(...Object.values(row));
        db.close();
      }
      const books = new Set(plan.rows.map(({ file }) => `/${file}`));
      const without = (seen: Readonly<Record<string, string>>) =>
        Object.fromEntries(Object.entries(seen).filter(([name]) => !books.has(name)));
      expect(without(everything(root))).toEqual(without(before));
    },
  };
};
