import type { Cache } from '../../../shared/model.ts';

/** The folder that a path stands in; the path itself where there is none above it. */
export const parentOf = (path: string): string => {
  const bare = path.replace(/(?<=.)[/\\]+$/, '');
  const cut = Math.max(bare.lastIndexOf('/'), bare.lastIndexOf('\\'));
  if (cut < 0) return path;
  // `/` and `C:\` keep what makes them whole.
  if (cut === 0 || bare[cut - 1] === ':') return bare.slice(0, cut + 1);
  return bare.slice(0, cut);
};

/** How many folders core looks through for leftovers: the roots of caches that can be looked into, and those of units. */
export const watchedPlaces = (caches: readonly Cache[]): number =>
  new Set(
    caches
      .filter(({ problem, units }) => problem === null || units.length > 0)
      .flatMap(({ root, units }) => [root, ...units.map(({ path }) => parentOf(path))]),
  ).size;
