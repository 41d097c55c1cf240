import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Given } from '../../electron/core/catalog/testing/root-of.ts';
import type { RawEntry, Root, Surroundings, Tool, UnitDefinition } from '../../electron/core/catalog/tool.ts';
import { reader } from '../../electron/core/fs/reader.ts';
import { folderForTest } from './temporary.ts';

/** Names below a folder: text of a file, null for a folder, `-> there` for a link. */
export type Layout = Readonly<Record<string, string | null>>;

/** Makes a layout in a folder of its own, and gives that folder. */
export const made = (layout: Layout, root = folderForTest()): string => {
  for (const [name, text] of Object.entries(layout)) {
    const path = join(root, name);
    mkdirSync(text === null ? path : dirname(path), { recursive: true });
    if (text?.startsWith('-> ')) symlinkSync(text.slice(3), path);
    else if (text !== null) writeFileSync(path, text);
  }
  return root;
};

/** The same by names, of files of ten bytes where only names are given; one that ends in a slash is a folder, `a -> b` a link. */
export const layout = (files: Readonly<Record<string, string>> | readonly string[]): string => {
  const pairs = Array.isArray(files) ? files.map((name) => [name, 'ten bytes.'] as const) : Object.entries(files);
  return made(
    Object.fromEntries(
      pairs.map(([name, text]) => {
        const [own = '', target] = name.split(' -> ');
        return [own, target !== undefined ? `-> ${target}` : own.endsWith('/') ? null : text];
      }),
    ),
  );
};

const homes = { linux: '/home/ada', darwin: '/Users/ada', win32: 'C:\\Users\\ada' } as const;

/** Where this tool would look on such a machine, listed in the catalogue or not. */
export const placeOf = (tool: Tool, { platform = 'linux', env = {}, home, files = {} }: Given = {}): Root =>
  tool.root({ platform, env, home: home ?? homes[platform], cwd: '/', readText: (path) => files[path] ?? null });

/** The same for Ada's machine. */
export const rootSeen = (
  tool: Tool,
  env: Surroundings['env'] = {},
  platform: Surroundings['platform'] = 'linux',
  files: Readonly<Record<string, string>> = {},
): Root => placeOf(tool, { platform, env, files });

export const below = (root: string, path: string): string => path.slice(root.length + 1).replaceAll('\\', '/');

export const unitNames = (tool: Tool, root: string): readonly string[] =>
  tool.units(root, reader).map(({ name }) => name);

/** What stays and why, by its path below the root; what stands beside the root begins with `../`. */
export const keptBelow = (tool: Tool, root: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    tool
      .keeps(root, reader)
      .map(({ path, why }) => [
        path.startsWith(`${root}/`) ? below(root, path) : `../${below(dirname(root), path)}`,
        why,
      ]),
  );

/** The same for tests in which nothing stands beside the root. */
export const keptIn = (tool: Tool, root: string): Readonly<Record<string, string>> =>
  Object.fromEntries(tool.keeps(root, reader).map(({ path, why }) => [below(root, path), why]));

/** Every unit's contradiction, by its name; null where there is none. */
export const contradictionOfEach = (tool: Tool, root: string): Readonly<Record<string, string | null>> =>
  Object.fromEntries(tool.units(root, reader).map((unit) => [unit.name, tool.contradiction(root, unit, reader)]));

/** What contradicts that its units are caches, by unit; empty when nothing does. */
export const contradictions = (tool: Tool, root: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(contradictionOfEach(tool, root)).filter((pair): pair is [string, string] => pair[1] !== null),
  );

/** All entries of some units, else of all, and the unit each is in. Fails when two of a unit have one key. */
export const entriesIn = async (
  tool: Tool,
  root: string,
  units: readonly UnitDefinition[] = tool.units(root, reader),
): Promise<readonly (RawEntry & { readonly in: string })[]> => {
  const all: (RawEntry & { in: string })[] = [];
  for (const unit of units) {
    const keys = new Set<string>();
    for await (const entry of tool.entries(root, unit, reader)) {
      if (keys.has(entry.key)) throw new Error(`two entries ${entry.key} in ${unit.name}`);
      keys.add(entry.key);
      all.push({ ...entry, in: unit.name });
    }
  }
  return all;
};

/** `kind, name version`, one line an entry. */
export const entryLines = async (tool: Tool, root: string): Promise<readonly string[]> =>
  (await entriesIn(tool, root)).map(({ kind, name, version }) => `${kind}, ${name} ${version}`);

/** `unit: kind, name version` of every entry. */
export const toldIn = async (tool: Tool, root: string): Promise<readonly string[]> =>
  (await entriesIn(tool, root)).map(({ in: unit, kind, name, version }) => `${unit}: ${kind}, ${name} ${version}`);
