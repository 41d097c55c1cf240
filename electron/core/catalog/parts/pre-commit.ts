import { join } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import { asText } from '../decode/entry.ts';
import { readTables } from '../decode/sqlite.ts';
import { childrenOf } from '../decode/walk.ts';
import { unitPath } from '../shape.ts';
import type { PartPlan, PartRow, Tool, Wanted } from '../tool.ts';
import { unitByPath } from './by-path.ts';
import { planOf } from './plan.ts';

const list = 'db.db';
const inside = 'the environments that it built stand in this folder, and some of them were not chosen.';
const unreadable = 'its list db.db cannot be read now, and it would still name this folder. Choose db.db too.';

const nameOf = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/** The rows of pre-commit's list by the folder that they name; null when it cannot be read. `repos`: pre_commit/store.py. */
const rowsByFolder = (root: string, read: Reader): ReadonlyMap<string, readonly PartRow[]> | null => {
  if (read.facts(join(root, list)) === null) return new Map();
  const book = readTables(read, join(root, list), { repos: ['repo', 'ref', 'path'] });
  if (book === null) return null;
  const rows = new Map<string, PartRow[]>();
  for (const row of book.repos) {
    const [repo, ref, path] = [asText(row['repo']), asText(row['ref']), asText(row['path'])];
    if (repo === null || ref === null || path === null) continue;
    const name = nameOf(path);
    rows.set(name, [...(rows.get(name) ?? []), { file: list, table: 'repos', row: { repo, ref, path } }]);
  }
  return rows;
};

/** Every entry of a unit that stays though all of it was chosen, as the decoder names them. */
const allStay = (root: string, { unit }: Wanted, read: Reader, why: string): PartPlan['stays'] =>
  ['.', ...childrenOf(read, unitPath(root, unit)).map(({ name }) => name)].map((key) => ({
    unit: unit.name,
    key,
    why,
  }));

/**
 * A repository leaves with the rows that name it: one that names a folder which is gone stops pre-commit. An environment
 * in it goes alone, since the note that it is whole stands in it (pre_commit/repository.py). Where the list goes too, it goes first.
 */
export const preCommitParts: NonNullable<Tool['parts']> = (root, wanted, read) => {
  const isList = ({ unit }: Wanted): boolean => unit.name === list;
  const rows = wanted.some(isList) ? new Map<string, readonly PartRow[]>() : rowsByFolder(root, read);
  const found = wanted
    .toSorted((a, b) => Number(isList(b)) - Number(isList(a)))
    .map((it) => {
      const isWhole = it.keys === 'all' && !isList(it);
      if (isWhole && rows === null) return { moves: [], stays: allStay(root, it, read, unreadable), rows: [] };
      const plan = unitByPath(root, it, read, {
        stays: ({ kind }, key) => (key === '.' && kind === 'directory' ? inside : null),
      });
      return { ...plan, rows: isWhole ? (rows?.get(it.unit.name) ?? []) : [] };
    });
  return planOf(
    found.flatMap(({ moves }) => moves),
    { rows: found.flatMap((it) => it.rows), stays: found.flatMap(({ stays }) => stays) },
  );
};
