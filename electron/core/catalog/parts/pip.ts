import { join } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import { childrenOf } from '../decode/walk.ts';
import { unitPath } from '../shape.ts';
import type { PartPlan, Tool, Wanted } from '../tool.ts';
import { unitByPath } from './by-path.ts';
import { inUnit, planOf, standingIn } from './plan.ts';

const response = /\/[0-9a-f]{56}$/;

/** A response goes before its body: pip makes nothing of a body alone (pip/_internal/network/cache.py). */
const withBody = (key: string): readonly string[] => (response.test(`/${key}`) ? [key, `${key}.body`] : [key]);

/** Folders of wheels that hold nothing else than what was chosen and the note of where it is from: they go whole. */
const emptied = (root: string, { unit }: Wanted, keys: ReadonlySet<string>, read: Reader): readonly string[] => {
  const stands = standingIn(root, read);
  const folders = new Set(
    [...keys].filter((key) => key.includes('/')).map((key) => key.slice(0, key.lastIndexOf('/'))),
  );
  return [...folders]
    .filter(
      (folder) => /^[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]+$/.test(folder) && stands(inUnit(unit, folder)),
    )
    .filter((folder) =>
      childrenOf(read, join(unitPath(root, unit), ...folder.split('/'))).every(
        ({ name }) => name === 'origin.json' || keys.has(`${folder}/${name}`),
      ),
    )
    .map((folder) => inUnit(unit, folder));
};

/** What pip caches, its own or in the folder of pip-tools and Pipenv: responses with their bodies, wheels with their notes. */
export const pipParts: NonNullable<Tool['parts']> = (root, wanted, read) => {
  const found = wanted.map((it): Pick<PartPlan, 'moves' | 'stays'> => {
    const plan = unitByPath(root, it, read, { paths: (key, { name }) => (/^http/.test(name) ? withBody(key) : [key]) });
    if (it.unit.name !== 'wheels' || it.keys === 'all') return plan;
    return { moves: [...emptied(root, it, it.keys, read), ...plan.moves], stays: plan.stays };
  });
  return planOf(
    found.flatMap(({ moves }) => moves),
    { stays: found.flatMap(({ stays }) => stays) },
  );
};
