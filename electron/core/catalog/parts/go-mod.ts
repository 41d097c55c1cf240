import { join } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import type { PartPlan, Tool, Wanted } from '../tool.ts';
import { unitByPath } from './by-path.ts';
import { counted, planOf } from './plan.ts';

const download = 'cache/download';

const needed = 'the module is unpacked, and go needs these notes of it for as long.';

/** `github.com/pkg/errors/@v/v0.9.1`; null for what belongs to no version. */
const moduleOf = (key: string): { readonly folder: string; readonly version: string } | null => {
  const found = /^(.+)\/@v\/(v[^/]+)$/.exec(key);
  return found?.[1] === undefined || found[2] === undefined ? null : { folder: found[1], version: found[2] };
};

/** What go reads first comes first; a zip whose hash is gone is hashed again (modfetch/fetch.go, checkMod). */
const files = ['.info', '.mod', '.ziphash', '.zip', '.partial', '.lock'];

const isUnpacked = (root: string, key: string, read: Reader): boolean => {
  const its = moduleOf(key);
  return its !== null && read.facts(join(root, ...`${its.folder}@${its.version}`.split('/')))?.kind === 'directory';
};

/** Says of a downloaded version whether what is unpacked of it is wanted too, by itself or with all of its host. */
const unpackedIn = (wanted: readonly Wanted[]): ((key: string) => boolean) => {
  const hosts = new Set(wanted.filter(({ keys }) => keys === 'all').map(({ unit }) => unit.name));
  const single = new Set(
    wanted.flatMap(({ unit, keys }) => (keys === 'all' ? [] : [...keys].map((key) => `${unit.name}/${key}`))),
  );
  return (key) => {
    const its = moduleOf(key);
    return its !== null && (hosts.has(key.split('/')[0] ?? '') || single.has(`${its.folder}@${its.version}`));
  };
};

/**
 * Versions, unpacked or downloaded, and clones. An unpacked one comes again out of its zip. Of a version that stays unpacked only the zip goes: without its `.ziphash` go takes the unpacked
 * folder for one that was cut off and downloads again (modfetch/cache.go, DownloadDir).
 */
export const goModParts: NonNullable<Tool['parts']> = (root, wanted, read) => {
  const gone = unpackedIn(wanted);
  let zips = 0;
  const found = wanted.map((it: Wanted): Pick<PartPlan, 'moves' | 'stays'> => {
    const kept = (key: string): boolean => !gone(key) && isUnpacked(root, key, read);
    return unitByPath(root, it, read, {
      stays: ({ name }, key) => {
        if (name !== download) return null;
        const zip = join(root, ...download.split('/'), ...`${key}.zip`.split('/'));
        return kept(key) && read.facts(zip) === null ? needed : null;
      },
      paths: (key, { name }) => {
        if (name === 'cache/vcs') return [`${key}.info`, key];
        if (name !== download || moduleOf(key) === null) return [key];
        if (!kept(key)) return files.map((ending) => key + ending);
        zips += 1;
        return [`${key}.zip`];
      },
    });
  });
  return planOf(
    found.flatMap(({ moves }) => moves),
    {
      also:
        zips === 0
          ? []
          : [
              `Of ${counted(zips, 'version', 'versions').toLowerCase()} only the zip goes: what go noted of an unpacked module has to stay with it.`,
            ],
      stays: found.flatMap(({ stays }) => stays),
    },
  );
};
