import { createHash } from 'node:crypto';
import { type ApiError, CodedError } from '../../shared/errors.ts';
import { CacheId, UnitId } from '../../shared/ids.ts';
import type { Kept } from '../../shared/model.ts';
import { folder, tools } from './catalog/index.ts';
import { isProject, project, projectProblem } from './catalog/project.ts';
import { unitPath } from './catalog/shape.ts';
import type { Root, Surroundings, Tool, UnitDefinition } from './catalog/tool.ts';
import { systemError } from './fs/errno.ts';
import type { Facts } from './fs/identity.ts';
import { locate } from './fs/place.ts';
import type { ProtectedPlaces } from './fs/protected.ts';
import { reader, unreadableReason } from './fs/reader.ts';
import type { Folder } from './store/schema.ts';
import { type Surveys, surveyKey } from './surveyor.ts';

/** A cache as core knows it: the tool that explains it, and its canonical place. */
export interface KnownCache {
  readonly id: CacheId;
  readonly tool: Tool;
  /** The tool's, or that of this place. */
  readonly name: string;
  readonly root: string;
  readonly facts: Facts | null;
  readonly because: string;
  /** At the tool's own default place. Anywhere else, what is in it must not contradict that it is a cache. */
  readonly isDefault: boolean;
  readonly added: boolean;
  /** Why nothing of it may be cleared. With units all the same, it may be looked into. */
  readonly problem: ApiError | null;
  readonly units: readonly KnownUnit[];
  /** What stands in or beside it and is never cleared. Looked for when it is asked. */
  readonly keeps: () => readonly Kept[];
}

export interface KnownUnit {
  readonly id: UnitId;
  readonly cache: CacheId;
  readonly definition: UnitDefinition;
  readonly path: string;
}

const hash = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 12);

/** The id of a unit by its name, also of one that is not listed any more because it is gone. */
export const unitIdOf = (cache: CacheId, name: string): UnitId => UnitId.parse(`u_${hash(cache, name)}`);

const asProblem = (thrown: unknown, path: string): ApiError => {
  if (thrown instanceof CodedError) return { code: thrown.code, message: thrown.message, path };
  const error = systemError(thrown);
  if (error) return { code: 'io', message: `${path} cannot be looked at: ${error.message} (${error.code}).`, path };
  throw thrown;
};

/** Why a cache's root cannot be used; null when it can, or is not there. */
const rootProblem = (path: string, facts: Facts | null, protectedPlaces: ProtectedPlaces): ApiError | null => {
  if (facts === null) return null;
  if (facts.kind === 'link') {
    return {
      code: 'symbolic-link',
      path,
      message: `${path} is a symbolic link. Renaming it would move the link and free nothing: add the folder that it leads to, and clear that.`,
    };
  }
  if (facts.kind !== 'directory') {
    return { code: 'not-a-directory', path, message: `${path} is not a folder.` };
  }
  const closed = unreadableReason(path);
  if (closed !== null) return { code: 'io', path, message: `${path} cannot be looked into: ${closed}.` };
  const reason = protectedPlaces.reasonFor(path, facts);
  return reason === null
    ? null
    : { code: 'protected-place', path, message: `${path} ${reason}, so nothing in it is treated as a cache.` };
};

/** Why nothing of a cache may be cleared though all of it may be seen: the person protected where it stands. */
const chosenProblem = (path: string, facts: Facts | null, { folders }: ProtectedPlaces): ApiError | null => {
  const message = facts === null ? null : folders.around(path);
  return message === null ? null : { code: 'protected-place', path, message };
};

const known = (
  tool: Tool,
  root: Root,
  added: boolean,
  protectedPlaces: ProtectedPlaces,
  surveys: Surveys,
): KnownCache => {
  let path = root.path;
  let facts: Facts | null = null;
  let problem: ApiError | null = root.problem ?? null;
  if (problem === null) {
    try {
      ({ path, facts } = locate(root.path));
      problem = rootProblem(path, facts, protectedPlaces);
    } catch (thrown) {
      problem = asProblem(thrown, path);
    }
  }
  const id = CacheId.parse(`c_${hash(tool.id, path)}`);
  const surveyed = surveys.get(surveyKey(tool.id, path));
  const units = problem === null ? (surveyed?.units ?? tool.units(path, reader)) : [];
  if (isProject(tool)) problem ??= projectProblem(path);
  problem ??= chosenProblem(path, facts, protectedPlaces);
  return {
    id,
    tool,
    name: tool.nameAt?.(path) ?? tool.name,
    root: path,
    facts,
    because: root.because,
    isDefault: root.isDefault && !added,
    added,
    problem,
    keeps: () => surveyed?.keeps ?? tool.keeps(path, reader),
    units: units.map((definition) => ({
      id: unitIdOf(id, definition.name),
      cache: id,
      definition,
      path: unitPath(path, definition),
    })),
  };
};

/** Why a cache cannot even be looked into; null when it can, though perhaps not be cleared. */
export const closedBecause = ({ problem, units }: KnownCache): ApiError | null => (units.length > 0 ? null : problem);

/** The tool of that id, or the one that stands for any folder a person added. */
export const toolById = (id: string): Tool => [...tools, project].find((tool) => tool.id === id) ?? folder;

/**
 * Every cache of this machine, as it is now: each tool's own by the tool's own precedence, then the folders that a
 * person added. A place that two of them name is listed once. `surveys`: what a thread has found out already.
 */
export const knownCaches = (
  surroundings: Surroundings,
  folders: readonly Folder[],
  protectedPlaces: ProtectedPlaces,
  surveys: Surveys = new Map(),
): readonly KnownCache[] => {
  const caches = [
    ...tools.flatMap((tool) =>
      (tool.places?.(surroundings, reader) ?? [tool.root(surroundings)]).map((root) =>
        known(tool, root, false, protectedPlaces, surveys),
      ),
    ),
    ...folders.map(({ path, tool, because }) =>
      known(toolById(tool), { path, because, isDefault: false }, true, protectedPlaces, surveys),
    ),
  ];
  const seen = new Set<string>();
  return caches.filter(({ id }) => !seen.has(id) && seen.add(id));
};
