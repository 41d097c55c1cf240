import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

const homes = { linux: '/home/ada', darwin: '/Users/ada', win32: 'C:\\Users\\ada' } as const;

/** Where a tool looks on Ada's machine. */
export const rootSeen = (
  tool: Tool,
  env: Surroundings['env'] = {},
  platform: Surroundings['platform'] = 'linux',
  files: Readonly<Record<string, string>> = {},
): Root =>
  tool.root({ platform, env, home: homes[platform], cwd: '/somewhere', readText: (path) => files[path] ?? null });

export const unitNames = (tool: Tool, root: string): readonly string[] =>
  tool.units(root, reader).map(({ name }) => name);

/** What is kept, by its name below the root. */
export const keptIn = (tool: Tool, root: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    tool.keeps(root, reader).map(({ path, why }) => [path.slice(root.length + 1).replaceAll('\\', '/'), why]),
  );

/** What contradicts that its units are caches, by unit; empty when nothing does. */
export const contradictions = (tool: Tool, root: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    tool.units(root, reader).flatMap((unit) => {
      const found = tool.contradiction(root, unit, reader);
      return found === null ? [] : [[unit.name, found]];
    }),
  );

/** All entries of a unit, or of all units. Fails when two have one key in one unit. */
export const entriesIn = async (
  tool: Tool,
  root: string,
  units: readonly UnitDefinition[] = tool.units(root, reader),
): Promise<readonly RawEntry[]> => {
  const all: RawEntry[] = [];
  for (const unit of units) {
    const keys = new Set<string>();
    for await (const entry of tool.entries(root, unit, reader)) {
      if (keys.has(entry.key)) throw new Error(`two entries ${entry.key} in ${unit.name}`);
      keys.add(entry.key);
      all.push(entry);
    }
  }
  return all;
};

/** `kind, name version`, one line an entry. */
export const entryLines = async (tool: Tool, root: string): Promise<readonly string[]> =>
  (await entriesIn(tool, root)).map(({ kind, name, version }) => `${kind}, ${name} ${version}`);
