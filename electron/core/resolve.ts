import { isAbsolute, relative, sep } from 'node:path';
import type { Target } from '../../shared/api.ts';
import { type ApiError, CodedError } from '../../shared/errors.ts';
import type { CacheId } from '../../shared/ids.ts';
import { closedBecause, type KnownCache } from './caches.ts';
import { locate } from './fs/place.ts';
import type { ProtectedPlaces } from './fs/protected.ts';

export interface Resolved {
  readonly cache: CacheId;
  readonly targets: readonly Target[];
}

const refuse = (code: ApiError['code'], message: string, path?: string): never => {
  throw new CodedError({ code, message, ...(path !== undefined && { path }) });
};

const whole = ({ id }: KnownCache): Resolved => ({ cache: id, targets: [{ cache: id }] });

const isIn = (path: string, folder: string): boolean => {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
};

/**
 * What stands in or beside a cache and is never cleared says why; what stands inside of a unit says which.
 * @throws CodedError `precious`, `not-separable`
 */
const refuseKept = (path: string, caches: readonly KnownCache[]): void => {
  for (const cache of caches) {
    const unit = cache.units.find((it) => isIn(path, it.path));
    if (unit !== undefined) {
      const { name } = unit.definition;
      refuse(
        'not-separable',
        `${path} is inside of ${cache.name}'s ${name === '.' ? 'cache' : `unit ${name}`}, and its tool may be lost without it. Clear ${unit.path}, or single entries of it: 'show ${cache.tool.id}' lists them.`,
        path,
      );
    }
    if (closedBecause(cache) !== null) continue;
    const kept = cache.keeps().find((it) => isIn(path, it.path));
    if (kept !== undefined) {
      refuse('precious', `${path} is no part of ${cache.name}'s cache and is never cleared. ${kept.why}`, path);
    }
  }
};

const byPath = (text: string, caches: readonly KnownCache[], protectedPlaces: ProtectedPlaces): Resolved => {
  const { path, facts } = locate(text);
  for (const cache of caches) {
    const unit = cache.units.find((it) => it.path === path);
    if (unit) return { cache: cache.id, targets: [{ unit: unit.id }] };
  }
  const cache = caches.find(({ root }) => root === path);
  if (cache) return whole(cache);
  if (facts !== null) refuseKept(path, caches);
  if (facts === null)
    return refuse('unknown-cache', `${path} is not there, and no tool would make a cache of that name.`, path);
  const reason = protectedPlaces.reasonFor(path, facts) ?? protectedPlaces.holds(path);
  if (reason !== null) return refuse('protected-place', `${path} ${reason}. It is never cleared.`, path);
  if (facts.kind === 'link') {
    return refuse('symbolic-link', `${path} is a symbolic link. Name the folder that it leads to.`, path);
  }
  return refuse(
    'unknown-cache',
    `${path} is no cache or unit that Cache Inspector knows. 'list' shows those that it knows, 'add' makes a folder known.`,
    path,
  );
};

/** The tool's own cache goes before folders of the same tool that were added; two added ones must be told apart. */
const byTool = (tool: string, caches: readonly KnownCache[]): KnownCache | null => {
  const named = caches.filter((cache) => cache.tool.id === tool);
  const all = named.length > 0 ? named : caches.filter(({ name, tool: { nameAt } }) => nameAt && name === tool);
  const own = all.filter(({ added }) => !added);
  if (own.length === 1 || all.length < 2) return own[0] ?? all[0] ?? null;
  const places = all.map(({ id, root }) => `${id} (${root})`).join(', ');
  return refuse('ambiguous', `There are several caches of '${tool}': ${places}. Name one by its id or its path.`);
};

const byName = (text: string, caches: readonly KnownCache[]): Resolved => {
  const cut = text.indexOf('/');
  const cache = byTool(cut < 0 ? text : text.slice(0, cut), caches);
  if (cache === null) {
    const known = [...new Set(caches.map(({ tool }) => tool.id))].join(', ');
    return refuse('unknown-target', `'${text}' is no cache, unit or id. The caches are: ${known}.`);
  }
  if (cut < 0) return whole(cache);
  const name = text.slice(cut + 1).replace(/\/+$/, '');
  // `npm/_npx` means all of `npm/_npx/…`.
  const units = cache.units.filter(
    ({ definition }) => definition.name === name || definition.name.startsWith(`${name}/`),
  );
  if (units.length > 0) return { cache: cache.id, targets: units.map(({ id }) => ({ unit: id })) };
  if (cache.problem !== null) throw new CodedError(cache.problem);
  const known = cache.units.map(({ definition }) => definition.name).join(', ');
  return refuse(
    'unknown-target',
    `${cache.tool.name}'s cache has no unit '${name}'. Its units are: ${known || 'none'}.`,
  );
};

/**
 * What a person wrote (an id of `list`, `tool`, `tool/unit`, an absolute path) as ids.
 * @throws CodedError `unknown-target` or `ambiguous` for words; `unknown-cache`, `precious`, `not-separable`,
 * `protected-place`, `symbolic-link` or `unusable-path` for paths.
 */
export const resolveText = (
  text: string,
  caches: readonly KnownCache[],
  protectedPlaces: ProtectedPlaces,
): Resolved => {
  if (isAbsolute(text)) return byPath(text, caches, protectedPlaces);
  for (const cache of caches) {
    if (cache.id === text) return whole(cache);
    const unit = cache.units.find(({ id }) => id === text);
    if (unit) return { cache: cache.id, targets: [{ unit: unit.id }] };
  }
  return byName(text, caches);
};
