import { join } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import { shown } from '../decode/entry.ts';
import { readHubRepo } from '../decode/huggingface-repo.ts';
import { unitPath } from '../shape.ts';
import type { PartPlan, Tool, Wanted } from '../tool.ts';
import { allOf, belowRoot, inUnit, planOf, standingIn } from './plan.ts';

const notesStay = 'it says what branches and tags mean, so it goes with the whole repository.';
const stillShared = 'revisions that were not chosen use these files too.';
const lastOnes = (folder: string): string =>
  `All revisions of ${shown(folder.replace(/^[a-z]+--/, '').replaceAll('--', '/'))} go, so what else is kept of it goes along.`;
const usedByNow = 'a revision uses it by now.';

/**
 * Revisions of one repository as huggingface_hub deletes them (utils/_cache_manager.py, delete_revisions): the branches and tags
 * that mean them, their links, and then the files that no other revision uses.
 */
const repoParts = (root: string, { unit, keys }: Wanted, read: Reader): Omit<PartPlan, 'rows'> => {
  if (keys === 'all' || keys.has('.')) return { moves: allOf(root, unit, read), also: [], stays: [] };
  const stands = standingIn(root, read);
  const repo = readHubRepo(unitPath(root, unit), read);
  const going = repo.revisions.filter(({ commit }) => keys.has(`snapshots/${commit}`));
  if (going.length > 0 && going.length === repo.revisions.length)
    return { moves: allOf(root, unit, read), also: [lastOnes(unit.name)], stays: [] };
  const staying = repo.revisions.filter((revision) => !going.includes(revision));
  const needed = new Set(staying.flatMap(({ blobs }) => blobs));
  const stays: PartPlan['stays'][number][] = [];
  const stay = (key: string, why: string): unknown => stays.push({ unit: unit.name, key, why });
  const refs = going.flatMap(({ commit }) => repo.refs.get(commit) ?? []).map((name) => inUnit(unit, `refs/${name}`));
  const blobs = going.flatMap((revision) => revision.blobs.filter((path) => !needed.has(path)));
  const shared = [...repo.users].filter(([, users]) => users > 1).map(([path]) => path);
  if (keys.has('notes')) stay('notes', notesStay);
  if (keys.has('blobs') && shared.some((path) => needed.has(path))) stay('blobs', stillShared);
  const unused: string[] = [];
  for (const key of keys) {
    if (!key.startsWith('blobs/')) continue;
    if (needed.has(join(unitPath(root, unit), ...key.split('/')))) stay(key, usedByNow);
    else unused.push(inUnit(unit, key));
  }
  return {
    moves: [
      ...refs,
      ...going.map(({ path }) => belowRoot(root, path)),
      ...blobs.map((path) => belowRoot(root, path)),
      ...unused,
    ].filter(stands),
    also: [],
    stays,
  };
};

/** Revisions, and files of no revision. With its last revision all of a repository goes. */
export const huggingfaceParts: NonNullable<Tool['parts']> = (root, wanted, read) => {
  const found = wanted.map((it) => repoParts(root, it, read));
  return planOf(
    found.flatMap(({ moves }) => moves),
    { also: found.flatMap(({ also }) => also), stays: found.flatMap(({ stays }) => stays) },
  );
};
