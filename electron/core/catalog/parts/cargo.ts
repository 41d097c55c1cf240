import type { Tool } from '../tool.ts';
import { unitByPath } from './by-path.ts';
import { counted, planOf, standingIn } from './plan.ts';

/** What cargo made out of a thing, below its home: `registry/src/…/a-1.0.0` out of `registry/cache/…/a-1.0.0.crate`. */
const madeOf = (path: string): string | null => {
  const crate = /^registry\/cache\/([^/]+\/[^/]+)\.crate$/.exec(path)?.[1];
  if (crate !== undefined) return `registry/src/${crate}`;
  const clone = /^git\/db\/([^/]+)$/.exec(path)?.[1];
  return clone === undefined ? null : `git/checkouts/${clone}`;
};

/**
 * A crate takes what was unpacked of it along, and a clone its checkouts: without the first cargo makes no use of the
 * second, and downloads anyway. What was made goes first. The rows of `.global-cache` stay: cargo drops those of things
 * that are gone (core/global_cache_tracker.rs).
 */
export const cargoParts: NonNullable<Tool['parts']> = (root, wanted, read) => {
  const stands = standingIn(root, read);
  const found = wanted.map((it) => unitByPath(root, it, read));
  const chosen = new Set(found.flatMap(({ moves }) => moves));
  const along = [...chosen].flatMap((path) => {
    const made = madeOf(path);
    if (made === null || chosen.has(made) || !stands(made)) return [];
    // All of `registry/src` goes anyway.
    return chosen.has(made.split('/').slice(0, 2).join('/')) ? [] : [made];
  });
  const crates = along.filter((path) => path.startsWith('registry/')).length;
  const clones = along.length - crates;
  return planOf([...along, ...chosen], {
    also: [
      ...(crates === 0
        ? []
        : [`${counted(crates, 'crate goes', 'crates go')} with what cargo unpacked of it in registry/src.`]),
      ...(clones === 0
        ? []
        : [`${counted(clones, 'repository goes', 'repositories go')} with all checkouts of it in git/checkouts.`]),
    ],
    stays: found.flatMap(({ stays }) => stays),
  });
};
