import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Given } from '../../electron/core/catalog/testing/root-of.ts';
import type { RawEntry, Root, Tool } from '../../electron/core/catalog/tool.ts';
import { reader } from '../../electron/core/fs/reader.ts';
import { folderForTest } from './temporary.ts';

const homes = { linux: '/home/ada', darwin: '/Users/ada', win32: 'C:\\Users\\ada' } as const;

/** Where this tool would look on such a machine, listed in the catalogue or not. */
export const placeOf = (tool: Tool, { platform = 'linux', env = {}, home, files = {} }: Given = {}): Root =>
  tool.root({ platform, env, home: home ?? homes[platform], cwd: '/', readText: (path) => files[path] ?? null });

/** A new folder with these files; a name that ends in a slash is a folder, `a -> b` a link. */
export const layout = (files: Readonly<Record<string, string>> | readonly string[]): string => {
  const root = folderForTest();
  const pairs = Array.isArray(files) ? files.map((name) => [name, 'ten bytes.'] as const) : Object.entries(files);
  for (const [name, text] of pairs) {
    const [own = '', target] = name.split(' -> ');
    const path = join(root, own);
    mkdirSync(own.endsWith('/') ? path : dirname(path), { recursive: true });
    if (target !== undefined) symlinkSync(target, path);
    else if (!own.endsWith('/')) writeFileSync(path, text);
  }
  return root;
};

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

/** Every unit's contradiction, by its name; null where there is none. */
export const contradictions = (tool: Tool, root: string): Readonly<Record<string, string | null>> =>
  Object.fromEntries(tool.units(root, reader).map((unit) => [unit.name, tool.contradiction(root, unit, reader)]));

/** All entries of all units. Fails when two of a unit have one key. */
export const entriesIn = async (tool: Tool, root: string): Promise<readonly (RawEntry & { readonly in: string })[]> => {
  const all: (RawEntry & { in: string })[] = [];
  for (const unit of tool.units(root, reader)) {
    const keys = new Set<string>();
    for await (const entry of tool.entries(root, unit, reader)) {
      if (keys.has(entry.key)) throw new Error(`two entries ${entry.key} in ${unit.name}`);
      keys.add(entry.key);
      all.push({ ...entry, in: unit.name });
    }
  }
  return all;
};

/** `unit: kind, name version` of every entry. */
export const toldIn = async (tool: Tool, root: string): Promise<readonly string[]> =>
  (await entriesIn(tool, root)).map(({ in: unit, kind, name, version }) => `${unit}: ${kind}, ${name} ${version}`);
